/** `quirelm/models`: the registry of architectures. */
import "../util/copies.js";
export { registerModel, supportedArchitectures } from "./registry.js";
export type { ModelSource } from "./registry.js";
