/** LayerCaches: what a model's layers keep of requests, as specs, as bytes, and as tensors in the platform's memory. */
import type { EngineConfig } from "../config/engine-config.js";
import type { LayerCacheSpec, StateLayerSpec } from "../layers/layer-cache.js";
import type { AttentionMetadata, KVCache, LayerState, StateMetadata, Step } from "../ops/step.js";
import type { KVCacheSpec } from "../platform/platform.js";
import type { KVCacheGroup } from "../request/kv-cache-group.js";
import { numElements, rowMajorStrides } from "../tensor/shape.js";
import { createStorage, Tensor } from "../tensor/tensor.js";
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
export function cacheNeeds(
  config: Pick<EngineConfig, "blockSize" | "kvCacheDtype">,
  { layerCaches, dtype }: Pick<ConstructedModel, "layerCaches" | "dtype">,
  blockBytes: BlockBytes,
): CacheNeeds {
  const cacheDtype = config.kvCacheDtype === "auto" ? dtype : config.kvCacheDtype === "float32" ? "f32" : "bf16";
  const specs = new Map<string, KVCacheSpec>();
  const states = new Map<string, StateLayerSpec["states"]>();
  for (const [name, spec] of layerCaches) {
    if (spec.kind === "state") states.set(name, spec.states);
    else specs.set(name, { ...spec.shape, blockSize: config.blockSize, dtype: cacheDtype });
  }
  // A state is as large as the keys and values of many tokens: where both share pages, blocks grow to its size.
  const stateSize = Math.max(0, ...Array.from(states.values(), stateBytes));
  const blockSize =
    config.blockSize * Math.max(1, Math.ceil(stateSize / Math.max(...[...specs.values()].map(blockBytes))));
  for (const [name, spec] of specs) specs.set(name, { ...spec, blockSize });
  const layers = Array.from(layerCaches, ([name, spec]): LayerNeed => {
    const bytes = spec.kind === "state" ? stateBytes(spec.states) : blockBytes(specs.get(name)!);
    return { name, group: groupOf(spec), bytes };
  });
  return { layers, specs, states, blockSize };
}

function groupOf(spec: LayerCacheSpec): KVCacheGroup {
  if (spec.kind === "slidingWindow") return { kind: spec.kind, slidingWindow: spec.slidingWindow };
  return spec.kind === "chunked" ? { kind: spec.kind, chunkSize: spec.attentionChunkSize } : { kind: spec.kind };
}

/** A state begins at a line of memory. */
const stateAlignment = 64;
const alignedBytes = (shape: readonly number[]): number =>
  Math.ceil((4 * numElements(shape)) / stateAlignment) * stateAlignment;

function stateBytes(states: StateLayerSpec["states"]): number {
  return Object.values(states).reduce((sum, shape) => sum + alignedBytes(shape), 0);
}

/** Where each layer's part of the pages lies, for good; a step adds whose rows and blocks are whose. */
export class LayerCaches {
  private readonly kvCaches = new Map<string, KVCache>();
  private readonly states = new Map<string, LayerState["tensors"]>();
  private readonly groupIds = new Map<string, number>();

  /** @param addressOf gives a region its memory */
  constructor(
    { specs, states }: CacheNeeds,
    { groups, regionBytes }: KVCachePlan,
    numBlocks: number,
    addressOf: (bytes: number, label: string) => number,
  ) {
    const addresses = regionBytes.map((bytes, i) => addressOf(numBlocks * bytes, `KV cache, region ${i}`));
    groups.forEach(({ layers }, groupId) =>
      layers.forEach(({ name }, region) => {
        const [address, bytes] = [addresses[region]!, regionBytes[region]!];
        const spec = specs.get(name);
        const label = `${name} ${spec ? "KV cache" : "state"}`;
        const storage = createStorage("external", numBlocks * bytes, label, address);
        this.groupIds.set(name, groupId);
        if (spec) {
          const tensor = new Tensor(storage, [numBlocks, bytes], "u8");
          this.kvCaches.set(name, { spec, numBlocks, address, tensor });
        } else this.states.set(name, stateTensors(states.get(name)!, numBlocks, storage, bytes));
      }),
    );
  }

  /** @param metadata by group */
  ofStep(
    metadata: readonly (AttentionMetadata | StateMetadata)[],
  ): Pick<Step, "kvCaches" | "attentionMetadata" | "states"> {
    const { kvCaches, groupIds } = this;
    const attentionMetadata = new Map<string, AttentionMetadata>();
    const states = new Map<string, LayerState>();
    for (const [name, groupId] of groupIds) {
      const tensors = this.states.get(name);
      if (tensors) states.set(name, { tensors, metadata: metadata[groupId] as StateMetadata });
      else attentionMetadata.set(name, metadata[groupId] as AttentionMetadata);
    }
    return { kvCaches, attentionMetadata, states };
  }
}

/** One after the other in each slot. */
function stateTensors(
  states: StateLayerSpec["states"],
  numSlots: number,
  storage: Tensor["storage"],
  slotBytes: number,
): LayerState["tensors"] {
  const tensors: Record<string, Tensor> = {};
  let offset = 0;
  for (const [name, shape] of Object.entries(states)) {
    const strides = [slotBytes / 4, ...rowMajorStrides(shape)];
    tensors[name] = new Tensor(storage, [numSlots, ...shape], "f32", undefined, strides, offset / 4);
    offset += alignedBytes(shape);
  }
  return tensors;
}
