/** Modules whose result is made between two values of the reference: they say in which part of a longer way a mistake lies. */
import type { ModuleCall } from "../../../layers/model-context.js";
import type { OpRecord } from "../../../platform/platform.js";
import type { Tensor } from "../../../tensor/tensor.js";
import type { TracingPlatform } from "../../../worker/tracing-platform.js";
import type { Dump } from "./dump.js";
import type { Names } from "./names.js";
/** A module of the port and its counterpart's result. */
export interface InnerModule {
    /** Of the reference. */
    readonly module: string;
    readonly output: Tensor;
    readonly wanted: Float32Array;
    readonly distance: number;
}
export interface InnerModuleParts {
    readonly calls: readonly ModuleCall[];
    readonly names: Names;
    readonly dump: Dump;
    readonly tracing: TracingPlatform;
}
/** In the order in which they end: innermost first. */
export declare function innerModules(records: readonly OpRecord[], { calls, names, dump, tracing }: InnerModuleParts): InnerModule[];
/** Whether a module is a whole layer, or all layers: to name it would say nothing. */
export declare function isContainer(module: string): boolean;
