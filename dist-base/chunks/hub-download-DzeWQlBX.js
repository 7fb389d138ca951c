export { n as resolveModel } from "./hub-download-D-oYIG1_.js";
