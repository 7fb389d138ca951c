/** Logits processors from outside: per-request functions and registered ones, their place in the pipeline, and what is refused. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { LLM, registerLogitsProcessor } from "../../src/index.js";
import type { LogitsBatch, LogitsFunction, SamplingParamsInput } from "../../src/index.js";
import { checkCrossesProcesses } from "../../src/request/logits-processor.js";
import { normalizeSamplingParams } from "../../src/request/sampling-params.js";
import { samplingParams } from "../../src/server/openai/sampling-fields.js";
import { goldenCases, materializeCase } from "../support/golden.js";
import { platformsHere } from "../support/platforms.js";

const golden = goldenCases().find(({ name }) => name === "llama")!;
const prompts = [[5, 6, 7], [9], [11, 12, 13, 14, 15]].map((promptTokenIds) => ({ promptTokenIds }));
const identity: LogitsFunction = () => undefined;
/** Only this token is left. */
const only =
  (id: number): LogitsFunction =>
  (_, logits) => {
    const value = logits[id]!;
    logits.fill(-Infinity);
    logits[id] = value;
  };

// The table is the process's: registered once, for all platforms.
const seen: { batches: LogitsBatch[]; numRows: number[] } = { batches: [], numRows: [] };
registerLogitsProcessor("test/count", {
  updateState: (batch) => void seen.batches.push(batch),
  apply: (rows) => void seen.numRows.push(rows.length),
});
registerLogitsProcessor("test/identity-draw", { isArgmaxInvariant: true, create: () => ({ apply: () => undefined }) });
registerLogitsProcessor("test/limit", {
  validateParams({ extraArgs }) {
    if (typeof extraArgs?.limit !== "number") throw new Error("extra_args.limit must be a number");
  },
  create: ({ vocabSize }) => ({
    apply: (rows, requests) =>
      rows.forEach((row, i) =>
        row.fill(-Infinity, Math.min(vocabSize, requests[i]!.params.extraArgs!.limit as number)),
      ),
  }),
});
registerLogitsProcessor("test/throws", {
  apply: () => {
    throw new Error("out of ideas");
  },
});

const everything: SamplingParamsInput = {
  temperature: 0.8,
  topP: 0.9,
  topK: 40,
  minP: 0.02,
  presencePenalty: 0.3,
  frequencyPenalty: 0.2,
  repetitionPenalty: 1.2,
  logitBias: { 3: 5, 8: -5, 9: 1.25 },
  badWordsTokenIds: [[12], [8, 3]],
  stopTokenIds: [4],
  minTokens: 6,
  allowedTokenIds: Array.from({ length: 60 }, (_, i) => i),
  seed: 42,
};

for (const { label, options } of platformsHere())
  describe.each(["raw_logprobs", "processed_logprobs"] as const)(`${label}, %s`, (logprobsMode) => {
    let llm: LLM;
    beforeAll(async () => {
      const model = materializeCase(golden);
      const sizes = { kvCacheMemoryBytes: 2 ** 24, maxNumBatchedTokens: 64, maxNumSeqs: 8 };
      llm = new LLM({
        model,
        dtype: "float32",
        skipTokenizerInit: true,
        logprobsMode,
        maxLogprobs: -1,
        ...sizes,
        ...options,
      });
      await llm.ready();
    });
    afterAll(() => llm.close());

    const run = async (params: SamplingParamsInput | SamplingParamsInput[]) => {
      const base = { maxTokens: 10, ignoreEos: true, logprobs: 3, promptLogprobs: 1 };
      const list = Array.isArray(params) ? params : prompts.map(() => params);
      const outputs = await llm.generate(prompts, list.map((one) => ({ ...base, ...one })) as never);
      return outputs.map(({ promptLogprobs, outputs: [output] }) => ({
        promptLogprobs,
        tokenIds: output!.tokenIds,
        logprobs: output!.logprobs,
      }));
    };

    test.each([
      ["greedy", { temperature: 0, repetitionPenalty: 1.3, logitBias: { 5: 2 } }],
      ["random", { temperature: 1, seed: 3 }],
      ["everything", everything],
    ] as [string, SamplingParamsInput][])(
      "%s: what changes nothing changes no bit, alone and beside others",
      async (_, params) => {
        const plain = await run(params);
        const changed = { ...params, logitsProcessors: [identity] };
        const drawn = { ...params, logitsProcessors: ["test/identity-draw", identity] };
        expect(await run(changed)).toEqual(plain);
        expect(await run(drawn)).toEqual(plain);
        expect(await run([changed, params, drawn])).toEqual(plain);
      },
    );

    test("a function decides, and sees what came before", async () => {
      const lengths: number[] = [];
      const result = await run({
        temperature: 0,
        logitsProcessors: [
          (outputTokenIds, logits, promptTokenIds) => {
            lengths.push(outputTokenIds.length + 100 * promptTokenIds.length);
            return only(20 + outputTokenIds.length)(outputTokenIds, logits, promptTokenIds);
          },
        ],
      });
      const tokens = Array.from({ length: 10 }, (_, i) => 20 + i);
      expect(result.map(({ tokenIds }) => [...tokenIds])).toEqual([tokens, tokens, tokens]);
      expect(new Set(lengths.map((length) => Math.floor(length / 100)))).toEqual(new Set([1, 3, 5]));
      const [first] = result[0]!.logprobs!;
      const own = [...(first as unknown as Map<number, { logprob: number }>).entries()].find(([id]) => id === 20)![1]
        .logprob;
      if (logprobsMode === "processed_logprobs") expect(own).toBe(0);
      else expect(own).toBeLessThan(-0.5);
    });

    test("a returned row counts; one of another length ends its request alone", async () => {
      const replaced = await run({
        temperature: 0,
        logitsProcessors: [(_, logits) => logits.map((__, id) => (id === 33 ? 1 : 0))],
      });
      expect(new Set(replaced.flatMap(({ tokenIds }) => [...tokenIds]))).toEqual(new Set([33]));
      const wrong = { temperature: 0, maxTokens: 4, logitsProcessors: [() => new Float32Array(2)] };
      await expect(llm.generate(prompts[0]!, wrong)).rejects.toThrow(
        /a function in logitsProcessors failed: it must return nothing, or a Float32Array of/,
      );
      const [plain] = await run({ temperature: 0 });
      expect(plain!.tokenIds).toHaveLength(10);
    });

    test("functions come after allowed ids, as in vLLM", async () => {
      const [one] = await run({
        temperature: 0,
        allowedTokenIds: [5, 6],
        logitsProcessors: [(_, logits) => void (logits[40] = 100)],
      });
      expect([...one!.tokenIds]).toEqual(Array.from({ length: 10 }, () => 40));
    });

    test("a registered processor is told who comes and goes, and gets rows of its requests alone", async () => {
      seen.batches.length = seen.numRows.length = 0;
      await run([
        { temperature: 0 },
        { temperature: 0, logitsProcessors: ["test/count"] },
        { temperature: 0, logitsProcessors: ["test/count"] },
      ]);
      expect(Math.max(...seen.numRows)).toBe(2);
      expect(
        seen.batches
          .flatMap(({ added }) => added)
          .map(({ promptTokenIds }) => promptTokenIds.length)
          .sort(),
      ).toEqual([1, 5]);
      await run({ temperature: 0, logitsProcessors: ["test/count"] });
      expect(seen.batches.flatMap(({ removed }) => removed).length).toBeGreaterThanOrEqual(2);
    });

    test("extra arguments are checked and used", async () => {
      const params = { temperature: 1, seed: 1, logitsProcessors: ["test/limit"] };
      const result = await run({ ...params, extraArgs: { limit: 4 } });
      expect(Math.max(...result.flatMap(({ tokenIds }) => [...tokenIds]))).toBeLessThan(4);
      await expect(run(params)).rejects.toThrow(/logits_processors: test\/limit: extra_args\.limit must be a number/);
    });

    test("errors end the request, not the engine", async () => {
      await expect(llm.generate(prompts[0]!, { logitsProcessors: ["test/throws"] })).rejects.toThrow(
        /logits processor test\/throws failed: out of ideas/,
      );
      await expect(llm.generate(prompts[0]!, { logitsProcessors: ["test/none"] })).rejects.toThrow(
        /"test\/none" is not one of this engine's: test\/count, /,
      );
      await expect(llm.generate(prompts[0]!, { logitsProcessors: [5 as never] })).rejects.toThrow(
        /logits_processors must be a list of names of registered processors, or functions/,
      );
      expect((await run({ temperature: 0 }))[0]!.tokenIds).toHaveLength(10);
    });
  });

describe("over HTTP", () => {
  const endpoint = { maxTokens: 1, logprobs: null, promptLogprobs: null };

  test("names and extra arguments are taken", () => {
    const params = samplingParams({ logits_processors: ["a"], vllm_xargs: { limit: 2 } }, {}, endpoint);
    expect(params).toMatchObject({ logitsProcessors: ["a"], extraArgs: { limit: 2 } });
  });

  test.each(["a", [{ qualname: "os.system" }], 5])("%j is refused", (given) => {
    expect(() => samplingParams({ logits_processors: given }, {}, endpoint)).toThrow(
      /must be a list of names .*code cannot be sent over HTTP/,
    );
  });

  test("functions cannot go to an engine in another process", () => {
    checkCrossesProcesses(normalizeSamplingParams({ logitsProcessors: ["a"] }));
    const params = normalizeSamplingParams({ logitsProcessors: [identity] });
    expect(() => checkCrossesProcesses(params)).toThrow(/another process.*register a processor in a plugin/);
  });
});

describe("registering", () => {
  test.each([
    ["test/count", { apply: (): void => undefined }, /there is one of that name already/],
    ["", { apply: (): void => undefined }, /the name must be a text/],
    ["test/x", {} as never, /expected \{ apply\(logits, requests\)/],
    [
      "test/y",
      { apply: (): void => undefined, appliesTo: "some" as never },
      /appliesTo must be "named" or "all", got "some"/,
    ],
  ])("%j is refused", (name, definition, message) => {
    expect(() => registerLogitsProcessor(name, definition)).toThrow(message);
  });

  // Last: it touches every request from here on.
  test("a processor for all touches requests that name nothing", async () => {
    let numRows = 0;
    registerLogitsProcessor("test/all", { appliesTo: "all", apply: (rows): void => void (numRows += rows.length) });
    await using llm = new LLM({
      model: materializeCase(golden),
      dtype: "float32",
      skipTokenizerInit: true,
      kvCacheMemoryBytes: 2 ** 24,
    });
    await llm.generate(prompts, { temperature: 0, maxTokens: 5, ignoreEos: true });
    expect(numRows).toBe(15);
  });
});
