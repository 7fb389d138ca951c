export { t as findTokenizerFiles, n as loadTokenizer } from "./load-tokenizer-D74PQ0gy.js";
