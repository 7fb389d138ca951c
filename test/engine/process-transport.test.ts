/** The front and the core with a socket between them: all that a Transport does, its back-pressure and its ends. */
import { afterEach, describe, expect, it } from "vitest";
import type { RequestOutput } from "../../src/engine/request-output.js";
import type { StepProfile } from "../../src/request/step-profile.js";
import { ConfigError, EngineDeadError } from "../../src/util/errors.js";
import { BOS, bytesOf } from "./fake-tokenizer.js";
import { expectedTokens, topLogprobs } from "./fake-worker.js";
import type { FakeWorkerOptions } from "./fake-worker.js";
import { linkedCore } from "./linked-core.js";
import type { Linked } from "./linked-core.js";
import { collect, fakeAsyncLLM } from "./support.js";

const GREEDY = { temperature: 0, maxTokens: 8 } as const;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const until = async (condition: () => boolean) => {
  for (let i = 0; i < 1000 && !condition(); i++) await pause(2);
  expect(condition()).toBe(true);
};

let linked: Linked | undefined;
afterEach(() => linked?.link.kill());
const connect = async (options?: FakeWorkerOptions) => (linked = await linkedCore(options));

describe("an engine over a socket", () => {
  it("gives what one in the same process gives: outputs, log-probabilities, errors of one request", async () => {
    const options: FakeWorkerOptions = {
      errorOf: (_, tokens) => (tokens[1] === "!".charCodeAt(0) && tokens.length > 5 ? "broken on purpose" : undefined),
    };
    const run = async (llm: Awaited<ReturnType<Linked["engine"]>>) => {
      const params = { maxTokens: 20, seed: Number.MAX_SAFE_INTEGER, n: 2, logprobs: 3, promptLogprobs: 1 };
      const options = { requestId: "the same", cacheSalt: "salt \ud800" };
      const all = [
        collect(llm.generate({ text: "Once" }, params, options)),
        collect(
          llm.generate({ text: "stop here" }, { ...GREEDY, stop: ["e", "a"], maxTokens: 50 }, { requestId: "b" }),
        ),
        collect(llm.generate({ text: "!" }, GREEDY, { requestId: "c" })).catch((error: unknown) => String(error)),
      ];
      const merged = (list: RequestOutput[] | string) =>
        typeof list === "string" ? list : { ...list.at(-1)!, parts: undefined };
      const outputs = (await Promise.all(all)).map(merged);
      const { jsTimeMs: _, recentSteps, ...stats } = llm.stats();
      return { outputs, stats, steps: recentSteps.count };
    };
    const { engine } = await connect(options);
    const apart = await engine();
    const there = await run(apart);
    const here = await run((await fakeAsyncLLM(options)).llm);
    expect(there.outputs).toEqual(here.outputs);
    expect(JSON.stringify(there.outputs)).toContain("broken on purpose");
    expect(there.stats.requests).toEqual({ accepted: 3, finished: 2, aborted: 0, failed: 1 });
    await until(() => apart.stats().kvCacheUsage === 0);
    expect(apart.stats().recentSteps.count).toBe(apart.stats().numSteps);
    expect(there.steps).toBeGreaterThan(10);
    await apart.close();
    expect(linked!.workers[0]!.isDisposed).toBe(true);
  });

  it("sends one message a step, whatever the number of requests", async () => {
    const { engine, link, workers } = await connect();
    const llm = await engine();
    await Promise.all(
      Array.from({ length: 64 }, (_, i) => collect(llm.generate({ text: `${i}` }, { ...GREEDY, maxTokens: 30 }))),
    );
    await until(() => llm.stats().numRunning === 0);
    const numMessages = link.received.filter((type) => type === "step").length;
    const numSteps = workers[0]!.steps.length;
    expect(numSteps).toBeGreaterThan(29);
    // One more when the last outputs go out, and one when the core comes to rest.
    expect(numMessages).toBeLessThanOrEqual(numSteps + 2 * (numSteps - 29));
  });

  it("aborts, resets the prefix cache, probes, and measures steps on this process's clock", async () => {
    const { open } = await connect();
    const transport = await open();
    const outputs: string[] = [];
    transport.listen({ outputs: (list) => outputs.push(...list.map((o) => o.requestId)), death: () => undefined });
    const steps: StepProfile[] = [];
    const stop = transport.profileSteps((step) => steps.push(step));
    const began = performance.now();
    const { coreRequests } = await prepared("long");
    transport.addRequests(coreRequests);
    await until(() => outputs.length > 3 && steps.length > 3);
    expect(await transport.call("resetPrefixCache")).toBe(false);
    transport.abort(coreRequests.map((r) => r.requestId));
    await until(() => transport.stats().numRunning === 0 && transport.stats().kvCacheUsage === 0);
    expect(await transport.call("resetPrefixCache")).toBe(true);
    expect(await transport.call("probe")).toBeUndefined();
    stop();
    for (const { startMs, endMs } of steps) {
      expect(startMs).toBeGreaterThanOrEqual(began);
      expect(endMs).toBeLessThanOrEqual(performance.now());
    }
    expect(transport.isResponding).toBe(true);
    await transport.close();
    expect(transport.isResponding).toBe(false);
    await expect(transport.call("resetPrefixCache")).rejects.toThrow(EngineDeadError);
    await transport.close();
  });
});

describe("back-pressure", () => {
  it("never holds the core up: what the front does not read is gathered, and nothing is lost", async () => {
    const { engine, link, workers } = await connect();
    const llm = await engine({ maxLogprobs: 200 });
    const params = { ...GREEDY, maxTokens: 240, logprobs: 200 };
    const all = Array.from({ length: 40 }, (_, i) => collect(llm.generate({ text: `${i}` }, params)));
    await until(() => workers[0]!.steps.length > 3);
    link.socket.pause();
    const before = link.received.length;
    await until(() => workers[0]!.steps.length >= 240);
    await pause(20);
    expect(link.received.length).toBe(before);
    link.socket.resume();
    const outputs = await Promise.all(all);
    // Far fewer messages than steps: later ones carried many steps each.
    expect(link.received.filter((type) => type === "step").length).toBeLessThan(100);
    outputs.forEach((list, i) => {
      const { tokenIds, logprobs } = list.at(-1)!.outputs[0]!;
      expect(tokenIds).toEqual(expectedTokens([BOS, ...bytesOf(`${i}`)], 240));
      expect(logprobs!.length).toBe(240);
    });
    expect(llm.stats().recentSteps.count).toBe(Math.min(256, llm.stats().numSteps));
    expect(topLogprobs(1, 2).tokenIds.length).toBe(3);
  });
});

describe("ends", () => {
  it("passes on why loading failed", async () => {
    linked = await linkedCore({}, async (_, hooks) => {
      hooks.log?.("a line");
      hooks.progress?.({ phase: "p", done: 1, total: 2 });
      throw new ConfigError("not so", { cause: new Error("below") });
    });
    await expect(linked.open()).rejects.toMatchObject({ name: "ConfigError", code: "CONFIG", message: "not so" });
    expect(linked.link.received).toEqual(["log", "progress", "failed"]);
  });

  it("tells open requests and calls that the core died, and of what; counters add up", async () => {
    const { engine } = await connect({
      beforeStep: (_, index) => {
        if (index === 5) throw new TypeError("the worker broke");
      },
    });
    const llm = await engine();
    const all = Array.from({ length: 5 }, () => collect(llm.generate({ text: "x" }, { ...GREEDY, maxTokens: 100 })));
    for (const one of all) await expect(one).rejects.toThrow("the engine died: the worker broke");
    await expect(all[0]).rejects.toMatchObject({ name: "EngineDeadError", cause: { name: "TypeError" } });
    expect([llm.isDead, llm.isResponding]).toEqual([true, false]);
    expect(llm.stats().requests).toEqual({ accepted: 5, finished: 0, aborted: 0, failed: 5 });
    await expect(collect(llm.generate({ text: "late" }, GREEDY))).rejects.toThrow(EngineDeadError);
    await llm.close();
  });

  it("tells so too when the process is gone without a word", async () => {
    const { engine, link, workers } = await connect({ stepMs: 5 });
    const llm = await engine();
    const one = collect(llm.generate({ text: "x" }, { ...GREEDY, maxTokens: 100 }));
    await until(() => workers[0]!.steps.length > 3);
    link.kill();
    await expect(one).rejects.toThrow("the engine died: the link was cut");
    expect(await link.host.done).toBe("orphaned");
    expect(llm.isDead).toBe(true);
    await llm.close();
  });

  it("ends what is open when the front closes", async () => {
    const { engine, link } = await connect({ stepMs: 5 });
    const llm = await engine();
    const one = collect(llm.generate({ text: "x" }, { ...GREEDY, maxTokens: 100 }));
    const rejected = expect(one).rejects.toThrow("the engine was closed");
    await pause(20);
    await llm.close();
    await rejected;
    expect(llm.isDead).toBe(false);
    expect(await link.host.done).toBe("closed");
  });

  it("ends a process that sends no messages but bytes", async () => {
    const { engine, link } = await connect();
    const llm = await engine();
    link.socket.write("GET / HTTP/1.1\r\n");
    await until(() => llm.isDead);
    expect(llm.deathError!.message).toMatch(/the engine died: ShapeError: the stream is broken/);
  });
});

/** A request as the front makes them. */
async function prepared(text: string) {
  const { InputProcessor } = await import("../../src/engine/input-processor.js");
  const { FAKE_INFO } = await import("./fake-worker.js");
  const { FakeTokenizer } = await import("./fake-tokenizer.js");
  const processor = new InputProcessor(FAKE_INFO, { maxLogprobs: 20 }, new FakeTokenizer());
  return processor.process({ text }, { temperature: 0, maxTokens: 200 }, { requestId: text });
}
