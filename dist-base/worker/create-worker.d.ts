import type { EngineConfig } from "../config/engine-config.js";
import type { Platform } from "../platform/platform.js";
import type { ConstructedModel } from "./load-model.js";
import type { CreateWorker, WorkerHooks } from "./worker.js";
/**
 * Opens the platform, checks and loads the model, sizes and allocates the KV cache. `config.model` is a path.
 * @throws ConfigError, CheckpointError, UnsupportedError, ResourceError: what does not fit, and what to do
 */
export declare const createWorker: CreateWorker;
/** As planCaches, by bytes that no platform pads. For estimates without a platform. */
export declare function planPlainCaches(config: EngineConfig, constructed: ConstructedModel): {
    needs: import("./layer-caches.js").CacheNeeds;
    plan: import("./plan-kv-cache.js").KVCachePlan;
    use: {
        blockSize: number;
        maxStepTokens: number;
        groups: import("../request/kv-cache-group.js").KVCacheGroup[];
    };
};
/** How the layers share the KV cache's pages. @param log told what a model's operator should know of it */
export declare function planCaches(config: EngineConfig, constructed: ConstructedModel, blockBytes: Platform["kvCacheBlockBytes"], log: WorkerHooks["log"]): {
    needs: import("./layer-caches.js").CacheNeeds;
    plan: import("./plan-kv-cache.js").KVCachePlan;
    use: {
        blockSize: number;
        maxStepTokens: number;
        groups: import("../request/kv-cache-group.js").KVCacheGroup[];
    };
};
/** What config.json and generation_config.json say. */
export declare function describe(config: EngineConfig, { raw, architecture, dtype, generationConfig, parameters }: ConstructedModel): {
    modelType: string;
    architecture: string;
    vocabSize: number;
    eosTokenIds: number[];
    generationConfig: Record<string, unknown> | undefined;
    dtype: string;
    numParameters: number;
};
