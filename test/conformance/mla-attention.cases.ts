/**
 * Cases of mlaAttention: as those of pagedAttention, over latents. Sizes of DeepSeek are 512 + 64 elements a token, and 16 or 128
 * heads.
 */
import type { AttentionSpec } from "./attention-inputs.js";
import { AttentionInputs, firstToken } from "./attention-inputs.js";
import type { OpCase } from "./op-case.js";
import { range } from "./op-case.js";
import { fills } from "./random.js";

export const op = "mlaAttention";

type LatentSpec = AttentionSpec & { readonly latentDim: number };

const base: LatentSpec = {
  ...{ numHeads: 4, numKvHeads: 1, headDim: 40, latentDim: 32, blockSize: 16 },
  dtype: "f32",
  lengths: [33],
};

function latentCase(name: string, change: Partial<LatentSpec>, bench: Partial<OpCase> = {}): OpCase {
  const spec = { ...base, ...change };
  return {
    name: `${spec.dtype}: ${name}`,
    rows: firstToken(spec, spec.lengths.length),
    tolerance: spec.tolerance ?? (spec.dtype === "bf16" ? 1e-2 : 1e-5),
    absolute: 2 ** -126,
    record: (inputs, picked) => {
      const attention = new AttentionInputs(inputs, spec);
      attention.write();
      return [attention.attend(picked)];
    },
    ...bench,
  };
}

const large = { headDim: 576, latentDim: 512 };

/** Decoding: the last token of each of `count` requests of `length` tokens; bytes are those of the cache. */
function decodeCase(count: number, length: number, change: Partial<LatentSpec>): OpCase {
  const spec = { ...base, ...large, ...change, lengths: range(count).map(() => length) };
  return latentCase(`decode ${count} x ${length}, ${spec.numHeads} heads`, spec, {
    benchOnly: true,
    benchRows: range(count).map((i) => (i + 1) * length - 1),
    bytes: count * length * spec.headDim * (spec.dtype === "bf16" ? 2 : 4),
  });
}

const changes: readonly (readonly [string, Partial<LatentSpec>])[] = [
  ["one token", { lengths: [1] }],
  ["one block and a token", { lengths: [17] }],
  ["requests of many lengths", { lengths: [1, 2, 15, 16, 17, 31, 33, 64, 5] }],
  ["one head", { numHeads: 1, lengths: [40] }],
  ["50 heads, more than a tile", { numHeads: 50, lengths: [20, 3] }],
  ["100 heads", { numHeads: 100, lengths: [18] }],
  ["as DeepSeek", { ...large, numHeads: 16, lengths: [40, 3] }],
  ["latents of 24, rotated 8", { latentDim: 24, headDim: 32, lengths: [40, 9] }],
  ["latents of 20, rotated 2", { latentDim: 20, headDim: 22, lengths: [40, 9] }],
  ["latents of 7, rotated 2", { latentDim: 7, headDim: 9, lengths: [40, 9] }],
  ["latents of 32, rotated 1", { latentDim: 32, headDim: 33, lengths: [40, 9] }],
  ["blocks of 64", { blockSize: 64, lengths: [70, 9] }],
  ["blocks apart", { lengths: [20, 37], blockGap: 192 }],
  ["two partitions", { numHeads: 2, lengths: [530] }],
  ["three partitions, with a short one", { numHeads: 2, headDim: 12, latentDim: 8, lengths: [1040, 4] }],
  ["strided rows", { lengths: [20, 7], gap: 37 }],
  ["infinities never written", { lengths: [37, 5], poison: "infinity" }],
  ["scores far apart", { lengths: [90], scale: 300, tolerance: 2e-2 }],
  ["outliers", { lengths: [50], fill: fills.outliers }],
];

export const cases: readonly OpCase[] = (["f32", "bf16"] as const).flatMap((dtype) => [
  ...changes.map(([name, change]) => latentCase(name, { ...change, dtype })),
  decodeCase(1, 4096, { numHeads: 16, dtype }),
  decodeCase(8, 4096, { numHeads: 16, dtype }),
  decodeCase(1, 4096, { numHeads: 128, dtype }),
  latentCase("prefill 512, 16 heads", { ...large, numHeads: 16, lengths: [512], dtype }, { benchOnly: true }),
]);
