import { describe, expect, test } from "vitest";
import type { LayerCacheSpec } from "../layers/layer-cache.js";
import type { SequenceMetadata } from "../ops/step.js";
import { plainBlockBytes } from "../platform/reference/block-bytes.js";
import { cacheNeeds, LayerCaches } from "./layer-caches.js";
import { planKVCache } from "./plan-kv-cache.js";

const attention = (slidingWindow = 0, headDim = 8): LayerCacheSpec => ({
  kind: slidingWindow > 0 ? "slidingWindow" : "full",
  shape: { numKvHeads: 2, headDim },
  slidingWindow,
  attentionChunkSize: 0,
});
const state: LayerCacheSpec = { kind: "state", states: { conv: [3, 5], ssm: [4, 16, 8] } };

function plan(layers: Record<string, LayerCacheSpec>, kvCacheDtype: "auto" | "float32" | "bfloat16" = "auto") {
  const config = { blockSize: 16, kvCacheDtype };
  const needs = cacheNeeds(config, { layerCaches: new Map(Object.entries(layers)), dtype: "f32" }, plainBlockBytes);
  const planned = planKVCache(needs.layers, { blockSize: needs.blockSize, maxStepTokens: 32 }, 4096);
  let next = 4096;
  const regions: number[] = [];
  const caches = new LayerCaches(needs, planned, 10, (bytes) => {
    regions.push(bytes);
    next += bytes;
    return next - bytes;
  });
  const metadata = planned.groups.map((_, i) => ({ group: i }) as unknown as SequenceMetadata);
  return { needs, planned, regions, step: caches.ofStep(metadata as never) };
}

describe("caches of layers", () => {
  test("lie in regions that groups share, each with its group's metadata", () => {
    const { step, regions } = plan({ a: attention(64), b: attention(), c: attention(64), d: attention() });
    expect(regions).toEqual([10 * 2048, 10 * 2048]);
    const place = (name: string): number => step.kvCaches.get(name)!.address;
    expect([place("b"), place("d")]).toEqual([4096, 4096 + 20480]);
    expect([place("a"), place("c")]).toEqual([place("b"), place("d")]);
    expect(step.attentionMetadata.get("a")).toBe(step.attentionMetadata.get("c"));
    expect(step.attentionMetadata.get("b")).toEqual({ group: 0 });
    expect(step.attentionMetadata.get("a")).toEqual({ group: 1 });
  });

  test("of a smaller layer lie as far apart as the larger one's", () => {
    const { step, planned } = plan({ a: attention(64, 8), b: attention(0, 16) });
    expect(planned.regionBytes).toEqual([4096]);
    expect(step.kvCaches.get("a")!.tensor.shape).toEqual([10, 4096]);
    expect(step.kvCaches.get("a")!.spec.headDim).toBe(8);
  });

  test("of windows, chunks and all tokens are different groups", () => {
    const chunked: LayerCacheSpec = { ...attention(), kind: "chunked", attentionChunkSize: 32 } as LayerCacheSpec;
    const { planned } = plan({ a: attention(64), b: chunked, c: attention() });
    expect(planned.groups.map(({ group }) => group)).toEqual([
      { kind: "full" },
      { kind: "slidingWindow", slidingWindow: 64 },
      { kind: "chunked", chunkSize: 32 },
    ]);
  });

  test("follow --kv-cache-dtype", () => {
    expect(plan({ a: attention() }, "bfloat16").planned.bytesPerBlock).toBe(1024);
  });
});

describe("states", () => {
  test("are tensors with strided rows, one state after the other in a slot", () => {
    const { step, regions } = plan({ a: state });
    const slotBytes = 64 + 4 * 4 * 16 * 8;
    expect(regions).toEqual([10 * slotBytes]);
    const { conv, ssm } = step.states.get("a")!.tensors;
    expect(conv).toMatchObject({ shape: [10, 3, 5], strides: [slotBytes / 4, 5, 1], offset: 0, dtype: "f32" });
    expect(ssm).toMatchObject({ shape: [10, 4, 16, 8], strides: [slotBytes / 4, 128, 8, 1], offset: 16 });
    expect(step.kvCaches.size).toBe(0);
  });

  test("beside attention let blocks grow to their size", () => {
    const { needs, planned, step } = plan({ a: state, b: attention() });
    expect(needs.blockSize).toBe(32);
    expect(step.kvCaches.get("b")!.spec.blockSize).toBe(32);
    expect(planned.groups.map(({ group }) => group.kind)).toEqual(["full", "state"]);
    expect(planned.regionBytes).toEqual([4096]);
  });
});
