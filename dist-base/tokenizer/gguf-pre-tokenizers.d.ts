/**
 * The table of `tokenizer.ggml.pre`: how byte-level tokenizers in GGUF files cut text into words.
 * The patterns are those of the models' published tokenizer.json files, under the names that llama.cpp gave them.
 */
import type { StepJson } from "./tokenizer-json.js";
export interface GgufPreTokenizer {
    normalizer: StepJson | null;
    preTokenizer: StepJson;
    /** A word that is in the vocabulary as a whole is taken without merging. */
    ignoreMerges: boolean;
    /** BOS is put first where the file has no `tokenizer.ggml.add_bos_token`. */
    addBos: boolean;
}
/** Names that are known. */
export declare function ggufPreTokenizerNames(): string[];
/** The rules of a name, or undefined if it is not known. */
export declare function ggufPreTokenizer(name: string): GgufPreTokenizer | undefined;
