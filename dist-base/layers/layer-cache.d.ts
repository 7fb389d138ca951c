import type { AttentionMetadata, KVCache, KVCacheShape, LayerState } from "../ops/step.js";
import type { Shape } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";
import type { Prefix } from "./prefix.js";
/** One attention layer's needs, by this rank: something of every token that later rows may see. */
export interface KVLayerSpec {
    readonly kind: "full" | "slidingWindow" | "chunked";
    /** What a token takes. */
    readonly shape: KVCacheShape;
    /** A row sees itself and slidingWindow - 1 rows before it. 0 for other kinds. */
    readonly slidingWindow: number;
    /** A row sees itself and what lies before it in its own chunk of so many rows. 0 for other kinds. */
    readonly attentionChunkSize: number;
}
/** What rows see; nothing: all before them. With both, a row sees what both let it see. */
export interface Sight {
    readonly slidingWindow?: number | undefined;
    readonly attentionChunkSize?: number | undefined;
}
/** A layer with one state a request, whatever its length. */
export interface StateLayerSpec {
    readonly kind: "state";
    /** Shapes of one request's states by name, f32: `{ conv: [3, 5120], ssm: [80, 64, 128] }`. */
    readonly states: Readonly<Record<string, Shape>>;
}
export type LayerCacheSpec = KVLayerSpec | StateLayerSpec;
/**
 * Tells the worker to give the layer a paged KV cache.
 * @param sight what its rows see of the tokens before them; what none sees any more is not kept. 0 and undefined: all
 * @throws ShapeError if a size is no whole number from 0
 */
export declare function declareKVCache<C>(prefix: Prefix<C>, shape: KVCacheShape, sight?: Sight): void;
/**
 * Tells the worker to keep states of these shapes for every request; several layers' states are found by their prefix.
 * @throws ShapeError if a shape is no list of positive whole numbers, or there is none
 */
export declare function declareState<C>(prefix: Prefix<C>, states: StateLayerSpec["states"]): void;
/**
 * The layer's cache, and which rows and blocks are whose in the step that is being recorded.
 * @param x any tensor of the step
 * @throws LifetimeError outside a model's forward
 */
export declare function kvCacheOf<C>(prefix: Prefix<C>, x: Tensor): {
    cache: KVCache;
    metadata: AttentionMetadata;
};
/**
 * The layer's states, and which rows and slots are whose in the step that is being recorded.
 * @param x any tensor of the step
 * @throws LifetimeError outside a model's forward
 */
export declare function stateOf<C>(prefix: Prefix<C>, x: Tensor): LayerState;
