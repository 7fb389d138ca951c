/** A plugin that brings one architecture. */
import type { PluginApi } from "../../src/index.js";

export default function (quire: PluginApi): void {
  quire.registerModel("PluginDemoForCausalLM", () => import("./plugin-model.js"));
}
