/** Which token ids a benchmark may give to a loaded model. */
import type { LLM } from "../../engine/llm.js";
import type { TokenIdPool } from "./random-prompts.js";
/** Plain ids of the tokenizer; without one the ids of the vocabulary that rarely are special, none that ends a request. */
export declare function engineTokenPool(llm: LLM): Promise<TokenIdPool>;
