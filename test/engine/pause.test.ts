/** Pausing and sleeping, over fake workers in one process and behind a socket, and with a real model. */
import { describe, expect, it } from "vitest";
import { LLM } from "../../src/index.js";
import type { AsyncLLM } from "../../src/engine/async-llm.js";
import { RequestError } from "../../src/util/errors.js";
import { BOS, bytesOf } from "./fake-tokenizer.js";
import type { FakeWorker } from "./fake-worker.js";
import { expectedTokens } from "./fake-worker.js";
import { linkedCore } from "./linked-core.js";
import { fakeAsyncLLM, settled } from "./support.js";

const greedy = (maxTokens: number) => ({ temperature: 0, maxTokens, ignoreEos: true }) as const;
const expected = (prompt: string, count: number) => expectedTokens([BOS, ...bytesOf(prompt)], count);

interface Made {
  llm: AsyncLLM;
  worker: FakeWorker;
}
const engines: [string, (stepMs?: number) => Promise<Made>][] = [
  ["in one process", (stepMs) => fakeAsyncLLM(stepMs === undefined ? {} : { stepMs })],
  [
    "behind a socket",
    async (stepMs) => {
      const linked = await linkedCore(stepMs === undefined ? {} : { stepMs });
      const llm = await linked.engine();
      return { llm, worker: linked.workers[0]! };
    },
  ],
];

/** Starts a request and waits for its first token; `rest` gives all its tokens. */
async function begin(llm: AsyncLLM, prompt: string, count: number) {
  const stream = llm.generate({ text: prompt }, greedy(count), {
    outputKind: "cumulative",
    requestId: `cmpl-${prompt}-0`,
  });
  let last = (await stream.next()).value!;
  const rest = async () => {
    for await (const output of stream) last = output;
    return last.outputs[0]!;
  };
  return rest();
}

describe.each(engines)("an engine %s", (_, make) => {
  it("ends what runs, and lets what comes later wait", async () => {
    const { llm, worker } = await make(1);
    const running = begin(llm, "a", 200);
    await expect.poll(() => worker.steps.length).toBeGreaterThan(2);
    await llm.pauseGeneration();
    expect([llm.isPaused(), llm.isSleeping(), llm.pauseState]).toEqual([true, true, "paused_new"]);
    expect((await running).finishReason).toBe("abort");
    const later = begin(llm, "b", 5);
    const steps = worker.steps.length;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(worker.steps.length).toBe(steps);
    await llm.resumeGeneration();
    expect((await later).tokenIds).toEqual(expected("b", 5));
    expect(llm.isPaused()).toBe(false);
    await llm.close();
  });

  it("waits for what runs, and for nothing else", async () => {
    const { llm, worker } = await make(1);
    const running = begin(llm, "a", 30);
    await expect.poll(() => worker.steps.length).toBeGreaterThan(2);
    const paused = llm.pauseGeneration({ mode: "wait" });
    const later = begin(llm, "b", 5);
    await paused;
    expect((await running).tokenIds).toEqual(expected("a", 30));
    expect(worker.steps.length).toBeLessThan(40);
    await llm.resumeGeneration();
    expect((await later).tokenIds).toEqual(expected("b", 5));
    await llm.close();
  });

  it("keeps requests where they are, even through a sleep that loses their keys", async () => {
    const { llm, worker } = await make(1);
    const running = begin(llm, "a", 60);
    await expect.poll(() => worker.steps.length).toBeGreaterThan(5);
    await llm.pauseGeneration({ mode: "keep" });
    expect(llm.pauseState).toBe("paused_all");
    await llm.sleep(2, "keep");
    expect([worker.sleepLevel, llm.sleepLevel]).toEqual([2, 2]);
    await llm.wakeUp();
    expect((await running).tokenIds).toEqual(expected("a", 60));
    expect([worker.sleepLevel, llm.sleepLevel, llm.isSleeping()]).toEqual([0, 0, false]);
    await llm.close();
  });

  it("wakes in parts, and runs when all is awake", async () => {
    const { llm, worker } = await make();
    await llm.sleep();
    await expect(llm.resumeGeneration()).rejects.toThrow("the engine sleeps");
    const later = begin(llm, "b", 5);
    await llm.wakeUp(["weights"]);
    expect([llm.isSleeping(), llm.sleepLevel, worker.steps.length]).toEqual([true, 1, 0]);
    await llm.wakeUp(["kv_cache"]);
    expect(llm.isSleeping()).toBe(false);
    expect((await later).tokenIds).toEqual(expected("b", 5));
    await llm.wakeUp();
    expect(await settled(llm)).toMatchObject({ numRunning: 0, numWaiting: 0, numOpenRequests: 0 });
    await llm.close();
  });

  it("resets the prefix cache under running requests, which lose nothing", async () => {
    const { llm, worker } = await make(1);
    const running = begin(llm, "a".repeat(40), 60);
    await expect.poll(() => worker.steps.length).toBeGreaterThan(5);
    expect(await llm.resetPrefixCache()).toBe(false);
    expect(await llm.resetPrefixCache(true)).toBe(true);
    expect((await running).tokenIds).toEqual(expected("a".repeat(40), 60));
    expect(llm.stats().numPreemptions).toBe(1);
    await llm.close();
  });

  it("ends requests by the id that the client knows", async () => {
    const { llm, worker } = await make(1);
    const runs = [begin(llm, "a", 200), begin(llm, "b", 20)];
    await expect.poll(() => worker.steps.length).toBeGreaterThan(2);
    expect(llm.abortRequests(["cmpl-a", "cmpl-"])).toBe(1);
    expect((await Promise.all(runs)).map(({ finishReason }) => finishReason)).toEqual(["abort", "length"]);
    await llm.close();
  });
});

it("refuses what it does not know", async () => {
  const { llm } = await fakeAsyncLLM();
  await expect(llm.sleep(3)).rejects.toBeInstanceOf(RequestError);
  await expect(llm.sleep(1, "never" as "abort")).rejects.toThrow(
    'mode: expected one of abort, wait, keep; got "never"',
  );
  await expect(llm.wakeUp(["dreams"])).rejects.toThrow("tags: expected any of weights, kv_cache, scheduling");
  expect(llm.isPaused()).toBe(false);
});

describe("a real model", () => {
  it("answers as before after each sleep, and gives memory back meanwhile", async () => {
    await using llm = new LLM({ model: "models/quire-demo", kvCacheMemoryBytes: 2 ** 26, maxModelLen: 512 });
    const prompts = Array.from({ length: 12 }, (_, i) => `Tell me about ${i} `.repeat(30));
    const ask = async () =>
      (await llm.generate(prompts, { temperature: 0, maxTokens: 4 })).map(({ outputs }) => outputs[0]!.tokenIds);
    const before = await ask();
    const awake = process.memoryUsage().rss;
    await llm.sleep(2);
    const asleep = process.memoryUsage().rss;
    expect(await llm.isSleeping()).toBe(true);
    // The weights alone are 20 MB.
    expect(awake - asleep).toBeGreaterThan(20e6);
    await llm.wakeUp();
    expect(await ask()).toEqual(before);
    await llm.sleep(1);
    await llm.wakeUp(["weights", "kv_cache"]);
    expect(await ask()).toEqual(before);
  });
});
