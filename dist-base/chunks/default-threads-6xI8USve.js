export { r as tooManyThreads } from "./default-threads-CAuXyvgt.js";
