export { t as KNOWN_ELSEWHERE } from "./known-flags-ByoWfAUM.js";
