/**
 * Cases of writeKVCache, seen through pagedAttention: with a window of one position the result is that position's value;
 * with two, keys decide between them.
 */
import { pagedAttention, writeKVCache } from "../../src/ops/attention.js";
import type { AttentionSpec } from "./attention-inputs.js";
import { AttentionInputs, firstToken } from "./attention-inputs.js";
import type { OpCase } from "./op-case.js";
import { range } from "./op-case.js";

export const op = "writeKVCache";

const base: AttentionSpec = { numHeads: 2, numKvHeads: 2, headDim: 24, blockSize: 16, dtype: "f32", lengths: [33, 18] };

function writeCase(name: string, change: Partial<AttentionSpec>, tolerance: number, chunk?: number): OpCase {
  const spec = { ...base, ...change };
  const rows = firstToken(spec, spec.lengths.length);
  return {
    name: `${spec.dtype}: ${name}`,
    rows,
    tolerance,
    record: (inputs, picked) => {
      const attention = new AttentionInputs(inputs, spec);
      for (let first = 0; first < rows; first += chunk ?? rows)
        attention.write(range(Math.min(chunk ?? rows, rows - first)).map((i) => first + i));
      const options = { scale: 1, slidingWindow: spec.slidingWindow };
      return [pagedAttention(attention.states("q", picked), attention.cache, attention.metadata(picked), options)];
    },
  };
}

/** Rows with slot -1 must change nothing: they carry NaN. */
function skippedRows(dtype: "f32" | "bf16"): OpCase {
  const spec: AttentionSpec = { ...base, dtype, slidingWindow: 1 };
  const rows = firstToken(spec, spec.lengths.length);
  return {
    name: `${dtype}: rows without a slot are left out`,
    rows,
    tolerance: 0,
    record: (inputs, picked) => {
      const attention = new AttentionInputs(inputs, spec);
      attention.write();
      const bad = inputs
        .rows("bad", range(5), spec.numKvHeads * spec.headDim, { fill: () => NaN })
        .splitLast(spec.numKvHeads, spec.headDim);
      const metadata = { ...attention.metadata(range(5)), slotMapping: inputs.ints("slots", [-1, -1, -1, -1, -1]) };
      writeKVCache(bad, bad, attention.cache, metadata);
      const options = { scale: 1, slidingWindow: 1 };
      return [pagedAttention(attention.states("q", picked), attention.cache, attention.metadata(picked), options)];
    },
  };
}

export const cases: readonly OpCase[] = (["f32", "bf16"] as const).flatMap((dtype) => {
  const rounded = dtype === "bf16" ? 1e-2 : 1e-5;
  return [
    writeCase("values, all at once", { dtype, slidingWindow: 1 }, 0),
    writeCase("values, token by token", { dtype, slidingWindow: 1, lengths: [18, 5] }, 0, 1),
    writeCase("values, seven at a time", { dtype, slidingWindow: 1 }, 0, 7),
    writeCase("values, head of 9", { dtype, slidingWindow: 1, headDim: 9 }, 0),
    writeCase("values, head of 80, strided", { dtype, slidingWindow: 1, headDim: 80, gap: 13 }, 0),
    writeCase("values, blocks of 64", { dtype, slidingWindow: 1, blockSize: 64 }, 0),
    writeCase("keys decide between two", { dtype, slidingWindow: 2 }, rounded),
    writeCase("keys decide, head of 9", { dtype, slidingWindow: 2, headDim: 9 }, rounded),
    skippedRows(dtype),
  ];
});
