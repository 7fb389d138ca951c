/** What an engine tells of its steps and requests: in the same process, over a socket, and through its death. */
import { afterEach, describe, expect, it } from "vitest";
import type { AsyncLLM } from "../../src/engine/async-llm.js";
import type { EngineStats } from "../../src/engine/engine-stats.js";
import type { EndedRequest, StatsListener, StepStats } from "../../src/engine/stats-listener.js";
import type { FakeWorkerOptions } from "./fake-worker.js";
import { linkedCore } from "./linked-core.js";
import type { Linked } from "./linked-core.js";
import { collect, fakeAsyncLLM } from "./support.js";

let linked: Linked | undefined;
afterEach(() => {
  linked?.link.kill();
  linked = undefined;
});

const engines = [
  ["in the same process", async (options?: FakeWorkerOptions) => (await fakeAsyncLLM(options)).llm],
  ["over a socket", async (options?: FakeWorkerOptions) => (linked = await linkedCore(options)).engine()],
] as const;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

/** Copies of all that was told. */
class Told implements StatsListener {
  readonly steps: StepStats[] = [];
  readonly requests: EndedRequest[] = [];
  engine: EngineStats | undefined;

  step(step: StepStats, engine: EngineStats): void {
    this.steps.push(structuredClone(step));
    this.engine = engine;
  }

  ended(request: EndedRequest): void {
    this.requests.push(request);
  }

  total(name: "numPromptTokens" | "numGenerationTokens" | "numCachedTokens"): number {
    return sum(this.steps.map((step) => step[name]));
  }
}

const run = (llm: AsyncLLM, text: string, params: object, options: object = {}) =>
  collect(llm.generate({ text }, { seed: 1, ...params }, options));

describe.each(engines)("an engine %s", (_, open) => {
  it("tells of every token, when it came, and of every request's intervals", async () => {
    const llm = await open();
    const told = new Told();
    llm.observe(told);
    const arrivalMs = performance.now() - 1000;
    const trace = { endpoint: "/v1/completions", model: "m" };
    const [[a]] = await Promise.all([
      run(llm, "Once", { maxTokens: 5, ignoreEos: true }, { requestId: "a", arrivalMs, trace }).then((list) => [
        list.at(-1)!,
      ]),
      run(llm, "upon a time", { maxTokens: 3, n: 2, ignoreEos: true }, { requestId: "b" }),
    ]);
    await pause(20);
    expect(told.total("numGenerationTokens")).toBe(5 + 2 * 3);
    const numPromptTokens = a!.promptTokenIds.length;
    const b = told.requests.find(({ requestId }) => requestId === "b")!;
    expect(told.total("numPromptTokens")).toBe(numPromptTokens + 2 * b.numPromptTokens);
    expect(told.steps.flatMap((step) => step.timeToFirstTokenMs)).toHaveLength(3);
    expect(told.steps.flatMap((step) => step.interTokenMs)).toHaveLength(4 + 2 * 2);
    for (const ms of told.steps.flatMap((step) => step.interTokenMs)) expect(ms).toBeGreaterThanOrEqual(0);
    expect(told.engine).toMatchObject({ numRunning: 0, requests: { accepted: 2, finished: 2 } });

    const first = told.requests.find(({ requestId }) => requestId === "a")!;
    expect(first).toMatchObject({ end: "finished", trace, arrivalMs, numPromptTokens, numOutputTokens: 5, n: 1 });
    expect(first.outputs).toMatchObject([{ index: 0, finishReason: "length", numTokens: 5 }]);
    const [{ queuedMs, prefillMs, decodeMs, timeToFirstTokenMs, endToEndMs }] = first.outputs as [any];
    expect(queuedMs).toBeGreaterThanOrEqual(0);
    expect(prefillMs).toBeGreaterThan(0);
    expect(decodeMs).toBeGreaterThan(0);
    expect(timeToFirstTokenMs).toBeGreaterThan(1000);
    expect(endToEndMs).toBeGreaterThanOrEqual(timeToFirstTokenMs);
    expect(first.scheduledMs!).toBeGreaterThan(arrivalMs + 900);
    expect(first.firstTokenMs!).toBeGreaterThan(first.scheduledMs!);
    expect(first.endMs).toBeGreaterThanOrEqual(first.firstTokenMs!);
    expect(b).toMatchObject({ n: 2, numOutputTokens: 6, outputs: [{ numTokens: 3 }, { numTokens: 3 }] });
    await llm.close();
  });

  it("tells of aborted, failed and orphaned requests too", async () => {
    const llm = await open({
      errorOf: (_, tokens) => (tokens[1] === "!".charCodeAt(0) && tokens.length > 4 ? "broken on purpose" : undefined),
    });
    const told = new Told();
    llm.observe(told);
    const controller = new AbortController();
    const aborted = run(
      llm,
      "abc",
      { maxTokens: 200, ignoreEos: true },
      { requestId: "gone", signal: controller.signal },
    );
    const failed = run(llm, "!", { maxTokens: 200, ignoreEos: true }, { requestId: "broken" });
    await expect(failed).rejects.toThrow(/broken on purpose/);
    expect(llm.openRequests()).toMatchObject([{ requestId: "gone", numPromptTokens: 4 }]);
    expect(llm.openRequests()[0]!.firstTokenMs).toBeGreaterThan(0);
    controller.abort();
    await expect(aborted).rejects.toThrow();
    const orphaned = expect(
      run(llm, "def", { maxTokens: 200, ignoreEos: true }, { requestId: "open" }),
    ).rejects.toThrow(/closed/);
    await pause(5);
    await llm.close();
    await orphaned;
    expect(told.requests.map(({ requestId, end }) => [requestId, end])).toEqual([
      ["broken", "failed"],
      ["gone", "aborted"],
      ["open", "failed"],
    ]);
    const { requests } = llm.stats();
    expect(requests).toEqual({ accepted: 3, finished: 0, aborted: 1, failed: 2 });
  });

  it("does not fail with its listener, and forgets it", async () => {
    const llm = await open();
    const warned = new Promise<void>((resolve) =>
      process.on("warning", ({ message }) => void (message.includes("bad listener") && resolve())),
    );
    let calls = 0;
    llm.observe({
      step: () => {
        calls++;
        throw new Error("bad listener");
      },
    });
    const told = new Told();
    const forget = llm.observe(told);
    expect((await run(llm, "Once", { maxTokens: 3 })).at(-1)!.finished).toBe(true);
    expect(calls).toBe(1);
    await warned;
    forget();
    await run(llm, "Once", { maxTokens: 3 });
    expect(told.requests).toHaveLength(1);
    await llm.close();
  });
});
