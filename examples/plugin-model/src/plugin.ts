/** The plugin: Quire finds it by the field "quirelm" of package.json, and calls it once in every process. */
import type { PluginApi } from "quirelm";

export default function (quire: PluginApi): void {
  quire.registerModel("PersimmonForCausalLM", () => import("./persimmon.js"));
}
