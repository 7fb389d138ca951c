import type { AddedToken } from "./tokenizer-json.js";
export interface TokenizerConfig {
    /** `bos_token` and the like by name, where they are set. */
    specialTokens: Readonly<Record<string, string>>;
    bosToken?: string | undefined;
    eosToken?: string | undefined;
    /** undefined where the file is silent. */
    addBosToken?: boolean | undefined;
    addEosToken?: boolean | undefined;
    addPrefixSpace?: boolean | undefined;
    /** SentencePiece conversions: whether a space is put before each stretch of text, or before the first alone. */
    legacy?: boolean | undefined;
    chatTemplate?: string | Record<string, string> | undefined;
    /** Tokens of `added_tokens_decoder` and added_tokens.json. */
    addedTokens: AddedToken[];
}
/** A file's text, or undefined if there is none. */
export declare function readIfPresent(path: string): Promise<string | undefined>;
/** Parses JSON; @throws CheckpointError with the file's name. */
export declare function parseJson(text: string, path: string): unknown;
/** A chat template as tokenizer_config.json writes it: text, or a list of {name, template}. */
export declare function readChatTemplate(value: unknown): string | Record<string, string> | undefined;
/**
 * Reads the files beside a tokenizer; each may be missing.
 * @throws CheckpointError if one is damaged
 */
export declare function readTokenizerConfig(folder: string): Promise<TokenizerConfig>;
