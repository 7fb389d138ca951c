export { n as openPromptSource } from "./prompt-source-BbDYDC0C.js";
