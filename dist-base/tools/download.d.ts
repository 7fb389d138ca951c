/** `quire download`: a model id into the Hugging Face cache. */
export { downloadModel } from "../checkpoint/hub-download.js";
export { parseModelId } from "../checkpoint/hub-plan.js";
