export { t as startEarly } from "./early-engine-Bu9M7ypn.js";
