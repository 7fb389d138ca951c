/** What a layer keeps of a request between steps: how it is declared while constructing, and reached in forward. */
import { programOf } from "../ops/program.js";
import type { AttentionMetadata, KVCache, KVCacheShape, LayerState } from "../ops/step.js";
import type { Shape } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";
import { LifetimeError, ShapeError } from "../util/errors.js";
import type { Prefix } from "./prefix.js";

/** One attention layer's needs, by this rank: something of every token that later rows may see. */
export interface KVLayerSpec {
  readonly kind: "full" | "slidingWindow";
  /** What a token takes. */
  readonly shape: KVCacheShape;
  /** A row sees itself and slidingWindow - 1 rows before it. 0 for kind "full": sees all. */
  readonly slidingWindow: number;
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
 * @param slidingWindow a row sees itself and slidingWindow - 1 rows before it; 0: all
 * @throws ShapeError if slidingWindow is no whole number from 0
 */
export function declareKVCache<C>(prefix: Prefix<C>, shape: KVCacheShape, slidingWindow = 0): void {
  if (!Number.isSafeInteger(slidingWindow) || slidingWindow < 0)
    throw new ShapeError(`${prefix.name}: slidingWindow must be a whole number from 0 (0: none), got ${slidingWindow}`);
  const kind = slidingWindow > 0 ? "slidingWindow" : "full";
  prefix.context.layerCaches.set(prefix.name, { kind, shape, slidingWindow });
}

/**
 * Tells the worker to keep states of these shapes for every request; several layers' states are found by their prefix.
 * @throws ShapeError if a shape is no list of positive whole numbers, or there is none
 */
export function declareState<C>(prefix: Prefix<C>, states: StateLayerSpec["states"]): void {
  const isShape = (shape: Shape): boolean => shape.length > 0 && shape.every((n) => Number.isSafeInteger(n) && n > 0);
  if (Object.keys(states).length === 0 || !Object.values(states).every(isShape))
    throw new ShapeError(
      `${prefix.name}: states must be shapes of positive whole numbers by name, got ${JSON.stringify(states)}`,
    );
  prefix.context.layerCaches.set(prefix.name, { kind: "state", states });
}

/**
 * The layer's cache, and which rows and blocks are whose in the step that is being recorded.
 * @param x any tensor of the step
 * @throws LifetimeError outside a model's forward
 */
export function kvCacheOf<C>(prefix: Prefix<C>, x: Tensor): { cache: KVCache; metadata: AttentionMetadata } {
  const step = programOf(prefix.name, x).step;
  const cache = step?.kvCaches.get(prefix.name);
  const metadata = step?.attentionMetadata.get(prefix.name);
  if (!cache || !metadata) throw outside(prefix, "KV cache");
  return { cache, metadata };
}

/**
 * The layer's states, and which rows and slots are whose in the step that is being recorded.
 * @param x any tensor of the step
 * @throws LifetimeError outside a model's forward
 */
export function stateOf<C>(prefix: Prefix<C>, x: Tensor): LayerState {
  const state = programOf(prefix.name, x).step?.states.get(prefix.name);
  if (!state) throw outside(prefix, "state");
  return state;
}

function outside<C>(prefix: Prefix<C>, what: string): LifetimeError {
  return new LifetimeError(
    `${prefix.name}: this step has no ${what} for it; it runs inside the forward of the model that it was made for`,
  );
}
