/** What a layer keeps of a request between steps: how it is declared while constructing, and reached in forward. */
import { programOf } from "../ops/program.js";
import type { AttentionMetadata, KVCache, KVCacheShape, LayerState } from "../ops/step.js";
import type { Shape } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";
import { LifetimeError, ShapeError } from "../util/errors.js";
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
export function declareKVCache<C>(prefix: Prefix<C>, shape: KVCacheShape, sight: Sight = {}): void {
  const { slidingWindow = 0, attentionChunkSize = 0 } = sight;
  for (const [name, size] of Object.entries({ slidingWindow, attentionChunkSize }))
    if (!Number.isSafeInteger(size) || size < 0)
      throw new ShapeError(`${prefix.name}: ${name} must be a whole number from 0 (0: none), got ${size}`);
  const isWindow = slidingWindow > 0 && (attentionChunkSize === 0 || slidingWindow <= attentionChunkSize);
  const kind = isWindow ? "slidingWindow" : attentionChunkSize > 0 ? "chunked" : "full";
  const kept = { slidingWindow: isWindow ? slidingWindow : 0, attentionChunkSize: isWindow ? 0 : attentionChunkSize };
  prefix.context.layerCaches.set(prefix.name, { kind, shape, ...kept });
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
