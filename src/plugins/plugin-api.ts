/** What a plugin is handed: the ways to add things to Quire without touching it. */
import type { ModelSource } from "../models/registry.js";
import { registerModel } from "../models/registry.js";
import type { FoundPlugin } from "./find-plugins.js";

export interface PluginApi {
  /**
   * Adds an architecture, or replaces one (which is logged).
   *
   * @param architecture as in config.json: "MyModelForCausalLM"
   * @param source a class, or `() => import("./my-model.js")`, whose module exports it under that name
   */
  registerModel(architecture: string, source: ModelSource): void;
}

/** The default export of a plugin's module. May be called once in every process. */
export type Plugin = (quire: PluginApi) => void | Promise<void>;

/**
 * @param plugin  whose API it is
 * @param log     told when something is replaced
 * @param brought told each thing that the plugin adds, in words
 */
export function createPluginApi(
  plugin: FoundPlugin,
  log: (line: string) => void,
  brought: (what: string) => void,
): PluginApi {
  return {
    registerModel(architecture, source) {
      const replaced = registerModel(architecture, source, plugin.name);
      if (replaced !== undefined)
        log(`plugin ${plugin.name}: architecture ${architecture} replaces that of ${replaced}`);
      brought(architecture);
    },
  };
}
