/**
 * Cases of pagedAttention. A row is one token of a request; the cache holds all tokens of all requests, later ones too, and
 * poison where nothing was written. Picking rows in other mixes makes the same token part of a prefill, of a chunk, or a
 * decoding row alone: the same bits are expected.
 */
import type { AttentionSpec } from "./attention-inputs.js";
import { AttentionInputs, firstToken } from "./attention-inputs.js";
import type { OpCase } from "./op-case.js";
import { range } from "./op-case.js";
import { fills } from "./random.js";

export const op = "pagedAttention";

const base: AttentionSpec = { numHeads: 4, numKvHeads: 2, headDim: 64, blockSize: 16, dtype: "f32", lengths: [33] };

function attentionCase(name: string, change: Partial<AttentionSpec>, bench: Partial<OpCase> = {}): OpCase {
  const spec = { ...base, ...change };
  const rows = firstToken(spec, spec.lengths.length);
  return {
    name: `${spec.dtype}: ${name}`,
    rows,
    tolerance: spec.tolerance ?? (spec.dtype === "bf16" ? 1e-2 : 1e-5),
    absolute: 2 ** -126, // bf16 products flush denormal numbers to zero
    record: (inputs, picked) => {
      const attention = new AttentionInputs(inputs, spec);
      attention.write();
      return [attention.attend(picked)];
    },
    ...bench,
  };
}

/** Decoding: the last token of each of `count` requests of `length` tokens; bytes are those of the cache. */
function decodeCase(count: number, length: number, change: Partial<AttentionSpec>): OpCase {
  const lengths = range(count).map(() => length);
  const spec = { ...base, ...change, lengths };
  const elementBytes = spec.dtype === "bf16" ? 2 : 4;
  return attentionCase(`decode ${count} x ${length}, ${heads(spec)}`, spec, {
    benchOnly: true,
    benchRows: range(count).map((i) => (i + 1) * length - 1),
    bytes: 2 * count * length * spec.numKvHeads * spec.headDim * elementBytes,
  });
}

function prefillCase(length: number, change: Partial<AttentionSpec>): OpCase {
  const spec = { ...base, ...change, lengths: [length] };
  return attentionCase(`prefill ${length}, ${heads(spec)}`, spec, { benchOnly: true });
}

const heads = ({ numHeads, numKvHeads, headDim }: AttentionSpec): string => `${numHeads}/${numKvHeads} of ${headDim}`;

/** Head shapes of SmolLM2-135M, Llama 1B and Llama 8B. */
const small = { numHeads: 9, numKvHeads: 3, headDim: 64 };
const medium = { numHeads: 32, numKvHeads: 8, headDim: 64 };
const large = { numHeads: 32, numKvHeads: 8, headDim: 128 };

const changes: readonly (readonly [string, Partial<AttentionSpec>])[] = [
  ["one token", { lengths: [1] }],
  ["one block and a token", { lengths: [17] }],
  ...[8, 16, 64, 80, 96, 128, 256].map((headDim) => [`head of ${headDim}`, { headDim, lengths: [21, 5] }] as const),
  ["odd head of 9", { headDim: 9, lengths: [21] }],
  ["no groups", { numHeads: 3, numKvHeads: 3, lengths: [40] }],
  ["groups of 3", { numHeads: 9, numKvHeads: 3, lengths: [40, 19] }],
  ["groups of 5", { numHeads: 5, numKvHeads: 1, headDim: 16, lengths: [40, 19] }],
  ["groups of 7", { numHeads: 14, numKvHeads: 2, headDim: 16, lengths: [40, 19] }],
  ["groups of 8", { numHeads: 8, numKvHeads: 1, headDim: 16, lengths: [40, 19] }],
  ["groups of 30, more than a tile", { numHeads: 30, numKvHeads: 1, headDim: 16, lengths: [20, 3] }],
  ["many requests", { headDim: 16, lengths: [1, 2, 3, 15, 16, 17, 31, 32, 33, 64, 5] }],
  ["blocks of 32", { blockSize: 32, headDim: 16, lengths: [70, 9] }],
  ["blocks of 64", { blockSize: 64, headDim: 16, lengths: [70, 9] }],
  ["blocks of 128", { blockSize: 128, headDim: 16, lengths: [150, 9] }],
  ["two partitions", { headDim: 16, numHeads: 2, lengths: [530] }],
  ["three partitions, with a short one", { numHeads: 2, numKvHeads: 1, headDim: 8, lengths: [1040, 4] }],
  ["window of 1", { headDim: 16, lengths: [20], slidingWindow: 1 }],
  ["window of 5", { headDim: 16, lengths: [40, 3], slidingWindow: 5 }],
  ["window of 33", { headDim: 16, lengths: [100], slidingWindow: 33 }],
  ["window over a partition's edge", { headDim: 8, lengths: [600], slidingWindow: 100 }],
  ["window longer than a partition", { headDim: 8, numHeads: 2, numKvHeads: 1, lengths: [1100], slidingWindow: 600 }],
  ["chunks of 1", { headDim: 16, lengths: [20], attentionChunkSize: 1 }],
  ["chunks of 24", { headDim: 16, lengths: [100, 7], attentionChunkSize: 24 }],
  ["chunks over a partition's edge", { headDim: 8, lengths: [1100], numHeads: 2, attentionChunkSize: 400 }],
  ["chunks and windows", { headDim: 16, lengths: [100, 7], attentionChunkSize: 48, slidingWindow: 20 }],
  ["soft cap", { headDim: 16, lengths: [90, 5], scale: 8, logitSoftcap: 5 }],
  ["soft cap, far above all", { headDim: 16, lengths: [90], logitSoftcap: 1000 }],
  ["sinks", { headDim: 16, lengths: [90, 1], sinks: 3 }],
  ["sinks above all", { headDim: 16, lengths: [90], sinks: 60 }],
  ["sinks over two partitions", { headDim: 16, numHeads: 2, lengths: [530], sinks: 3 }],
  ["sinks, soft cap, window", { headDim: 16, lengths: [90, 20], sinks: 2, logitSoftcap: 2, slidingWindow: 17 }],
  ["biases", { headDim: 16, lengths: [90, 5], alibi: {} }],
  ["biases far away", { headDim: 8, numHeads: 2, lengths: [1100], alibi: { slope: 0.004 } }],
  [
    "rounded biases",
    { headDim: 8, numHeads: 2, lengths: [700], alibi: { slope: 0.0123, rounding: "bf16", scale: 0.3 } },
  ],
  ["strided rows", { headDim: 16, lengths: [20, 7], gap: 37 }],
  ["blocks apart", { headDim: 16, lengths: [20, 37], blockGap: 192 }],
  ["infinities never written", { headDim: 16, lengths: [37, 5], poison: "infinity" }],
  ["peaked scores", { headDim: 16, lengths: [90], scale: 20 }],
  ["scores far apart", { headDim: 16, lengths: [90], scale: 300, tolerance: 2e-2 }],
  ["equal scores", { headDim: 16, lengths: [90], scale: 0 }],
  ["outliers", { headDim: 64, lengths: [50], fill: fills.outliers }],
  ["denormal", { headDim: 16, lengths: [20], fill: fills.denormal }],
];

export const cases: readonly OpCase[] = (["f32", "bf16"] as const).flatMap((dtype) => [
  ...changes.map(([name, change]) => attentionCase(name, { ...change, dtype })),
  ...[small, medium].flatMap((shape) => [
    decodeCase(1, 128, { ...shape, dtype }),
    decodeCase(16, 128, { ...shape, dtype }),
    decodeCase(1, 2048, { ...shape, dtype }),
    decodeCase(16, 2048, { ...shape, dtype }),
    prefillCase(512, { ...shape, dtype }),
  ]),
  decodeCase(1, 16384, { ...medium, dtype }),
  decodeCase(4, 4096, { ...large, dtype }),
  prefillCase(2048, { ...medium, dtype }),
]);
