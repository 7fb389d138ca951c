/** Bad words as token ids, as vLLM reads them: each word alone and after a space. */
import type { Tokenizer } from "../tokenizer/tokenizer.js";
/**
 * The token sequences that make up the words. The form with a leading space counts only where the space went into the
 * word's own first token: same number of tokens, another first one.
 */
export declare function badWordsTokenIds(tokenizer: Pick<Tokenizer, "encode">, words: readonly string[]): Promise<number[][]>;
