import type { TokenPieces } from "./token-pieces.js";
/**
 * The text of one request, as its tokens arrive.
 *
 * The increments of `push` and the end of `flush` make up the text that prompt and output have together, less the
 * prompt's own. Bytes of an unfinished character are held back until it is complete. One case differs from `decode`:
 * in a run of byte-fallback tokens characters are sent as soon as they are complete, while `decode` replaces them
 * afterwards if the run turns out to be invalid further on. (A newline is such a token in Llama 2, and a stop string
 * must see it at once.)
 */
export interface Detokenizer {
    /** Takes the next ids; returns the text that is now certain. Ids outside the vocabulary add nothing. */
    push(ids: readonly number[]): string;
    /** Ends the text: what was held back, with U+FFFD for unfinished characters. Nothing may be pushed afterwards. */
    flush(): string;
}
export interface DetokenizerOptions {
    /** Leave special tokens out of the text; default true. */
    skipSpecialTokens?: boolean;
}
type Decode = (ids: readonly number[], options: {
    skipSpecialTokens: boolean;
}) => string;
/** The right kind of detokenizer for the tokenizer's decoder, primed with the prompt. */
export declare function createDetokenizer(pieces: TokenPieces, decode: Decode, promptIds: readonly number[], { skipSpecialTokens }: DetokenizerOptions): Detokenizer;
export {};
