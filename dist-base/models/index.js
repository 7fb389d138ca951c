import "../chunks/copies-BSAA4BuG.js";
export { a as registerModel, o as supportedArchitectures } from "../chunks/registry-BqWMdtUv.js";
