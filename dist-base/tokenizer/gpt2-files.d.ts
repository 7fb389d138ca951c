import type { TokenizerJson } from "./tokenizer-json.js";
import type { TokenizerConfig } from "./tokenizer-config.js";
/** One merge, `"left right"`; `index` counts from 0. @throws CheckpointError if it is not two tokens */
export declare function parseMerge(line: string, index: number, where: string): [string, string];
/** The lines of merges.txt as pairs; a first line `#version: ...` is passed over. */
export declare function parseMerges(text: string, where: string): [string, string][];
/**
 * A byte-level BPE tokenizer.
 * @param vocab   parsed vocab.json: token to id
 * @param merges  pairs of tokens, the first joined first
 * @throws CheckpointError if the vocabulary is no object
 */
export declare function gpt2TokenizerJson(vocab: unknown, merges: [string, string][], config: Pick<TokenizerConfig, "specialTokens" | "addPrefixSpace">, where: string): TokenizerJson;
