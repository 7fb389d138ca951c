/** What a model is built with: handed down through prefixes, never reached for. */
import type { ParallelConfig } from "../parallel/sharding.js";
import type { Tensor } from "../tensor/tensor.js";
import type { LinearMethod } from "./linear-method.js";
import type { LayerCacheSpec } from "./layer-cache.js";
import type { ParameterTable } from "./parameter-table.js";
/** One call of a module's `forward` or `computeLogits` while a step is recorded. */
export interface ModuleCall {
    /** The module's full name; empty for the model itself. */
    readonly name: string;
    readonly method: string;
    /** The object: a module that hands its own prefix on has two of one name, and the outer call ends last. */
    readonly module: object;
    /** Tensors among the arguments (of the model itself: token ids and positions), and those that came back. */
    readonly inputs: readonly Tensor[];
    readonly outputs: readonly Tensor[];
}
/** Told what modules there are and what they are called with: `quire check`. Absent in ordinary runs, which it costs nothing. */
export interface ModuleWatch {
    constructed(name: string, module: object): void;
    /** After the call. */
    called(call: ModuleCall): void;
}
export interface ModelContext {
    readonly parameters: ParameterTable;
    readonly parallel: ParallelConfig;
    /** dtype of weights that are not quantized; activations between ops are f32. */
    readonly dtype: "f32" | "bf16";
    readonly maxModelLen: number;
    /** How the linear layer of this full name stores and multiplies its weight. */
    linearMethod(prefix: string): LinearMethod;
    /** Filled by attention and state layers while they are constructed, by prefix. */
    readonly layerCaches: Map<string, LayerCacheSpec>;
    /** Names that modules claimed, and an error made there: for the error about a duplicate. */
    readonly claimed: Map<string, Error>;
    readonly watch?: ModuleWatch | undefined;
}
