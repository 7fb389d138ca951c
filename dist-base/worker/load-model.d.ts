import type { Checkpoint } from "../checkpoint/tensor-source.js";
import type { EngineConfig } from "../config/engine-config.js";
import type { RawConfig } from "../config/raw-config.js";
import type { CausalLM, CausalLMClass } from "../layers/causal-lm.js";
import type { LayerCacheSpec } from "../layers/layer-cache.js";
import type { LinearMethod } from "../layers/linear-method.js";
import type { ModuleWatch } from "../layers/model-context.js";
import { ParameterTable } from "../layers/parameter-table.js";
import type { ParallelConfig } from "../parallel/sharding.js";
import type { Platform } from "../platform/platform.js";
import type { WeightPlan } from "./weight-plan.js";
/** A model's tree, constructed, with its parameters declared; nothing is allocated or read yet. */
export interface ConstructedModel {
    readonly model: CausalLM;
    readonly modelClass: CausalLMClass;
    readonly architecture: string;
    /** The text model's config.json, overrides and all. */
    readonly raw: RawConfig;
    /** Where the text model's fields stand in config.json: "text_config"; undefined at the top. */
    readonly nestedIn: string | undefined;
    /** Lines for the log: what was chosen that config.json does not say plainly. */
    readonly remarks: readonly string[];
    readonly generationConfig: Record<string, unknown> | undefined;
    readonly parameters: ParameterTable;
    readonly layerCaches: ReadonlyMap<string, LayerCacheSpec>;
    readonly dtype: "f32" | "bf16";
    readonly maxModelLen: number;
    /** Undefined for dummy weights. */
    readonly checkpoint: Checkpoint | undefined;
    /** Tensors that are left out besides those that the model's class names. */
    readonly ignored: readonly RegExp[];
}
/** What `quire check` puts into the construction of a model. */
export interface ConstructionInstruments {
    /** Told of every module and every call. */
    readonly watch?: ModuleWatch;
    /** As which rank of how many; default: the only one that there is. */
    readonly parallel?: ParallelConfig;
    /** Tensors of the checkpoint that a model cut short does not use. */
    readonly ignored?: readonly RegExp[];
    /** Another method for some linear layers; gets what the options would choose. */
    readonly linearMethod?: (prefix: string, chosen: LinearMethod) => LinearMethod;
}
/**
 * Reads config.json and constructs the model. `config.model` is a path here.
 * @param note a sentence for the error about an unknown architecture: what may be missing
 * @throws CheckpointError, ConfigError or UnsupportedError with what does not fit
 */
export declare function constructModel(config: EngineConfig, instruments?: ConstructionInstruments, note?: string): Promise<ConstructedModel>;
/** Which tensor of the checkpoint fills which parameter. @throws CheckpointError listing all that does not fit */
export declare function planModel(constructed: ConstructedModel): WeightPlan | undefined;
/** Checks everything and gives the weights their memory. Returns its bytes. @throws CheckpointError, ResourceError */
export declare function placeModel(platform: Platform, constructed: ConstructedModel): PlacedModel;
/** A model whose parameters have addresses. */
export interface PlacedModel {
    /** Undefined for dummy weights. */
    readonly plan: WeightPlan | undefined;
    readonly weightBytes: number;
}
/** Fills the weights and closes the checkpoint. Work that the platform does by itself has begun when the promise is there. */
export declare function fillModel(platform: Platform, { checkpoint, parameters }: ConstructedModel, { plan, weightBytes }: PlacedModel, seed: number, progress: (done: number, total: number) => void): Promise<void>;
