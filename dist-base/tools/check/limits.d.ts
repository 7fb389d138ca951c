/** How much of a model is affordable: a large one is cut to its first layers, and said so. */
import type { EngineConfig } from "../../config/engine-config.js";
import type { RawConfig } from "../../config/raw-config.js";
import type { ConstructedModel } from "../../worker/load-model.js";
/** A model cut to its first layers. */
export interface Cut {
    /** The options with what the config must say. */
    readonly config: EngineConfig;
    /** Tensors of the layers that are left out. */
    readonly ignored: readonly RegExp[];
    readonly layers: number;
    readonly of: number;
}
/** How many layers to keep: as many as asked for, else those that a large model can afford; undefined: all. */
export declare function affordableLayers({ parameters, raw }: ConstructedModel, asked: number | undefined): number | undefined;
/** The config for the first layers; lists with one entry a layer are cut too. */
export declare function cutModel(config: EngineConfig, { raw, nestedIn }: ConstructedModel, layers: number): Cut;
export declare function layersOf(raw: RawConfig): number | undefined;
