/** Which token ids a benchmark may give to a loaded model. */
import type { LLM } from "../../engine/llm.js";
import { poolOfSize, poolOfTokenizer } from "./random-prompts.js";
import type { TokenIdPool } from "./random-prompts.js";

/** Plain ids of the tokenizer; without one the ids of the vocabulary that rarely are special, none that ends a request. */
export async function engineTokenPool(llm: LLM): Promise<TokenIdPool> {
  const { vocabSize, eosTokenIds } = await llm.ready();
  if (llm.tokenizer !== undefined) return poolOfTokenizer(llm.tokenizer, vocabSize);
  return poolOfSize(vocabSize, eosTokenIds);
}
