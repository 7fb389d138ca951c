import type { Detokenizer, DetokenizerOptions } from "./detokenizer.js";
import type { EngineOptions } from "./encode-engine.js";
import type { TokenizerJson } from "./tokenizer-json.js";
import type { TokenizerConfig } from "./tokenizer-config.js";
export interface EncodeOptions {
    /** Put BOS, EOS and the like around the text as the tokenizer says; default true. */
    addSpecialTokens?: boolean;
}
export interface DecodeOptions {
    /** Leave special tokens out of the text; default true. */
    skipSpecialTokens?: boolean;
}
export interface Tokenizer {
    /** Highest id + 1, added tokens included. */
    readonly vocabSize: number;
    readonly bosTokenId: number | undefined;
    readonly eosTokenId: number | undefined;
    readonly padTokenId: number | undefined;
    /** Special tokens by their name in tokenizer_config.json: `bos_token`, `eos_token`, ...; for chat templates. */
    readonly specialTokens: Readonly<Record<string, string>>;
    /** One Jinja template, or several by name; undefined for a model without. */
    readonly chatTemplate: string | Readonly<Record<string, string>> | undefined;
    /** Which engine encodes. */
    readonly engine: "native" | "javascript";
    /** Ids of the text. The native engine works off the event loop. */
    encode(text: string, options?: EncodeOptions): Promise<number[]>;
    /** The same at once; present only where the engine can. */
    readonly encodeSync?: (text: string, options?: EncodeOptions) => number[];
    /** Text of the ids, equal to Hugging Face tokenizers' `decode`; ids outside the vocabulary are left out. */
    decode(ids: readonly number[], options?: DecodeOptions): string;
    /** Id of a vocabulary entry as stored. */
    tokenToId(token: string): number | undefined;
    /** The vocabulary entry as stored, say `"ĠHello"`. */
    idToToken(id: number): string | undefined;
    /** Whether `skipSpecialTokens` leaves the id out. */
    isSpecial(id: number): boolean;
    /** The bytes that the token adds to a text; undefined for an id outside the vocabulary. */
    tokenBytes(id: number): Uint8Array | undefined;
    /** A stream of text for one request whose prompt is `promptIds`. */
    createDetokenizer(promptIds: readonly number[], options?: DetokenizerOptions): Detokenizer;
}
/**
 * A tokenizer from a tokenizer.json object.
 * @param source  the text that `json` was parsed from, where there is one (saves writing it again)
 * @param where   file name for errors
 * @throws CheckpointError if the parts do not make a tokenizer
 */
export declare function createTokenizer(json: TokenizerJson, config: TokenizerConfig, where: string, options?: EngineOptions & {
    source?: string | undefined;
}): Promise<Tokenizer>;
/**
 * A tokenizer whose vocabulary stays with the native engine: quick to make.
 *
 * @param json       a tokenizer.json object with an empty vocabulary
 * @param highestId  of the model's vocabulary
 * @param source     the whole tokenizer.json
 * @throws CheckpointError if the parts do not make a tokenizer; Error if the native engine does not load here
 */
export declare function createNativeTokenizer(json: TokenizerJson, highestId: number, config: TokenizerConfig, where: string, source: string): Promise<Tokenizer>;
