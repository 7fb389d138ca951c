/** Steps that are planned while others compute: the same outputs, no lost and no idle steps, and every end of an engine. */
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { parseEngineConfig } from "../../src/config/engine-config.js";
import type { EngineOptions } from "../../src/config/engine-config.js";
import { createScheduler } from "../../src/engine/create-scheduler.js";
import { EngineCore } from "../../src/engine/engine-core.js";
import type { EngineCoreOutput, EngineCoreRequest } from "../../src/engine/transport.js";
import { LLM } from "../../src/engine/llm.js";
import type { SamplingParamsInput } from "../../src/request/sampling-params.js";
import { normalizeSamplingParams } from "../../src/request/sampling-params.js";
import { registerLogitsProcessor } from "../../src/request/logits-processor.js";
import { EngineDeadError } from "../../src/util/errors.js";
import { platformsHere } from "../support/platforms.js";
import { EOS } from "./fake-tokenizer.js";
import { expectedTokens, FakeWorker, type FakeWorkerOptions } from "./fake-worker.js";

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

async function until(holds: () => boolean): Promise<void> {
  const start = performance.now();
  while (!holds()) {
    if (performance.now() - start > 10_000) throw new Error(`not in 10 seconds: ${holds}`);
    await sleep(0);
  }
}

function fakeCore(options: FakeWorkerOptions = {}, config: Partial<EngineOptions> = {}) {
  const worker = new FakeWorker({ maxSteps: 2, ...options });
  const parsed = parseEngineConfig({ model: "fake", ...config }, {});
  const scheduler = createScheduler(parsed, worker.info);
  const outputs: EngineCoreOutput[] = [];
  const deaths: string[] = [];
  let rests = 0;
  const core = new EngineCore(
    worker,
    scheduler,
    { outputs: (step) => outputs.push(...step), death: (message) => deaths.push(message), idle: () => rests++ },
    parsed,
  );
  return { worker, scheduler, core, outputs, deaths, rests: () => rests };
}

function request(requestId: string, params: SamplingParamsInput = {}, eosTokenIds = [EOS]): EngineCoreRequest {
  const sampling = normalizeSamplingParams({ temperature: 0, ...params });
  return { requestId, promptTokenIds: [1, 2, 3], params: sampling, eosTokenIds };
}

function tokensOf(outputs: readonly EngineCoreOutput[], id: string): number[] {
  return outputs.filter(({ requestId }) => requestId === id).flatMap(({ newTokenIds }) => newTokenIds);
}

const numEnded = (outputs: readonly EngineCoreOutput[]) =>
  outputs.filter(({ finishReason }) => finishReason !== null).length;

describe("the core", () => {
  it("plans every step but the first while another computes, and none for a length that is known", async () => {
    const { core, worker, outputs, rests } = fakeCore();
    core.addRequests([request("a", { maxTokens: 10 }), request("b", { maxTokens: 7 })]);
    await until(() => numEnded(outputs) === 2);
    expect(tokensOf(outputs, "a")).toEqual(expectedTokens([1, 2, 3], 10));
    expect(tokensOf(outputs, "b")).toEqual(expectedTokens([1, 2, 3], 7));
    expect(worker.steps.map(({ totalNumScheduledTokens }) => totalNumScheduledTokens)).toEqual([
      6,
      ...Array<number>(6).fill(2),
      ...Array<number>(3).fill(1),
    ]);
    expect(worker.numAhead).toBe(9);
    await until(() => rests() > 0);
    for (let i = 0; i < 20; i++) await turn();
    expect(worker.steps.length).toBe(10);
    expect(core.stats()).toMatchObject({ numSteps: 10, numGeneratedTokens: 17, kvCacheUsage: 0 });
  });

  it("drops what a step gives to a request that ended in the one before", async () => {
    const next: FakeWorkerOptions["next"] = (tokens, numPrompt) => (tokens.length - numPrompt === 3 ? EOS : undefined);
    const { core, worker, outputs } = fakeCore({ next });
    core.addRequests([request("a", { maxTokens: 100 })]);
    await until(() => numEnded(outputs) === 1);
    expect(tokensOf(outputs, "a")).toEqual([...expectedTokens([1, 2, 3], 3), EOS]);
    expect(outputs.at(-1)).toMatchObject({ finishReason: "stop", stopReason: null });
    await until(() => !worker.isBusy);
    expect(worker.steps.length).toBe(5);
    expect(core.stats()).toMatchObject({ numRunning: 0, kvCacheUsage: 0, numGeneratedTokens: 4 });
    // The same id again, while the worker has not been told that the first one is gone.
    core.addRequests([request("a", { maxTokens: 2 })]);
    await until(() => numEnded(outputs) === 2);
    expect(tokensOf(outputs, "a").slice(4)).toEqual(expectedTokens([1, 2, 3], 2));
  });

  it("does one thing after the other with --no-async-scheduling, or a worker that cannot", async () => {
    for (const { worker, core, outputs } of [fakeCore({}, { asyncScheduling: false }), fakeCore({ maxSteps: 1 })]) {
      core.addRequests([request("a", { maxTokens: 10 })]);
      await until(() => numEnded(outputs) === 1);
      expect(tokensOf(outputs, "a")).toEqual(expectedTokens([1, 2, 3], 10));
      expect([worker.steps.length, worker.numAhead]).toEqual([10, 0]);
    }
  });

  it("waits for the tokens of requests whose sampling depends on them; others do not pay when it is over", async () => {
    const penalty = { frequencyPenalty: 1 };
    for (const params of [penalty, { repetitionPenalty: 1.1 }, { badWordsTokenIds: [[5]] }]) {
      const { core, worker, outputs } = fakeCore();
      core.addRequests([request("a", { maxTokens: 10, ...params }), request("b", { maxTokens: 20 })]);
      await until(() => numEnded(outputs) === 2);
      expect(tokensOf(outputs, "a")).toEqual(expectedTokens([1, 2, 3], 10));
      expect(tokensOf(outputs, "b")).toEqual(expectedTokens([1, 2, 3], 20));
      // The last step of a is followed by one that was planned meanwhile: a's length is known.
      expect([worker.steps.length, worker.numAhead]).toEqual([20, 10]);
    }
  });

  it("takes in a request in the step that is planned next, and aborts between plans", async () => {
    const { core, worker, outputs } = fakeCore({ stepMs: 2 });
    core.addRequests([request("a", { maxTokens: 200 })]);
    await until(() => worker.steps.length >= 5);
    const numSteps = worker.steps.length;
    core.addRequests([request("b", { maxTokens: 3 })]);
    await until(() => numEnded(outputs) === 1);
    expect(worker.steps[numSteps]!.scheduledNewRequests.map(({ requestId }) => requestId)).toEqual(["b"]);
    core.abort(["a"]);
    await until(() => core.stats().numRunning === 0);
    const numAfter = worker.steps.length;
    await until(() => !worker.isBusy);
    expect(worker.steps.length).toBe(numAfter);
    expect(core.stats().kvCacheUsage).toBe(0);
    expect(numEnded(outputs)).toBe(1);
  });

  it("calls what needs rest when nothing computes, and goes on", async () => {
    const { core, worker, outputs } = fakeCore();
    const busy: boolean[] = [];
    Object.assign(worker, { probe: () => void busy.push(worker.isBusy) });
    core.addRequests([request("a", { maxTokens: 50 })]);
    await until(() => outputs.length > 5);
    await core.call("probe");
    expect(await core.call("resetPrefixCache")).toBe(false);
    expect(await core.call("resetPrefixCache", true)).toBe(true);
    await until(() => numEnded(outputs) === 1);
    expect(busy).toEqual([false]);
    expect(tokensOf(outputs, "a")).toEqual(expectedTokens([1, 2, 3], 50));
    expect(worker.numAhead).toBeGreaterThan(40);
  });

  it("waits with room that is short rather than take blocks that an ending request gives back", async () => {
    // Two requests of 3 blocks each; 6 are there.
    const info = { numBlocks: 7, blockSize: 4 };
    const { core, worker, outputs } = fakeCore({ info }, { enablePrefixCaching: false });
    core.addRequests([request("a", { maxTokens: 9 }), request("b", { maxTokens: 9 })]);
    await until(() => numEnded(outputs) === 2);
    expect(core.stats().numPreemptions).toBe(0);
    expect(worker.numAhead).toBeGreaterThan(0);
    for (const id of ["a", "b"]) expect(tokensOf(outputs, id)).toEqual(expectedTokens([1, 2, 3], 9));
  });

  it("a request that fails ends alone, though a step was planned with it", async () => {
    const errorOf: FakeWorkerOptions["errorOf"] = (id, tokens) =>
      id === "a" && tokens.length === 6 ? "no" : undefined;
    const { core, outputs } = fakeCore({ errorOf });
    core.addRequests([request("a", { maxTokens: 20 }), { ...request("b", { maxTokens: 20 }), promptTokenIds: [9, 9] }]);
    await until(() => numEnded(outputs) === 2);
    expect(outputs.filter(({ errorMessage }) => errorMessage !== null)).toMatchObject([
      { requestId: "a", finishReason: "error", errorMessage: "no" },
    ]);
    expect(tokensOf(outputs, "a").length).toBe(3);
    expect(tokensOf(outputs, "b")).toEqual(expectedTokens([9, 9], 20));
  });
});

describe("the end of an engine with two steps under way", () => {
  const twoUnderWay = async (options: FakeWorkerOptions) => {
    const made = fakeCore({ stepMs: 5, ...options });
    made.core.addRequests([request("a", { maxTokens: 200 })]);
    await until(() => made.worker.steps.length >= 6 && made.worker.numBusy === 2);
    return made;
  };

  it("closing lets both end, then disposes of the worker", async () => {
    const { core, worker, outputs } = await twoUnderWay({});
    const waiting = core.call("probe").catch((error: unknown) => error);
    const numOutputs = outputs.length;
    await core.close();
    expect([worker.isDisposed, worker.numBusy]).toEqual([true, 0]);
    expect(outputs.length).toBeLessThanOrEqual(numOutputs + 1);
    expect(await waiting).toBeInstanceOf(EngineDeadError);
    await core.close();
  });

  it("a worker that fails kills the engine once, after the step behind has ended", async () => {
    let fails = false;
    const beforeStep = () => {
      if (fails) throw new Error("gone");
    };
    const { core, worker, deaths } = await twoUnderWay({ beforeStep });
    fails = true;
    await until(() => deaths.length > 0);
    expect(deaths).toEqual(["the engine died: gone"]);
    expect([worker.isDisposed, worker.numBusy]).toEqual([true, 0]);
    await core.close();
    expect(deaths.length).toBe(1);
  });

  it("aborting all leaves it idle, and it starts again", async () => {
    const { core, worker, outputs, rests } = await twoUnderWay({});
    core.abort(["a"]);
    await until(() => rests() > 0);
    expect([worker.numBusy, core.stats().kvCacheUsage]).toEqual([0, 0]);
    core.addRequests([request("b", { maxTokens: 3 })]);
    await until(() => numEnded(outputs) === 1);
    expect(tokensOf(outputs, "b")).toEqual(expectedTokens([1, 2, 3], 3));
  });
});

registerLogitsProcessor("test/no-op", { apply: () => undefined });

describe.each(platformsHere().filter(({ label }) => !/portable|avx2|avx512$/.test(label)))(
  "a real model on $label",
  ({ label, options }) => {
    const isSlow = label === "reference";
    const prompts = ["Once upon a time", "The sun", "A cat and a dog", "In the beginning there was nothing but"];
    const kinds: SamplingParamsInput[] = [
      { temperature: 0 },
      { temperature: 0, logprobs: 3, promptLogprobs: 2 },
      { temperature: 1, seed: 5, topK: 20, topP: 0.9 },
      { temperature: 1.3, seed: 7, logprobs: 0, minTokens: 3 },
      { temperature: 0.8, seed: 8, repetitionPenalty: 1.3, frequencyPenalty: 0.2 },
      { temperature: 0, stop: [" the", "."] },
      { temperature: 0, logitBias: { 300: 4 }, logitsProcessors: ["test/no-op"] },
      { temperature: 1, seed: 9, badWords: ["the"], minP: 0.05 },
    ];

    it("gives what it gives without, bit for bit: alone, mixed, with little room", async () => {
      const results: string[] = [];
      for (const more of [{ asyncScheduling: false }, {}, { maxNumSeqs: 3, maxNumBatchedTokens: 16 }]) {
        await using llm = new LLM({ model: "models/quire-demo", cpuThreads: 2, ...options, ...more });
        const inputs = kinds.flatMap((kind, i) =>
          prompts
            .slice(0, isSlow ? 1 : 4)
            .map((prompt) => ({ prompt, params: { maxTokens: isSlow ? 3 : 12 + i, ignoreEos: i % 2 === 0, ...kind } })),
        );
        const outputs = await Promise.all(inputs.map(({ prompt, params }) => llm.generate([prompt], params)));
        results.push(JSON.stringify(outputs.map(([one]) => [one!.outputs[0], one!.promptLogprobs])));
        if (results.length > 1) expect(results.at(-1)).toBe(results[0]);
      }
    });
  },
);
