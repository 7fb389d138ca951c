/** One matrix of the checkpoint that holds several projections: which of its rows each rank reads, against HF's reshapes. */
import { describe, expect, test } from "vitest";
import { unquantized } from "./linear-method.js";
import { MergedColumnParallelLinear, QKVParallelLinear } from "./linear.js";
import { ParameterTable } from "./parameter-table.js";
import { Prefix } from "./prefix.js";
import type { FusedQKV } from "./qkv-parts.js";

function table(rank: number, worldSize: number, make: (prefix: Prefix) => unknown): ParameterTable {
  const parameters = new ParameterTable();
  const context = {
    parameters,
    parallel: { rank, worldSize },
    dtype: "f32" as const,
    maxModelLen: 16,
    linearMethod: () => unquantized,
    layerCaches: new Map(),
    claimed: new Map(),
  };
  make(new Prefix("layer.proj", {}, context));
  return parameters;
}

/** Rows of the checkpoint's matrix (or bias) in the order of the parameter; every row must be whole. */
function rowsRead(parameters: ParameterTable, suffix: "weight" | "bias", transposed = false): number[] {
  const { spec } = parameters.declared.find((entry) => entry.spec.name === `layer.proj.${suffix}`)!;
  return spec.parts.flatMap(({ source, rowCount, rowStart }, i) => {
    expect(source.name).toBe(`layer.proj.${suffix}`);
    expect(rowStart).toBe(spec.parts.slice(0, i).reduce((sum, part) => sum + part.rowCount, 0));
    const { shape, strides, offset } = source.view();
    expect(shape).toEqual([rowCount, ...spec.shape.slice(1)]);
    const [rows, columns] = transposed
      ? [source.shape[1]!, source.shape[0]!]
      : [source.shape[0]!, source.shape[1] ?? 1];
    const [rowStride, columnStride] = transposed ? [1, rows] : [columns, 1];
    if (suffix === "weight") expect(strides).toEqual([rowStride, columnStride]);
    return Array.from({ length: rowCount }, (_, r) => (offset + r * strides[0]!) / rowStride);
  });
}

const headDim = 3;
const inputSize = 2;
const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

/** As HF splits them: rows of query head h, key head h, value head h in the fused matrix. */
const layouts: Record<FusedQKV, (heads: number, kvHeads: number) => { q: number[][]; k: number[][]; v: number[][] }> = {
  stacked: (heads, kvHeads) => {
    const all = range(heads + 2 * kvHeads).map((head) => range(headDim).map((d) => head * headDim + d));
    return { q: all.slice(0, heads), k: all.slice(heads, heads + kvHeads), v: all.slice(heads + kvHeads) };
  },
  // fused.view(kvHeads, heads / kvHeads + 2, headDim): [:, :-2], [:, -2], [:, -1]
  grouped: (heads, kvHeads) => {
    const per = heads / kvHeads + 2;
    const row = (group: number, j: number): number[] => range(headDim).map((d) => (group * per + j) * headDim + d);
    return {
      q: range(kvHeads).flatMap((group) => range(per - 2).map((j) => row(group, j))),
      k: range(kvHeads).map((group) => row(group, per - 2)),
      v: range(kvHeads).map((group) => row(group, per - 1)),
    };
  },
};

describe.each(["stacked", "grouped"] as const)("%s query, key and value", (fused) => {
  test.each([
    [4, 4, 1],
    [4, 4, 2],
    [6, 2, 2],
    [6, 3, 3],
    [4, 1, 1],
    [4, 1, 4],
    [8, 2, 4],
    [12, 2, 4],
  ])("%i heads, %i KV heads, %i ranks", (numHeads, numKvHeads, worldSize) => {
    const { q, k, v } = layouts[fused](numHeads, numKvHeads);
    for (const transposed of [false, true])
      for (let rank = 0; rank < worldSize; rank++) {
        const options = { numHeads, numKvHeads, headDim, inputSize, bias: true, fused, transposed };
        const parameters = table(rank, worldSize, (prefix) => new QKVParallelLinear(prefix, options));
        const count = numHeads / worldSize;
        const kvCount = Math.max(1, numKvHeads / worldSize);
        const kvStart = Math.floor((rank * numKvHeads) / worldSize);
        const expected = [
          q.slice(rank * count, (rank + 1) * count),
          k.slice(kvStart, kvStart + kvCount),
          v.slice(kvStart, kvStart + kvCount),
        ].flat(2);
        expect(rowsRead(parameters, "weight", transposed)).toEqual(expected);
        expect(rowsRead(parameters, "bias")).toEqual(expected);
      }
  });
});

test("the matrix of the checkpoint is checked whole, in its own orientation", () => {
  const heads = { numHeads: 6, numKvHeads: 2, headDim, inputSize };
  const shapeOf = (transposed: boolean): readonly number[] =>
    table(1, 2, (prefix) => new QKVParallelLinear(prefix, { ...heads, fused: "grouped", transposed })).declared[0]!.spec
      .parts[0]!.source.shape;
  expect(shapeOf(false)).toEqual([30, 2]);
  expect(shapeOf(true)).toEqual([2, 30]);
});

test("gate and up in one matrix", () => {
  const options = { inputSize, outputSizes: [4, 4], bias: true, fused: "stacked" } as const;
  const rank1 = table(1, 2, (prefix) => new MergedColumnParallelLinear(prefix, options));
  expect(rowsRead(rank1, "weight")).toEqual([2, 3, 6, 7]);
  expect(rowsRead(rank1, "bias")).toEqual([2, 3, 6, 7]);
  const transposed = table(0, 2, (prefix) => new MergedColumnParallelLinear(prefix, { ...options, transposed: true }));
  expect(rowsRead(transposed, "weight", true)).toEqual([0, 1, 4, 5]);
});

test("an unknown layout is an error that names the known ones", () => {
  const heads = { numHeads: 2, numKvHeads: 2, headDim, inputSize };
  expect(() =>
    table(0, 1, (prefix) => new QKVParallelLinear(prefix, { ...heads, fused: "mixed" as FusedQKV })),
  ).toThrow(/layer\.proj: fused must be one of stacked, grouped, got mixed/);
});
