/** Log-probabilities as the worker gives them, with each token's text and bytes added. */
import type { TopLogprobs } from "../request/model-runner-output.js";
import type { Tokenizer } from "../tokenizer/tokenizer.js";
import type { PositionLogprobs } from "./request-output.js";
/** A token's own bytes, and what text they are by themselves. */
interface TokenText {
    readonly bytes: Uint8Array;
    /** The same bytes, for callers. */
    readonly list: readonly number[];
    readonly text: string;
}
/** Bytes and text of single tokens, worked out on first use and shared by all requests of an engine. */
export declare class TokenTexts {
    #private;
    constructor(tokenizer: Pick<Tokenizer, "tokenBytes">);
    /** Nothing but empty for an id that the tokenizer does not know. */
    of(id: number): TokenText;
}
/**
 * Walks along one sequence. A token that ends inside a character has the text that is complete, and the token that
 * completes the character gets it whole; bytes are always the token's own.
 */
export declare class LogprobDecoder {
    #private;
    /** @param texts undefined: only numbers are given */
    constructor(texts: TokenTexts | undefined);
    /** One position. Where the first token is among the likeliest, it stands first and has the rank it has there. */
    next(row: TopLogprobs): PositionLogprobs;
}
export {};
