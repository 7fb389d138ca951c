/** Cases of sample: every filter and penalty, log-probabilities in all modes, broken rows. */
import { copy } from "../../src/ops/copy.js";
import type { LogprobsMode } from "../../src/ops/sample.js";
import type { SamplingParamsInput } from "../../src/request/sampling-params.js";
import { normalizeSamplingParams } from "../../src/request/sampling-params.js";
import { Sampler } from "../../src/sampling/sampler.js";
import { SamplingState } from "../../src/sampling/sampling-state.js";
import { createStorage, Tensor } from "../../src/tensor/tensor.js";
import type { CaseInputs } from "./case-inputs.js";
import type { OpCase } from "./op-case.js";
import type { Fill } from "./random.js";
import { createRandom } from "./random.js";

export const op = "sample";

interface SampleCase {
  name: string;
  vocabSize: number;
  rows?: number;
  params?: (row: number) => SamplingParamsInput;
  numLogprobs?: number;
  mode?: LogprobsMode;
  fill?: Fill;
  /** Elements from row to row beyond the vocabulary. */
  gap?: number;
  forced?: boolean;
  /** Report so many given tokens. */
  numGiven?: number;
  /** One in so many tokens may come. */
  maskOneIn?: number;
  benchOnly?: boolean;
}

const wide: Fill = (random) => random() * 16 - 8;
const flat: Fill = (random) => random();
const tied: Fill = (random) => Math.round(random() * 6);
/** A few likely tokens over a sea of unlikely ones, as a trained model gives. */
const peaked: Fill = (random) => (random() < 0.002 ? 12 : 0) + 4 * random();
const holes: Fill = (random) => (random() < 0.5 ? -Infinity : random());
const broken: Fill = (random) => (random() < 0.002 ? NaN : random());

/** The first outputs.length rows of the op's result tensors as tensors of the program, to be compared. */
function results(inputs: CaseInputs, numRows: number, numLogprobs: number): Tensor[] {
  const [tokenIds, ranks, statuses, logprobs, topTokenIds, topLogprobs] = inputs.program.records
    .at(-1)!
    .inputs.slice(4);
  // Whole numbers come as bits of f32; copying keeps them.
  const read = (tensor: Tensor, width: number): Tensor => {
    const storage = createStorage("external", 4 * numRows * width, tensor.storage.label, tensor.storage.address);
    return copy(new Tensor(storage, [numRows, width], "f32", inputs.program));
  };
  const outputs = [read(tokenIds!, 1), read(statuses!, 1)];
  if (numLogprobs >= 0) outputs.push(read(ranks!, 1), read(logprobs!, 1));
  if (numLogprobs > 0) outputs.push(read(topTokenIds!, numLogprobs), read(topLogprobs!, numLogprobs));
  return outputs;
}

function sampleCase(options: SampleCase): OpCase {
  const { name, vocabSize, numLogprobs = -1, fill = wide, gap = 0, benchOnly } = options;
  return {
    name,
    rows: options.rows ?? 5,
    tolerance: 1e-5,
    benchOnly,
    bytes: (options.rows ?? 5) * vocabSize * 4,
    record(inputs, rows) {
      const { platform } = inputs;
      const memory = {
        allocate: (bytes: number, label: string): number => inputs.allocate(bytes, label),
        free: (): void => undefined,
        write: (address: number, bytes: Uint8Array): void => platform.write(address, bytes),
        read: (address: number, bytes: Uint8Array): void => platform.read(address, bytes),
      };
      const sampler = new Sampler(memory, { maxRows: rows.length, vocabSize, logprobsMode: options.mode });
      sampler.prepare(
        rows.map((row) => {
          const random = createRandom(row + 1);
          const ids = (count: number): number[] =>
            Array.from({ length: count }, () => Math.floor(random() * vocabSize));
          const params = normalizeSamplingParams({ seed: row * 2 ** 33 + 7, maxTokens: 100, ...options.params?.(row) });
          const state = new SamplingState({ params, promptTokenIds: ids(20), eosTokenIds: [vocabSize - 1] });
          const forcedTokenId = options.forced ? ids(1)[0] : undefined;
          const mask = options.maskOneIn === undefined ? undefined : maskOf(vocabSize, options.maskOneIn, random);
          const outputTokenIds = ids(row * 3);
          const logprobTokenIds = options.numGiven === undefined ? null : Int32Array.from(ids(options.numGiven));
          return { state, outputTokenIds, numLogprobs, forcedTokenId, logprobTokenIds, mask };
        }),
      );
      sampler.record(inputs.rows("logits", rows, vocabSize, { fill, stride: vocabSize + gap }));
      return results(inputs, rows.length, numLogprobs);
    },
  };
}

/** Runs of whole words without any token, and some with all of them, as grammars give. */
function maskOf(vocabSize: number, oneIn: number, random: () => number): Int32Array {
  const mask = Int32Array.from({ length: Math.ceil(vocabSize / 32) }, () => (random() < 0.2 ? -1 : 0));
  for (let id = 0; id < vocabSize; id++) if (random() * oneIn < 1) mask[id >> 5]! |= 1 << (id & 31);
  return mask;
}

const penalties = (row: number): SamplingParamsInput => ({
  temperature: row % 2,
  repetitionPenalty: 1.2,
  frequencyPenalty: 0.3,
  presencePenalty: 0.5,
  logitBias: { [row]: 4, [row + 1]: -100 },
  badWordsTokenIds: [[row + 2]],
  minTokens: 50,
});

export const cases: readonly OpCase[] = [
  sampleCase({ name: "greedy", vocabSize: 1000, params: () => ({ temperature: 0 }) }),
  sampleCase({ name: "greedy, ties", vocabSize: 130, fill: tied, params: () => ({ temperature: 0 }) }),
  sampleCase({ name: "greedy, strided rows", vocabSize: 100, gap: 12, params: () => ({ temperature: 0 }) }),
  sampleCase({ name: "one token", vocabSize: 1, numLogprobs: 1 }),
  sampleCase({ name: "draw", vocabSize: 1000 }),
  sampleCase({
    name: "draw from a flat row",
    vocabSize: 4099,
    fill: flat,
    params: (row) => ({ temperature: 0.5 + row / 4 }),
  }),
  sampleCase({ name: "masked draw", vocabSize: 1003, maskOneIn: 50, numLogprobs: 3 }),
  sampleCase({ name: "masked, greedy", vocabSize: 4099, maskOneIn: 300, params: () => ({ temperature: 0 }) }),
  sampleCase({ name: "masked down to a few tokens", vocabSize: 31, maskOneIn: 6, params: () => ({ topP: 0.9 }) }),
  sampleCase({
    name: "masked, processed log-probabilities",
    vocabSize: 700,
    maskOneIn: 20,
    numLogprobs: 4,
    mode: "processed_logprobs",
    params: penalties,
  }),
  sampleCase({ name: "mask beside a given token", vocabSize: 300, maskOneIn: 9, forced: true, numLogprobs: 2 }),
  sampleCase({ name: "min-p", vocabSize: 1000, params: () => ({ minP: 0.2 }) }),
  sampleCase({ name: "top-k", vocabSize: 1000, params: (row) => ({ topK: [1, 2, 50, 999, 1000][row] }) }),
  sampleCase({ name: "top-k, ties", vocabSize: 200, fill: tied, params: () => ({ topK: 3 }) }),
  sampleCase({ name: "top-p", vocabSize: 1000, params: (row) => ({ topP: [1e-6, 0.1, 0.5, 0.9, 0.999][row] }) }),
  sampleCase({ name: "top-p of a flat row", vocabSize: 20011, fill: flat, params: (row) => ({ topP: 0.3 + row / 8 }) }),
  sampleCase({
    name: "min-p, top-k and top-p",
    vocabSize: 4099,
    params: () => ({ temperature: 0.7, minP: 0.01, topK: 40, topP: 0.9 }),
  }),
  sampleCase({ name: "penalties, bias, bans", vocabSize: 500, params: penalties, numLogprobs: 5 }),
  sampleCase({ name: "chosen log-probabilities", vocabSize: 500, numLogprobs: 7, numGiven: 7 }),
  sampleCase({
    name: "chosen log-probabilities, penalties",
    vocabSize: 500,
    params: penalties,
    numLogprobs: 128,
    numGiven: 128,
  }),
  sampleCase({
    name: "chosen log-probabilities, processed",
    vocabSize: 300,
    params: () => ({ topK: 3 }),
    mode: "processed_logprobs",
    numLogprobs: 9,
    numGiven: 9,
  }),
  sampleCase({
    name: "chosen log-probabilities of a given token",
    vocabSize: 500,
    numLogprobs: 3,
    numGiven: 3,
    forced: true,
  }),
  sampleCase({
    name: "allowed ids",
    vocabSize: 500,
    params: (row) => ({ allowedTokenIds: [row, 9, 499] }),
    numLogprobs: 3,
  }),
  sampleCase({ name: "no token left", vocabSize: 70, fill: () => -Infinity }),
  sampleCase({ name: "half the tokens impossible", vocabSize: 300, fill: holes, params: () => ({ topP: 0.8 }) }),
  sampleCase({ name: "NaN in some rows", vocabSize: 300, fill: broken, rows: 9 }),
  sampleCase({ name: "all log-probabilities", vocabSize: 333, numLogprobs: 333 }),
  sampleCase({ name: "log-probabilities with ties", vocabSize: 200, fill: tied, numLogprobs: 20 }),
  sampleCase({ name: "given tokens", vocabSize: 1000, numLogprobs: 5, forced: true }),
  ...(["processed_logprobs", "raw_logits", "processed_logits"] as const).map((mode) =>
    sampleCase({
      name: mode,
      vocabSize: 600,
      mode,
      numLogprobs: 8,
      params: () => ({ temperature: 2, topK: 12, topP: 0.95 }),
    }),
  ),
  ...(
    [
      ["greedy", -1, { temperature: 0 }],
      ["greedy, 5 log-probabilities", 5, { temperature: 0 }],
      ["draw", -1, {}],
      ["top-k 50, top-p 0.9", -1, { topK: 50, topP: 0.9, temperature: 0.7 }],
      ["top-p 0.9", -1, { topP: 0.9 }],
    ] as const
  ).map(([what, numLogprobs, params]) =>
    sampleCase({
      name: `16 rows of 151936: ${what}`,
      vocabSize: 151936,
      rows: 16,
      fill: peaked,
      numLogprobs,
      params: () => params,
      benchOnly: true,
    }),
  ),
];
