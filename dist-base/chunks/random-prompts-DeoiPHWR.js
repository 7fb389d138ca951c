export { t as poolOfSize } from "./random-prompts-DB1w5q9P.js";
