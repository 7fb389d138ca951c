export { n as openAsyncLLM } from "./async-llm-hR7vVjsy.js";
