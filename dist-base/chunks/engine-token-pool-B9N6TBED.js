import { n as poolOfTokenizer, t as poolOfSize } from "./random-prompts-DB1w5q9P.js";
// src/tools/bench/engine-token-pool.ts
/** Plain ids of the tokenizer; without one the ids of the vocabulary that rarely are special, none that ends a request. */
async function engineTokenPool(llm) {
	const { vocabSize, eosTokenIds } = await llm.ready();
	if (llm.tokenizer !== void 0) return poolOfTokenizer(llm.tokenizer, vocabSize);
	return poolOfSize(vocabSize, eosTokenIds);
}
export { engineTokenPool as t };
