/** Cases of writeLatents, seen through mlaAttention: keys decide between few tokens, whose first elements are the values. */
import { writeLatents } from "../../src/ops/mla-attention.js";
import type { AttentionSpec } from "./attention-inputs.js";
import { AttentionInputs, firstToken } from "./attention-inputs.js";
import type { OpCase } from "./op-case.js";
import { range } from "./op-case.js";

export const op = "writeLatents";

const base: AttentionSpec = {
  ...{ numHeads: 2, numKvHeads: 1, headDim: 24, latentDim: 16, blockSize: 16 },
  dtype: "f32",
  lengths: [33, 18],
};

function writeCase(
  name: string,
  change: Partial<AttentionSpec>,
  options: { chunk?: number; skip?: boolean } = {},
): OpCase {
  const spec = { ...base, ...change };
  const rows = firstToken(spec, spec.lengths.length);
  const { chunk = rows, skip = false } = options;
  return {
    name: `${spec.dtype}: ${name}`,
    rows,
    tolerance: spec.dtype === "bf16" ? 1e-2 : 1e-5,
    record: (inputs, picked) => {
      const attention = new AttentionInputs(inputs, spec);
      for (let first = 0; first < rows; first += chunk)
        attention.write(range(Math.min(chunk, rows - first)).map((i) => first + i));
      if (skip) {
        const bad = inputs.rows("bad", range(5), spec.headDim, { fill: () => NaN });
        const { latentDim = 0, headDim } = spec;
        const metadata = { ...attention.metadata(range(5)), slotMapping: inputs.ints("slots", [-1, -1, -1, -1, -1]) };
        writeLatents(bad.columns(0, latentDim), bad.columns(latentDim, headDim - latentDim), attention.cache, metadata);
      }
      return [attention.attend(picked)];
    },
  };
}

export const cases: readonly OpCase[] = (["f32", "bf16"] as const).flatMap((dtype) => [
  writeCase("all at once", { dtype }),
  writeCase("token by token", { dtype, lengths: [18, 5] }, { chunk: 1 }),
  writeCase("seven at a time", { dtype }, { chunk: 7 }),
  writeCase("odd sizes, strided", { dtype, headDim: 9, latentDim: 5, gap: 13 }),
  writeCase("blocks of 64", { dtype, blockSize: 64 }),
  writeCase("rows without a slot are left out", { dtype }, { skip: true }),
]);
