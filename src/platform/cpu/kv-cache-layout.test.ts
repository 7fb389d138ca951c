/** The KV cache's sizes: padding, block sizes, and the workspace of split sequences. */
import { describe, expect, it } from "vitest";
import { UnsupportedError } from "../../util/errors.js";
import type { KVCacheSpec } from "../platform.js";
import { attentionPartialBytes, kvCacheBlockBytes, kvPanelBytes } from "./kv-cache-layout.js";

const spec: KVCacheSpec = { numKvHeads: 8, headDim: 64, blockSize: 16, dtype: "bf16" };

describe("kvCacheBlockBytes", () => {
  it("is the plain size where nothing is padded", () => {
    expect(kvCacheBlockBytes(spec)).toBe(2 * 8 * 64 * 16 * 2);
    expect(kvCacheBlockBytes({ ...spec, dtype: "f32" })).toBe(2 * 8 * 64 * 16 * 4);
    expect(kvCacheBlockBytes({ ...spec, blockSize: 128 })).toBe(8 * kvCacheBlockBytes(spec));
  });

  it("pads keys to pairs and values to 16 elements", () => {
    expect(kvPanelBytes(9, "bf16")).toEqual({ keys: 10 * 16 * 2, values: 16 * 16 * 2 });
    expect(kvPanelBytes(9, "f32")).toEqual({ keys: 9 * 16 * 4, values: 16 * 16 * 4 });
    expect(kvPanelBytes(80, "bf16")).toEqual({ keys: 80 * 16 * 2, values: 80 * 16 * 2 });
  });

  it("has one row a token of latents", () => {
    const latents: KVCacheSpec = { ...spec, numKvHeads: 1, headDim: 576, latentDim: 512 };
    expect(kvCacheBlockBytes(latents)).toBe(576 * 16 * 2);
    expect(kvCacheBlockBytes({ ...latents, dtype: "f32", blockSize: 32 })).toBe(576 * 32 * 4);
  });

  it.each([0, 8, 24, -16, 1.5, NaN])("refuses blocks of %s tokens", (blockSize) => {
    expect(() => kvCacheBlockBytes({ ...spec, blockSize })).toThrow(UnsupportedError);
  });
});

describe("attentionPartialBytes", () => {
  it("is 0 when no sequence has two partitions", () => {
    expect(attentionPartialBytes(spec, 32, 1, 512, 2)).toBe(0);
    expect(attentionPartialBytes(spec, 32, 1, 513, 2)).toBeGreaterThan(0);
  });

  it("has room for one decoding row of every kv head, and stays small at any length", () => {
    const rowBytes = 4 * (64 + 16);
    expect(attentionPartialBytes(spec, 32, 1, 32768, 2)).toBe(8 * 4 * 64 * rowBytes);
    expect(attentionPartialBytes(spec, 32, 4096, 2 ** 24, 64)).toBeLessThanOrEqual(32 * 2 ** 20);
  });
});
