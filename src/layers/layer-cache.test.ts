import { describe, expect, test } from "vitest";
import { LifetimeError, ShapeError } from "../util/errors.js";
import { Program } from "../ops/program.js";
import { declareKVCache, declareState, kvCacheOf, stateOf } from "./layer-cache.js";
import type { LayerCacheSpec, Sight } from "./layer-cache.js";
import type { Prefix } from "./prefix.js";

function prefixWith(layerCaches: Map<string, LayerCacheSpec>): Prefix<unknown> {
  return { name: "layers.0.attn", context: { layerCaches } } as unknown as Prefix<unknown>;
}

const shape = { numKvHeads: 2, headDim: 8 };
const declared = (sight?: Sight): LayerCacheSpec => {
  const layerCaches = new Map<string, LayerCacheSpec>();
  declareKVCache(prefixWith(layerCaches), shape, sight);
  return layerCaches.get("layers.0.attn")!;
};

describe("declared caches", () => {
  test.each<[Sight | undefined, Partial<LayerCacheSpec>]>([
    [undefined, { kind: "full", slidingWindow: 0, attentionChunkSize: 0 }],
    [{ slidingWindow: 0 }, { kind: "full" }],
    [{ slidingWindow: 5 }, { kind: "slidingWindow", slidingWindow: 5, attentionChunkSize: 0 }],
    [{ attentionChunkSize: 5 }, { kind: "chunked", slidingWindow: 0, attentionChunkSize: 5 }],
    [
      { slidingWindow: 5, attentionChunkSize: 8 },
      { kind: "slidingWindow", slidingWindow: 5 },
    ],
    [
      { slidingWindow: 9, attentionChunkSize: 8 },
      { kind: "chunked", slidingWindow: 0, attentionChunkSize: 8 },
    ],
  ])("%j", (sight, expected) => expect(declared(sight)).toMatchObject({ shape, ...expected }));

  test.each([-1, 2.5, Number.NaN])("refuse a window of %d", (slidingWindow) => {
    expect(() => declared({ slidingWindow })).toThrow(ShapeError);
    expect(() => declared({ slidingWindow })).toThrow(/layers\.0\.attn: slidingWindow must be a whole number from 0/);
  });

  test.each<Record<string, number[]>>([{}, { conv: [] }, { conv: [3, 0] }, { conv: [1.5] }])(
    "refuse states %j",
    (states) => {
      expect(() => declareState(prefixWith(new Map()), states)).toThrow(
        /states must be shapes of positive whole numbers/,
      );
    },
  );

  test("are not there outside a model's forward", () => {
    const prefix = prefixWith(new Map());
    const x = new Program("alone").input("x", [1], "f32", 0);
    expect(() => kvCacheOf(prefix, x)).toThrow(LifetimeError);
    expect(() => stateOf(prefix, x)).toThrow(/layers\.0\.attn: this step has no state for it/);
  });
});
