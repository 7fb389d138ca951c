/** The plugin: brings Apertus, and with it the op that its feed-forward blocks need. */
import type { PluginApi } from "quirelm";

export default function (quire: PluginApi): void {
  quire.registerModel("ApertusForCausalLM", () => import("./apertus.js"));
}
