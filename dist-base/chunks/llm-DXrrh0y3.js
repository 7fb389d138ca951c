export { t as LLM } from "./llm-BklGVwMx.js";
