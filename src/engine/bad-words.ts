/** Bad words as token ids, as vLLM reads them: each word alone and after a space. */
import type { Tokenizer } from "../tokenizer/tokenizer.js";

/**
 * The token sequences that make up the words. The form with a leading space counts only where the space went into the
 * word's own first token: same number of tokens, another first one.
 */
export async function badWordsTokenIds(
  tokenizer: Pick<Tokenizer, "encode">,
  words: readonly string[],
): Promise<number[][]> {
  const sequences: number[][] = [];
  for (const word of words) {
    const bare = word.trimStart();
    const alone = await tokenizer.encode(bare, { addSpecialTokens: false });
    const spaced = await tokenizer.encode(` ${bare}`, { addSpecialTokens: false });
    if (alone.length > 0) sequences.push(alone);
    if (spaced.length > 0 && spaced.length === alone.length && spaced[0] !== alone[0]) sequences.push(spaced);
  }
  return sequences;
}
