/** What a plugin is handed: the ways to add things to Quire without touching it. */
import type { ModelSource } from "../models/registry.js";
import { defineOp } from "../ops/define-op.js";
import type { LogitsProcessorDefinition } from "../request/logits-processor.js";
import type { FoundPlugin } from "./find-plugins.js";
export interface PluginApi {
    /** Of Quire: "0.1.0". */
    readonly version: string;
    /**
     * Adds an architecture, or replaces one (which is logged).
     *
     * @param architecture as in config.json: "MyModelForCausalLM"
     * @param source a class, or `() => import("./my-model.js")`, whose module exports it under that name
     */
    registerModel(architecture: string, source: ModelSource): void;
    /**
     * Adds a logits processor: `apply` gets the rows of a step as Float32Arrays before sampling. Requests name it in
     * `logitsProcessors`, or all are touched with `appliesTo: "all"`.
     */
    registerLogitsProcessor(name: string, definition: LogitsProcessorDefinition): void;
    /**
     * Makes an op that Quire lacks; see `defineOp` of "quirelm/ops", which model files import to define theirs. Here, a path in
     * `native` may be relative to the plugin's module.
     */
    readonly defineOp: typeof defineOp;
}
/** The default export of a plugin's module. May be called once in every process. */
export type Plugin = (quire: PluginApi) => void | Promise<void>;
/**
 * @param plugin  whose API it is
 * @param log     told when something is replaced
 * @param brought told each thing that the plugin adds, in words
 */
export declare function createPluginApi(plugin: FoundPlugin, log: (line: string) => void, brought: (what: string) => void): PluginApi;
