/** `quirelm/models`: the registry of architectures. */
export { registerModel, supportedArchitectures } from "./registry.js";
export type { ModelSource } from "./registry.js";
