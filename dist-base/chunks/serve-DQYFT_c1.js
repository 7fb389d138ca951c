export { t as define, n as greet, r as untilStopped } from "./serve-DK_qlNrQ.js";
