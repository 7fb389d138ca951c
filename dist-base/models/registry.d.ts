import type { CausalLMClass } from "../layers/causal-lm.js";
/** A class, a module that exports one under the architecture's name (or as default), or a function that imports it. */
export type ModelSource = CausalLMClass | (() => Promise<object>);
/** Names of all architectures, sorted. */
export declare function supportedArchitectures(): string[];
/**
 * Adds an architecture to this process, or replaces one; returns whose it replaced: "Quire", a plugin's name, "the program".
 *
 * @param architecture as in config.json: "MyModelForCausalLM"
 * @param source the class, or `() => import("./my-model.js")`, whose module exports it under that name or as default
 * @param by     name of the plugin that brings it
 * @throws ConfigError when source is neither
 */
export declare function registerModel(architecture: string, source: ModelSource, by?: string): string | undefined;
/**
 * For engines in another process: what the program itself registered is not there, as a class or function cannot be sent.
 * @param architecture the one that is needed
 * @throws ConfigError that says to name a module, when the program itself registered it
 */
export declare function checkCrossesProcesses(architecture: string): void;
/** The names of config.json, and where they are from, for people. */
export interface NamedArchitectures {
    readonly names: readonly string[];
    /** Set where config.json has no `architectures`: the model_type that the name was made of. */
    readonly modelType?: string;
}
/**
 * The architectures that config.json names; where it names none, the one whose name model_type is made of.
 * @param modelTypes model_type of the config and of what it nests, most specific first
 * @throws ConfigError when there is neither
 */
export declare function namedArchitectures(architectures: unknown, modelTypes: readonly unknown[]): NamedArchitectures;
/**
 * In an engine's process: what the program registered in its own is known here by name, and refused when it is needed, unless a
 * plugin registers it here too.
 */
export declare function registerElsewhere(architectures: readonly string[]): void;
/**
 * The class of the first architecture that is known.
 * @param note a sentence for the error about an unknown one
 * @throws ConfigError when config.json names none, or its module or class is not as it must be;
 *   UnsupportedError listing what is supported and the nearest name
 */
export declare function loadModelClass(architectures: unknown, note?: string): Promise<{
    architecture: string;
    modelClass: CausalLMClass;
}>;
/** True for what `class` made; a plain function is not. */
export declare function isClass(value: unknown): boolean;
