import { afterEach, describe, expect, it } from "vitest";
import type { LogprobsMode } from "../ops/sample.js";
import { Program } from "../ops/program.js";
import { ReferencePlatform } from "../platform/reference/reference-platform.js";
import type { SamplingParamsInput } from "../request/sampling-params.js";
import { normalizeSamplingParams } from "../request/sampling-params.js";
import { ResourceError, ShapeError } from "../util/errors.js";
import { resolveNumLogprobs } from "./logprobs.js";
import type { SampledRow, SamplingRow } from "./sampler.js";
import { Sampler } from "./sampler.js";
import { SamplingState } from "./sampling-state.js";

interface TestRow {
  logits: readonly number[];
  params?: SamplingParamsInput;
  prompt?: number[];
  output?: readonly number[];
  eos?: number[];
  numLogprobs?: number;
  forced?: number;
  given?: number[];
}

const platform = new ReferencePlatform();
afterEach(() => expect(platform.allocatedBytes).toBe(0));

function toRow({ params, prompt = [], output = [], eos = [], numLogprobs = -1, forced, given }: TestRow): SamplingRow {
  const all = normalizeSamplingParams({ seed: 1, maxTokens: 1000, ...params });
  const state = new SamplingState({ params: all, promptTokenIds: prompt, eosTokenIds: eos });
  const logprobTokenIds = given === undefined ? null : Int32Array.from(given);
  return { state, outputTokenIds: output, numLogprobs, forcedTokenId: forced, logprobTokenIds };
}

async function run(sampler: Sampler, rows: readonly TestRow[], vocabSize: number): Promise<SampledRow[]> {
  sampler.prepare(rows.map(toRow));
  const values = Float32Array.from(rows.flatMap(({ logits }) => logits));
  const address = platform.allocate(values.byteLength, "logits");
  platform.write(address, new Uint8Array(values.buffer));
  const program = new Program("test");
  sampler.record(program.input("logits", [rows.length, vocabSize], "f32", address));
  await platform.run([platform.compile(program)]);
  platform.free(address);
  return sampler.collect();
}

async function sampleRows(
  rows: readonly TestRow[],
  logprobsMode: LogprobsMode = "raw_logprobs",
): Promise<SampledRow[]> {
  const vocabSize = rows[0]!.logits.length;
  const sampler = new Sampler(platform, { maxRows: rows.length, vocabSize, logprobsMode });
  try {
    return await run(sampler, rows, vocabSize);
  } finally {
    sampler.dispose();
  }
}

/** What the draw is made from: each token's logit after all processing, -infinity where it was dropped. */
async function processed(row: TestRow): Promise<number[]> {
  const numLogprobs = row.logits.length;
  const [result] = await sampleRows([{ ...row, numLogprobs }], "processed_logits");
  const { tokenIds, logprobs } = result!.logprobs!;
  const values: number[] = [];
  tokenIds.forEach((id, i) => (values[id] = logprobs[i]!));
  return values;
}

const kept = async (row: TestRow): Promise<number[]> =>
  (await processed(row)).flatMap((value, id) => (value > -Infinity ? [id] : []));

const ln = (...probabilities: number[]): number[] => probabilities.map(Math.log);
const none = -Infinity;

describe("processing", () => {
  it("penalizes repetition, then frequency, then presence; prompt tokens only for repetition", async () => {
    const params = { temperature: 0, repetitionPenalty: 2, frequencyPenalty: 0.5, presencePenalty: 0.25 };
    const row = { logits: [4, -1, 3, 1, 8], prompt: [1, 3], output: [0, 1, 0], params };
    expect(await processed(row)).toEqual([4 / 2 - 2 * 0.5 - 0.25, -1 * 2 - 0.5 - 0.25, 3, 0.5, 8]);
  });

  it("adds the bias before the penalties", async () => {
    const params = { temperature: 0, logitBias: { 0: 3, 1: -3 }, repetitionPenalty: 2 };
    expect(await processed({ logits: [1, 1, 0], prompt: [0, 1], params })).toEqual([2, -4, 0]);
  });

  it("takes a forbidden token out whatever its bias", async () => {
    const params = { logitBias: { 0: 100 }, badWordsTokenIds: [[0]], allowedTokenIds: [0, 2] };
    expect(await kept({ logits: [1, 9, 3], params })).toEqual([2]);
  });

  it("forbids end-of-sequence and stop ids until the minimum is reached", async () => {
    const row = {
      logits: [5, 4, 3],
      eos: [0],
      params: { temperature: 0, stopTokenIds: [1], minTokens: 2, ignoreEos: true },
    };
    expect(await kept({ ...row, output: [2] })).toEqual([2]);
    expect(await kept({ ...row, output: [2, 2] })).toEqual([0, 1, 2]);
  });

  it("forbids the last token of a bad word only after the others", async () => {
    const params = { temperature: 0, badWordsTokenIds: [[1, 2], [0]] };
    expect(await kept({ logits: [1, 2, 3], output: [1, 1], params })).toEqual([1]);
    expect(await kept({ logits: [1, 2, 3], output: [1, 0], params, prompt: [1] })).toEqual([1, 2]);
  });

  it("divides by the temperature before min-p", async () => {
    const logits = [0, -2, -4];
    expect(await processed({ logits, params: { temperature: 2 } })).toEqual([0, -1, -2]);
    expect(await kept({ logits, params: { minP: 0.3 } })).toEqual([0]);
    expect(await kept({ logits, params: { minP: 0.3, temperature: 2 } })).toEqual([0, 1]);
    expect(await kept({ logits: [3, 1, 3], params: { minP: 1 } })).toEqual([0, 2]);
  });

  it("keeps the k largest and all that equal the k-th", async () => {
    const logits = [1, 3, 2, 3, 2, 0];
    const ofK = (topK: number): Promise<number[]> => kept({ logits, params: { topK } });
    expect(await ofK(1)).toEqual([1, 3]);
    expect(await ofK(2)).toEqual([1, 3]);
    expect(await ofK(3)).toEqual([1, 2, 3, 4]);
    expect(await ofK(5)).toEqual([0, 1, 2, 3, 4]);
    for (const k of [0, 6, 100]) expect(await ofK(k)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(await kept({ logits: [none, 3, none, 1], params: { topK: 3 } })).toEqual([1, 3]);
  });

  it("keeps the fewest likely tokens that reach p, the largest always", async () => {
    const logits = ln(0.125, 0.5, 0.125, 0.25);
    const ofP = (topP: number): Promise<number[]> => kept({ logits, params: { topP } });
    expect(await ofP(1e-9)).toEqual([1]);
    expect(await ofP(0.49)).toEqual([1]);
    expect(await ofP(0.51)).toEqual([1, 3]);
    expect(await ofP(0.74)).toEqual([1, 3]);
    expect(await ofP(0.76)).toEqual([0, 1, 3]);
    expect(await ofP(0.88)).toEqual([0, 1, 2, 3]);
    expect(await ofP(1)).toEqual([0, 1, 2, 3]);
    // Equal logits: what is left adds up to exactly p; the lower ids stay.
    expect(await kept({ logits: [2, 2, 2, 2], params: { topP: 0.5 } })).toEqual([0, 1]);
  });

  it("takes top-p of what top-k left", async () => {
    const logits = ln(0.4, 0.3, 0.2, 0.1);
    expect(await kept({ logits, params: { topP: 0.6 } })).toEqual([0, 1]);
    expect(await kept({ logits, params: { topP: 0.55, topK: 2 } })).toEqual([0]);
  });
});

describe("choice", () => {
  it("is the lowest of equally likely tokens when greedy", async () => {
    const rows = [
      [1, 5, 5, 2],
      [0, 0, 0, 0],
      [none, none, none, -1e30],
    ].map((logits) => ({ logits, params: { temperature: 0 } }));
    expect((await sampleRows(rows)).map(({ tokenId }) => tokenId)).toEqual([1, 0, 3]);
  });

  it("is the same for the same seed and place, and another for others", async () => {
    const logits = Array.from({ length: 1000 }, () => 0);
    const token = async (params: SamplingParamsInput, output: number[]): Promise<number> =>
      (await sampleRows([{ logits, params, output }]))[0]!.tokenId;
    const first = await token({ seed: 5 }, [1, 2]);
    expect(await token({ seed: 5 }, [3, 4])).toBe(first);
    expect(await token({ seed: 6 }, [1, 2])).not.toBe(first);
    expect(await token({ seed: 5 + 2 ** 32 }, [1, 2])).not.toBe(first);
    expect(await token({ seed: -5 }, [1, 2])).not.toBe(first);
    expect(await token({ seed: 5 }, [1, 2, 3])).not.toBe(first);
  });

  /** Pearson's statistic of 4000 draws; beyond 24.3 (7 degrees of freedom) has probability 0.001. */
  async function chiSquare(rows: TestRow[], probabilities: number[]): Promise<number> {
    const counts = probabilities.map(() => 0);
    for (const { tokenId } of await sampleRows(rows)) counts[tokenId]!++;
    const terms = probabilities.map((p, id) =>
      p === 0 ? counts[id]! * 1e9 : (counts[id]! - p * rows.length) ** 2 / (p * rows.length),
    );
    return terms.reduce((sum, term) => sum + term, 0);
  }
  const probabilities = [0.3, 0.05, 0.2, 0.01, 0.14, 0.1, 0.15, 0.05];
  const draws = Array.from({ length: 4000 }, (_, i) => i);

  it("follows the probabilities over seeds", async () => {
    const rows = draws.map((seed) => ({ logits: ln(...probabilities), params: { seed } }));
    expect(await chiSquare(rows, probabilities)).toBeLessThan(24.3);
  });

  it("follows the probabilities over one request's tokens", async () => {
    const rows = draws.map((length) => ({ logits: ln(...probabilities), output: Array.from({ length }, () => 0) }));
    expect(await chiSquare(rows, probabilities)).toBeLessThan(24.3);
  });

  it("follows the filtered probabilities at a temperature", async () => {
    const params = { temperature: 0.5, topK: 3 };
    const squares = probabilities.map((p) => (p >= 0.15 ? p * p : 0));
    const total = squares.reduce((sum, p) => sum + p);
    const rows = draws.map((seed) => ({ logits: ln(...probabilities), params: { ...params, seed } }));
    expect(
      await chiSquare(
        rows,
        squares.map((p) => p / total),
      ),
    ).toBeLessThan(24.3);
  });

  it("of a row does not depend on the rows beside it", async () => {
    const rows: TestRow[] = draws.slice(0, 24).map((i) => ({
      logits: Array.from({ length: 50 }, (_, id) => Math.sin(i * 50 + id) * 5),
      params: {
        seed: i,
        temperature: i % 3,
        topP: 0.9,
        repetitionPenalty: 1.1 + (i % 2),
        logitBias: i % 4 ? null : { 3: 2 },
      },
      prompt: [i, 1],
      output: [i, 2 * i],
      numLogprobs: (i % 5) - 1,
    }));
    const together = await sampleRows(rows);
    for (const [i, row] of rows.entries()) expect(await sampleRows([row])).toEqual([together[i]]);
    expect(await sampleRows(rows.toReversed())).toEqual(together.toReversed());
  });
});

describe("log-probabilities", () => {
  const logits = ln(0.1, 0.4, 0.25, 0.25);
  const asProbabilities = ({ logprobs }: SampledRow): number[] =>
    logprobs!.logprobs.map((x) => Number(Math.exp(x).toFixed(5)));

  it("are the raw ones, the token first, then the likeliest, whatever shapes the choice", async () => {
    const params = { temperature: 0, badWordsTokenIds: [[1]], logitBias: { 3: 1 } };
    const [row] = await sampleRows([{ logits: logits.map((x) => x + 100), params, numLogprobs: 2 }]);
    expect(row!.logprobs!.tokenIds).toEqual([3, 1, 2]);
    expect(asProbabilities(row!)).toEqual([0.25, 0.4, 0.25]);
    expect(row!.logprobs!.rank).toBe(3);
  });

  it("count as many as asked: only the token's own, all, none", async () => {
    const params = { temperature: 0 };
    const counts = [null, 0, 1, 4, -1].map((asked) => resolveNumLogprobs(asked, 4));
    const results = await sampleRows(counts.map((numLogprobs) => ({ logits, params, numLogprobs })));
    expect(results.map(({ logprobs }) => logprobs?.tokenIds)).toEqual([
      undefined,
      [1],
      [1, 1],
      [1, 1, 2, 3, 0],
      [1, 1, 2, 3, 0],
    ]);
  });

  it("of a given token come without sampling or processing", async () => {
    const params = { badWordsTokenIds: [[0]], temperature: 2 };
    const [row] = await sampleRows([{ logits, params, numLogprobs: 1, forced: 0 }], "processed_logprobs");
    expect(row).toMatchObject({ tokenId: 0, error: null, logprobs: { tokenIds: [0, 1], rank: 4 } });
    expect(asProbabilities(row!)).toEqual([0.1, 0.4]);
  });

  it("can be those of the draw", async () => {
    const row = { logits, params: { topK: 3 }, numLogprobs: 4 };
    const [result] = await sampleRows([row], "processed_logprobs");
    expect(result!.logprobs!.tokenIds.slice(1)).toEqual([1, 2, 3, 0]);
    expect(asProbabilities(result!).slice(1)).toEqual([0.44444, 0.27778, 0.27778, 0]);
  });
});

describe("broken rows", () => {
  it("end their own request only", async () => {
    const logits = [
      [1, NaN, 2],
      [3, 2, 1],
      [none, none, none],
      [0, Infinity, 0],
      [1, 2, 3],
    ];
    const params = { temperature: 1, topK: 1, topP: 0.5, minP: 0.1 };
    for (const numLogprobs of [-1, 2]) {
      const results = await sampleRows(logits.map((values) => ({ logits: values, params, numLogprobs })));
      expect(results.map(({ error }) => error?.slice(0, 13))).toEqual([
        "the model's l",
        undefined,
        "no token is l",
        "the model's l",
        undefined,
      ]);
      expect([results[1]!.tokenId, results[4]!.tokenId]).toEqual([0, 2]);
    }
  });

  it("name what left no token", async () => {
    const [row] = await sampleRows([{ logits: [1, 2], params: { allowedTokenIds: [1], badWordsTokenIds: [[1]] } }]);
    expect(row!.error).toContain("allowed_token_ids, bad_words");
  });
});

describe("buffers", () => {
  it("grow on demand, and say so", async () => {
    const sampler = new Sampler(platform, { maxRows: 1, vocabSize: 3 });
    const row: TestRow = { logits: [1, 2, 3], params: { temperature: 0 } };
    const { generation } = sampler.prepare([toRow(row)]);
    expect(sampler.prepare([toRow(row)]).generation).toBe(generation);
    const long = {
      ...row,
      params: { temperature: 0, repetitionPenalty: 9 },
      prompt: Array.from({ length: 5000 }, (_, i) => i + 2),
    };
    const results = await run(sampler, [row, long, { ...row, numLogprobs: 3 }], 3);
    expect(results.map(({ tokenId }) => tokenId)).toEqual([2, 1, 2]);
    expect(sampler.prepare([toRow(row)]).generation).toBeGreaterThan(generation);
    expect(sampler.prepare([])).toBeDefined();
    expect(sampler.collect()).toEqual([]);
    sampler.dispose();
  });

  it("stay as they are when there is no memory for larger ones", async () => {
    let isFull = false;
    const memory = {
      allocate(bytes: number, label: string): number {
        if (isFull && label.includes("top")) throw new ResourceError("full");
        return platform.allocate(bytes, label);
      },
      free: (address: number): void => platform.free(address),
      write: (address: number, bytes: Uint8Array): void => platform.write(address, bytes),
      read: (address: number, bytes: Uint8Array): void => platform.read(address, bytes),
    };
    const sampler = new Sampler(memory, { maxRows: 1, vocabSize: 2 });
    const row = { logits: [1, 2], params: { temperature: 0 } };
    isFull = true;
    expect(() => sampler.prepare([toRow(row), toRow(row)])).toThrow(ResourceError);
    expect((await run(sampler, [row], 2))[0]!.tokenId).toBe(1);
    sampler.dispose();
  });

  it("refuse more rows of logits than were prepared for", () => {
    const sampler = new Sampler(platform, { maxRows: 2, vocabSize: 3 });
    const program = new Program("test");
    expect(() => sampler.record(program.input("logits", [3, 3], "f32", 64))).toThrow(ShapeError);
    expect(() => sampler.record(program.input("logits", [2, 3], "i32", 64))).toThrow(ShapeError);
    sampler.dispose();
  });
});

describe("given tokens", () => {
  it("have their log-probabilities reported in their order, in place of the likeliest ones'", async () => {
    const logits = [1, 2, 3, 4].map(Math.log);
    const rows = [
      { logits, params: { temperature: 0, repetitionPenalty: 1.1 }, prompt: [1], numLogprobs: 2, given: [0, 2] },
      { logits, params: { temperature: 0 }, numLogprobs: 1 },
      { logits, numLogprobs: 1, forced: 1, given: [0] },
    ];
    const results = await sampleRows(rows);
    const seen = results.map(({ logprobs }) => [
      logprobs!.tokenIds,
      logprobs!.logprobs.map((value) => Math.round(10 * Math.exp(value))),
      logprobs!.rank,
    ]);
    expect(seen).toEqual([
      [[3, 0, 2], [4, 1, 3], 1],
      [[3, 3], [4, 4], 1],
      [[1, 0], [2, 1], 3],
    ]);
  });
});
