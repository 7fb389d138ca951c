import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { parseEngineConfig } from "../config/engine-config.js";
import type { EngineOptions } from "../config/engine-config.js";
import { normalizeSamplingParams } from "../request/sampling-params.js";
import { EngineDeadError } from "../util/errors.js";
import { createScheduler } from "./create-scheduler.js";
import { EngineCore } from "./engine-core.js";
import type { EngineCoreOutput, EngineCoreRequest } from "./transport.js";
import { FakeWorker, type FakeWorkerOptions } from "../../test/engine/fake-worker.js";

function fakeCore(options: FakeWorkerOptions = {}, config: Partial<EngineOptions> = {}) {
  const worker = new FakeWorker(options);
  const scheduler = createScheduler(parseEngineConfig({ model: "fake", ...config }, {}), worker.info);
  const outputs: EngineCoreOutput[] = [];
  const deaths: (readonly [string, unknown?])[] = [];
  const core = new EngineCore(worker, scheduler, {
    outputs: (step) => outputs.push(...step),
    death: (...death) => deaths.push(death),
  });
  return { worker, scheduler, core, outputs, deaths };
}

function request(requestId: string, params = {}): EngineCoreRequest {
  return { requestId, promptTokenIds: [1, 2, 3], params: normalizeSamplingParams({ temperature: 0, ...params }) };
}

function raise(message: string): never {
  throw new Error(message);
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

async function until(holds: () => boolean): Promise<void> {
  for (let i = 0; i < 1000 && !holds(); i++) await turn();
  expect(holds()).toBe(true);
}

describe("EngineCore", () => {
  it("applies aborts and requests between steps, in their order", async () => {
    const { core, outputs, worker } = fakeCore();
    core.addRequests([request("a", { maxTokens: 100 })]);
    await until(() => outputs.length === 2);
    core.abort(["a"]);
    core.addRequests([request("a", { maxTokens: 2 })]);
    core.abort(["unknown"]);
    await until(() => outputs.at(-1)!.finishReason !== null);
    expect(worker.steps.flatMap((step) => step.scheduledNewRequests.map((r) => r.requestId))).toEqual(["a", "a"]);
    expect(outputs.filter((output) => output.finishReason !== null).length).toBe(1);
    expect(core.stats()).toMatchObject({ numRunning: 0, numWaiting: 0, kvCacheUsage: 0 });
  });

  it("gives what was refused an error, not silence", async () => {
    const { core, outputs } = fakeCore({ info: { maxModelLen: 4096, numBlocks: 3 } });
    core.addRequests([{ ...request("a"), promptTokenIds: Array<number>(100).fill(1) }, request("b"), request("b")]);
    await until(() => outputs.filter((output) => output.finishReason !== null).length === 3);
    expect(outputs[0]).toMatchObject({ requestId: "a", finishReason: "error" });
    expect(outputs[0]!.errorMessage).toMatch(/the prompt has 100 tokens; the KV cache holds 32/);
    expect(outputs[1]!.errorMessage).toMatch(/request b: .* still open/);
    expect(outputs.at(-1)).toMatchObject({ requestId: "b", finishReason: "length" });
  });

  it("leaves the event loop a turn between steps, even if the worker is instant", async () => {
    const { core, worker, outputs } = fakeCore();
    worker.execute = async (step) => {
      worker.steps.push(step);
      const ids = [...step.numScheduledTokens.keys()];
      return {
        sampledTokenIds: new Map(ids.map((id) => [id, [1]])),
        logprobs: new Map(),
        promptLogprobs: new Map(),
      };
    };
    core.addRequests([request("a", { maxTokens: 10 })]);
    let turns = 0;
    while (outputs.length < 10) {
      await turn();
      turns++;
    }
    expect(turns).toBeGreaterThanOrEqual(9);
  });

  it("dies, once, of a worker that fails, and of a broken answer", async () => {
    for (const broken of [() => Promise.reject(new Error("gone")), async () => undefined as never]) {
      const { core, worker, deaths } = fakeCore();
      worker.execute = broken;
      core.addRequests([request("a")]);
      const reset = core.call("resetPrefixCache");
      await until(() => deaths.length === 1);
      expect(deaths[0]![0]).toMatch(/^the engine died: /);
      expect(worker.isDisposed).toBe(true);
      expect(await reset).toBe(true);
      await expect(core.call("resetPrefixCache")).rejects.toBeInstanceOf(EngineDeadError);
      core.addRequests([request("b")]);
      core.abort(["a"]);
      await core.close();
      expect(deaths.length).toBe(1);
    }
  });

  it("answers calls that wait when it dies or is closed", async () => {
    for (const isClosed of [true, false]) {
      const { core, worker } = fakeCore({ stepMs: 2, errorOf: () => (isClosed ? undefined : raise("gone")) });
      core.addRequests([request("a")]);
      await until(() => worker.isBusy);
      const waiting = core.call("resetPrefixCache").catch((error: unknown) => error);
      if (isClosed) await core.close();
      expect(await waiting).toBeInstanceOf(EngineDeadError);
    }
  });

  it("dies rather than spin when the scheduler makes no progress", async () => {
    const { core, scheduler, deaths } = fakeCore();
    const schedule = scheduler.schedule.bind(scheduler);
    scheduler.schedule = () => ({ ...schedule(), totalNumScheduledTokens: 0, numScheduledTokens: new Map() });
    scheduler.updateFromOutput = () => [];
    core.addRequests([request("a")]);
    await until(() => deaths.length === 1);
    expect(deaths[0]![0]).toMatch(/1 running and 0 waiting requests, but 3 steps in a row computed nothing/);
  });

  it("lets the step under way end before it disposes of the worker", async () => {
    const { core, worker, outputs } = fakeCore({ stepMs: 5 });
    core.addRequests([request("a")]);
    await until(() => worker.isBusy);
    await core.close();
    expect(worker.isDisposed).toBe(true);
    expect(outputs).toEqual([]);
  });

  it("counts steps, tokens and its own time", async () => {
    const { core, outputs } = fakeCore();
    core.addRequests([request("a", { maxTokens: 5 }), request("b", { maxTokens: 5 })]);
    await until(() => outputs.length === 10);
    const stats = core.stats();
    expect(stats).toMatchObject({ numSteps: 5, numScheduledTokens: 6 + 8, numGeneratedTokens: 10 });
    expect(stats.jsTimeMs.schedule).toBeGreaterThan(0);
    expect(stats.jsTimeMs.update).toBeGreaterThan(0);
  });
});

it("an idle engine keeps no process alive", () => {
  const script = `
    import { fakeAsyncLLM } from "./test/engine/support.ts";
    const { llm } = await fakeAsyncLLM();
    for await (const output of llm.generate({ text: "x" }, { maxTokens: 3 })) void output;
    console.log("done");`;
  const args = ["--import", "tsx", "--input-type=module", "-e", script];
  const { stdout, stderr, status } = spawnSync(process.execPath, args, { encoding: "utf8", timeout: 20_000 });
  expect({ stdout, stderr, status }).toEqual({ stdout: "done\n", stderr: "", status: 0 });
});
