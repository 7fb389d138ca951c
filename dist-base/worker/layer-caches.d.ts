/** LayerCaches: what a model's layers keep of requests, as specs, as bytes, and as tensors in the platform's memory. */
import type { EngineConfig } from "../config/engine-config.js";
import type { StateLayerSpec } from "../layers/layer-cache.js";
import type { AttentionMetadata, StateMetadata, Step } from "../ops/step.js";
import type { KVCacheSpec } from "../platform/platform.js";
import type { ConstructedModel } from "./load-model.js";
import type { KVCachePlan, LayerNeed } from "./plan-kv-cache.js";
type BlockBytes = (spec: KVCacheSpec) => number;
/** What the layers need, with the block size that suits them. */
export interface CacheNeeds {
    readonly layers: readonly LayerNeed[];
    /** By layer's name: of attention layers, and of state layers. */
    readonly specs: ReadonlyMap<string, KVCacheSpec>;
    readonly states: ReadonlyMap<string, StateLayerSpec["states"]>;
    /** Tokens of a block. */
    readonly blockSize: number;
}
/**
 * @param blockBytes of a platform
 * @throws UnsupportedError where the platform has no such cache
 */
export declare function cacheNeeds(config: Pick<EngineConfig, "blockSize" | "kvCacheDtype">, { layerCaches, dtype }: Pick<ConstructedModel, "layerCaches" | "dtype">, blockBytes: BlockBytes): CacheNeeds;
/** Where each layer's part of the pages lies, for good; a step adds whose rows and blocks are whose. */
export declare class LayerCaches {
    private readonly kvCaches;
    private readonly states;
    private readonly groupIds;
    /** @param addressOf gives a region its memory */
    constructor({ specs, states }: CacheNeeds, { groups, regionBytes }: KVCachePlan, numBlocks: number, addressOf: (bytes: number, label: string) => number);
    /** @param metadata by group */
    ofStep(metadata: readonly (AttentionMetadata | StateMetadata)[]): Pick<Step, "kvCaches" | "attentionMetadata" | "states">;
}
export {};
