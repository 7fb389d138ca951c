/** Bytes and operations of every op on small shapes, counted by hand. */
import { describe, expect, test } from "vitest";
import type { CompiledOp, OpRecord } from "../platform/platform.js";
import type { DType } from "../tensor/dtype.js";
import { dtypeBytes } from "../tensor/dtype.js";
import { numElements } from "../tensor/shape.js";
import { createStorage, Tensor } from "../tensor/tensor.js";
import { opsWithCost, programCosts, recordCost, touchedExperts } from "./cost.js";

function tensor(shape: number[], dtype: DType = "f32"): Tensor {
  return new Tensor(createStorage("step", numElements(shape) * dtypeBytes[dtype], "x"), shape, dtype);
}

function record(op: string, inputs: Tensor[], outputs: Tensor[], attributes = {}): OpRecord {
  return { op, inputs, outputs, attributes, scope: "model" };
}

const cost = (...args: Parameters<typeof record>) => recordCost(record(...args), []);
const cache = tensor([10, 4096], "u8");
const cacheAttributes = { numKvHeads: 2, headDim: 8, blockSize: 16, cacheDtype: "bf16" };

describe("one record", () => {
  test("linear: the weight as it is stored, two operations per product", () => {
    const [x, y] = [tensor([3, 8]), tensor([3, 5])];
    const bf16 = cost("linear", [x, tensor([5, 8], "bf16")], [y]);
    expect(bf16).toEqual({ bytesRead: 3 * 8 * 4 + 5 * 8 * 2, bytesWritten: 3 * 5 * 4, flops: 2 * 3 * 8 * 5 });
    const biased = cost("linear", [x, tensor([5, 8]), tensor([5])], [y]);
    expect(biased.bytesRead).toBe(3 * 8 * 4 + 5 * 8 * 4 + 5 * 4);
    const int8 = cost("linearInt8", [x, tensor([5, 8], "i8"), tensor([5])], [y]);
    expect(int8).toEqual({ bytesRead: 3 * 8 * 4 + 5 * 8 + 5 * 4, bytesWritten: 60, flops: 240 });
  });

  test("experts: as many as even choices touch, each once", () => {
    const [x, ids, y] = [tensor([1, 8]), tensor([1, 2], "i32"), tensor([2, 5])];
    const one = cost("expertLinear", [x, tensor([4, 5, 8], "bf16"), ids], [y]);
    expect(one).toEqual({ bytesRead: 32 + 8 + 2 * 5 * 8 * 2, bytesWritten: 40, flops: 2 * 2 * 5 * 8 });
    expect(touchedExperts(128, 8, 16)).toBeCloseTo(128 * (1 - (120 / 128) ** 16));
    const int8 = cost("expertLinearInt8", [x, tensor([4, 5, 8], "i8"), ids, tensor([20])], [y]);
    expect(int8.bytesRead).toBe(32 + 8 + 2 * 5 * 8 + 2 * 5 * 4);
    expect(cost("combineExperts", [y, tensor([1, 2])], [tensor([1, 5])])).toEqual({
      bytesRead: 48,
      bytesWritten: 20,
      flops: 20,
    });
  });

  test("tables are read as far as rows are picked", () => {
    const ids = tensor([3], "i32");
    const picked = cost("embedding", [ids, tensor([1000, 8], "bf16")], [tensor([3, 8])]);
    expect(picked).toEqual({ bytesRead: 12 + 3 * 8 * 2, bytesWritten: 96, flops: 0 });
    const gathered = cost("gatherRows", [tensor([1000, 8]), ids], [tensor([3, 8])]);
    expect(gathered).toEqual({ bytesRead: 12 + 96, bytesWritten: 96, flops: 0 });
    const rotated = cost("rotaryEmbedding", [ids, tensor([3, 2, 8]), tensor([1000, 4])], [tensor([3, 2, 8])]);
    expect(rotated).toEqual({ bytesRead: 12 + 192 + 3 * 4 * 4, bytesWritten: 192, flops: 3 * 3 * 2 * 4 });
  });

  test("elementwise ops", () => {
    const [x, w] = [tensor([3, 8]), tensor([8])];
    expect(cost("rmsNorm", [x, w], [x])).toEqual({ bytesRead: 128, bytesWritten: 96, flops: 96 });
    expect(cost("layerNorm", [x, w, w], [x])).toEqual({ bytesRead: 160, bytesWritten: 96, flops: 168 });
    expect(cost("add", [x, tensor([3, 8])], [x])).toEqual({ bytesRead: 192, bytesWritten: 96, flops: 24 });
    expect(cost("scale", [x], [x])).toEqual({ bytesRead: 96, bytesWritten: 96, flops: 24 });
    expect(cost("mul", [x, tensor([3, 1])], [x])).toEqual({ bytesRead: 108, bytesWritten: 96, flops: 24 });
    expect(cost("softcap", [x], [x])).toEqual({ bytesRead: 96, bytesWritten: 96, flops: 72 });
    expect(cost("clamp", [x], [x])).toEqual({ bytesRead: 96, bytesWritten: 96, flops: 48 });
    expect(cost("activation", [x], [x])).toEqual({ bytesRead: 96, bytesWritten: 96, flops: 24 });
    expect(cost("gatedActivation", [x], [tensor([3, 4])])).toEqual({ bytesRead: 96, bytesWritten: 48, flops: 24 });
    expect(cost("copy", [x], [x])).toEqual({ bytesRead: 96, bytesWritten: 96, flops: 0 });
    expect(cost("sample", [x, w], [])).toEqual({ bytesRead: 96, bytesWritten: 12, flops: 24 });
    expect(cost("somebody's own", [x], [x])).toEqual({ bytesRead: 96, bytesWritten: 96, flops: 0 });
  });

  test("writeKVCache writes in the cache's type", () => {
    const kv = [tensor([3, 2, 8]), tensor([3, 2, 8]), cache, tensor([3], "i32")];
    expect(cost("writeKVCache", kv, [], cacheAttributes)).toEqual({ bytesRead: 396, bytesWritten: 192, flops: 0 });
    expect(cost("writeKVCache", kv, [], { ...cacheAttributes, cacheDtype: "f32" }).bytesWritten).toBe(384);
  });

  test("ops with a state move that of each request of the step, not the others'", () => {
    const of = (op: string, inputs: Tensor[], output: Tensor) =>
      recordCost(record(op, inputs, [output]), [
        { numTokens: 2, seqLen: 2 },
        { numTokens: 1, seqLen: 9 },
      ]);
    const step = [tensor([1], "i32"), tensor([9], "i32"), tensor([8], "i32"), tensor([8], "i32")];
    const [x, heads, d] = [tensor([3, 8]), tensor([2]), tensor([8])];
    const conv = of("causalConv1d", [x, tensor([32]), tensor([50, 24]), ...step, d], x);
    expect(conv).toEqual({ bytesRead: 96 + 128 + 32 + 192, bytesWritten: 96 + 192, flops: 24 * 9 });
    const bc = tensor([3, 4]);
    const scan = of("selectiveScan", [x, x, tensor([4, 8]), bc, bc, d, tensor([50, 32]), ...step, x], x);
    expect(scan).toEqual({ bytesRead: 3 * 96 + 128 + 96 + 32 + 256, bytesWritten: 96 + 256, flops: 24 * 32 });
    const groups = tensor([3, 1, 4]);
    const inputs = [tensor([3, 2, 4]), tensor([3, 2]), heads, heads, groups, groups, heads, tensor([50, 32]), ...step];
    expect(of("ssdScan", inputs, x)).toEqual({
      bytesRead: 96 + 24 + 3 * 8 + 96 + 256,
      bytesWritten: 96 + 256,
      flops: 24 * 23,
    });
  });

  test("latents: one row a token for all heads", () => {
    const attributes = { numKvHeads: 1, headDim: 12, latentDim: 8, blockSize: 16, cacheDtype: "bf16" };
    const written = cost("writeLatents", [tensor([3, 8]), tensor([3, 4]), cache, tensor([3], "i32")], [], attributes);
    expect(written).toEqual({ bytesRead: 3 * 12 * 4 + 12, bytesWritten: 3 * 12 * 2, flops: 0 });
    const q = [tensor([2, 5, 8]), tensor([2, 5, 4]), cache];
    const attended = recordCost(record("mlaAttention", q, [tensor([2, 5, 8])], attributes), [
      { numTokens: 2, seqLen: 10 },
    ]);
    const bytesRead = 2 * 5 * 12 * 4 + 10 * 12 * 2;
    expect(attended).toEqual({ bytesRead, bytesWritten: 320, flops: 2 * 5 * (12 + 8) * (9 + 10) });
    const projected = cost("headLinear", [tensor([2, 5, 8]), tensor([5, 6, 8], "bf16")], [tensor([2, 5, 6])]);
    expect(projected).toEqual({ bytesRead: 320 + 480, bytesWritten: 240, flops: 2 * 2 * 5 * 6 * 8 });
  });

  test("pagedAttention: the cache once per sequence, the products of the pairs that are seen", () => {
    const q = tensor([4, 6, 8]);
    const meta = [tensor([1], "i32"), tensor([9], "i32"), tensor([8], "i32"), tensor([8, 16], "i32")];
    const of = (slidingWindow: number, sequences: { numTokens: number; seqLen: number }[], attentionChunkSize = 0) => {
      const attributes = { ...cacheAttributes, slidingWindow, attentionChunkSize };
      return recordCost(record("pagedAttention", [q, cache, ...meta], [tensor([4, 48])], attributes), sequences);
    };
    const [qBytes, perToken, perPair] = [4 * 6 * 8 * 4, 2 * 2 * 8 * 2, 4 * 6 * 8];
    // Three rows of a new prompt see 1, 2 and 3 positions; one row of another sees 10.
    const mixed = [
      { numTokens: 3, seqLen: 3 },
      { numTokens: 1, seqLen: 10 },
    ];
    expect(of(0, mixed)).toEqual({ bytesRead: qBytes + 13 * perToken, bytesWritten: 768, flops: 16 * perPair });
    // With a window of 2: 1, 2 and 2; and 2.
    expect(of(2, mixed)).toEqual({ bytesRead: qBytes + (3 + 2) * perToken, bytesWritten: 768, flops: 7 * perPair });
    // A chunk of 4 rows at the end of 10 tokens: 7 + 8 + 9 + 10.
    expect(of(0, [{ numTokens: 4, seqLen: 10 }]).flops).toBe(34 * perPair);
    // In chunks of 4 positions, rows 6 to 9 see 3, 4, 1 and 2; all of positions 4 to 9 is read.
    const chunked = { bytesRead: qBytes + 6 * perToken, bytesWritten: 768, flops: 10 * perPair };
    expect(of(0, [{ numTokens: 4, seqLen: 10 }], 4)).toEqual(chunked);
    expect(of(2, [{ numTokens: 4, seqLen: 10 }], 4).flops).toBe(7 * perPair);
  });
});

describe("a program", () => {
  const [x, gate, out] = [tensor([2, 4]), tensor([2, 16]), tensor([2, 8])];
  const linear = record("linear", [x, tensor([16, 4], "bf16")], [gate]);
  const gated = record("gatedActivation", [gate], [out]);
  const reader = record("copy", [out], [tensor([2, 8])]);
  const op = (...records: OpRecord[]): CompiledOp => ({ kernel: "any", records });

  test("a fused op neither writes nor reads what stays inside", () => {
    const [fused] = programCosts([op(linear, gated), op(reader)], []);
    expect(fused).toEqual({ bytesRead: 32 + 128, bytesWritten: 64, flops: 2 * 2 * 4 * 16 + 2 * 2 * 8 });
    const apart = programCosts([op(linear), op(gated), op(reader)], []);
    expect(apart[0]!.bytesWritten + apart[1]!.bytesRead).toBe(2 * 128);
  });

  test("but writes what others read too, or what has an address", () => {
    const other = record("copy", [gate], [tensor([2, 16])]);
    expect(programCosts([op(linear, gated), op(reader), op(other)], [])[0]!.bytesWritten).toBe(64 + 128);
    const bound = tensor([2, 16]);
    bound.storage.address = 64;
    const toAddress = op(
      record("linear", linear.inputs as Tensor[], [bound]),
      record("gatedActivation", [bound], [out]),
    );
    expect(programCosts([toAddress, op(reader)], [])[0]!.bytesWritten).toBe(64 + 128);
  });

  test("a helper is not counted again", () => {
    const [helper, main] = programCosts([{ ...op(linear), helps: true }, op(linear)], []);
    expect(helper).toEqual({ bytesRead: 0, bytesWritten: 0, flops: 0 });
    expect(main!.flops).toBe(256);
  });
});

test("the conformance tables have no op without a cost", async () => {
  const { loadTables } = await import("../../test/conformance/tables.js");
  const missing = (await loadTables()).map(({ op }) => op).filter((op) => !opsWithCost().includes(op));
  expect(missing).toEqual([]);
});
