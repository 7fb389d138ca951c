/** What a plugin is handed: the ways to add things to Quire without touching it. */
import type { ModelSource } from "../models/registry.js";
import { registerModel } from "../models/registry.js";

export interface PluginApi {
  /**
   * Adds an architecture, or replaces a built-in one (which is logged).
   *
   * @param architecture as in config.json: "MyModelForCausalLM"
   * @param source a class, or `() => import("./my-model.js")`, whose module exports it under that name
   */
  registerModel(architecture: string, source: ModelSource): void;
}

/** The default export of a plugin's module. May be called once in every process. */
export type Plugin = (quire: PluginApi) => void | Promise<void>;

export function createPluginApi(log: (line: string) => void): PluginApi {
  return {
    registerModel(architecture, source) {
      if (registerModel(architecture, source)) log(`plugin: architecture ${architecture} is replaced`);
    },
  };
}
