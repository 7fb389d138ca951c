export { t as downloadModel, r as parseModelId } from "./hub-download-D-oYIG1_.js";
