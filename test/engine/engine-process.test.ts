/** The engine core in a real process of its own, under `LLM`. */
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseEngineConfig } from "../../src/config/engine-config.js";
import { openAsyncLLM } from "../../src/engine/async-llm.js";
import { ConfigError, EngineDeadError, LLM, registerModel, UnsupportedError } from "../../src/index.js";
import { goldenCases, materializeCase } from "../support/golden.js";
import { enginesOf } from "../support/processes.js";
import { fakeWorkers } from "./fake-worker.js";

const story = { model: "models/stories260K", numBlocksOverride: 200, engine: "process" as const };
const GREEDY = { temperature: 0, maxTokens: 24 };
const engines = () => enginesOf(process.pid);
const plugin = fileURLToPath(new URL("../support/plugin.ts", import.meta.url));
const golden = goldenCases().find(({ name }) => name === "llama")!;

describe("one engine", () => {
  const log: string[] = [];
  const phases = new Set<string>();
  let llm: LLM;
  beforeAll(async () => {
    const hooks = {
      log: (line: string) => void log.push(line),
      progress: (p: { phase: string }) => phases.add(p.phase),
    };
    llm = new LLM({ ...story, cpuThreads: 1 }, hooks);
    await llm.ready();
  });
  afterAll(() => llm.close());

  it("says what an engine here says, bit for bit, and passes progress and lines on", async () => {
    await using here = new LLM({ ...story, engine: "in-process", cpuThreads: 1 });
    const prompts = ["Once upon a time", "Lily said", "The dog"];
    const params = { ...GREEDY, logprobs: 2, promptLogprobs: 1 };
    const [there, local] = await Promise.all([llm.generate(prompts, params), here.generate(prompts, params)]);
    const comparable = (outputs: typeof there) => outputs.map((output) => ({ ...output, requestId: "" }));
    expect(comparable(there)).toEqual(comparable(local));
    expect(await llm.ready()).toEqual({ ...(await here.ready()), logitsProcessors: [] });
    expect([...phases]).toEqual(["loading weights"]);
    expect(engines().length).toBe(1);
  });

  it("measures steps and the machine, forgets prefixes, counts", async () => {
    const steps: number[] = [];
    const began = performance.now();
    const stop = llm.profileSteps((step) => {
      expect(step.startMs).toBeGreaterThan(began - 1);
      expect(step.runs[0]!.spans).toBeInstanceOf(Float64Array);
      steps.push(step.runs.length);
    });
    await llm.generate("Once upon a time there was a little girl", GREEDY);
    stop();
    expect(steps.length).toBeGreaterThanOrEqual(24);
    expect((await llm.probe())!.bytesPerSecond).toBeGreaterThan(1e6);
    await llm.generate("Once upon a time there was a little girl", GREEDY);
    expect(await llm.resetPrefixCache()).toBe(true);
    const { requests, numGeneratedTokens, recentSteps } = llm.stats();
    expect(requests).toMatchObject({ failed: 0, aborted: 0 });
    expect(requests.accepted).toBe(requests.finished);
    expect(numGeneratedTokens).toBeGreaterThanOrEqual(48);
    expect(recentSteps.nativeMs).toBeGreaterThan(0);
  });

  it("closes without a trace", async () => {
    await llm.close();
    expect(engines()).toEqual([]);
  });
});

describe("ends", () => {
  it("SIGKILL ends open requests with an error, once and for all", async () => {
    const engine = await openAsyncLLM(parseEngineConfig(story, {}));
    const stream = engine.generate({ text: "Once upon a time" }, { maxTokens: 400, ignoreEos: true });
    await stream.next();
    const began = performance.now();
    process.kill(engines()[0]!, "SIGKILL");
    const rest = async () => {
      for await (const _ of stream);
    };
    await expect(rest()).rejects.toThrow(/the engine died: its process \(\d+\) was ended by SIGKILL; .*memory/);
    expect(performance.now() - began).toBeLessThan(1000);
    expect([engine.isDead, engine.isResponding, engine.deathError]).toEqual([true, false, expect.any(EngineDeadError)]);
    expect(engine.stats().requests).toEqual({ accepted: 1, finished: 0, aborted: 0, failed: 1 });
    await engine.close();
    expect(engines()).toEqual([]);
  });

  it("a stopped process is ended when the engine is closed", async () => {
    const engine = await openAsyncLLM(parseEngineConfig(story, {}));
    process.kill(engines()[0]!, "SIGSTOP");
    const closing = engine.close();
    await pause(100);
    expect(engines().length).toBe(1);
    await closing;
    expect(engines()).toEqual([]);
  });
});

describe("loading", () => {
  const failure = async (options: object, hooks = {}) => {
    const llm = new LLM({ ...story, ...options }, hooks);
    const error = await llm.ready().then(
      () => undefined,
      (e: unknown) => e as Error & { code: string },
    );
    await llm.close();
    return error!;
  };

  it("fails as here: class, code, words", async () => {
    const [unknown, missing, twoWays] = await Promise.all([
      failure({ hfOverrides: { architectures: ["NoSuchForCausalLM"] } }),
      failure({ model: "/no/such/folder" }),
      failure({}, { createWorker: fakeWorkers() }),
    ]);
    expect(engines()).toEqual([]);
    expect(unknown).toBeInstanceOf(UnsupportedError);
    expect(unknown.message).toMatch(/"NoSuchForCausalLM" is not supported/);
    expect(missing).toBeInstanceOf(ConfigError);
    expect(twoWays.message).toMatch(/createWorker: a function cannot be sent to another process/);
  });

  it("loads plugins by itself, and refuses what the program registered", async () => {
    const model = materializeCase(golden);
    const hfOverrides = { architectures: ["PluginDemoForCausalLM"] };
    const options = {
      model,
      hfOverrides,
      dtype: "float32",
      skipTokenizerInit: true,
      numBlocksOverride: undefined,
    } as const;
    const config = { ...story, ...options, kvCacheMemoryBytes: 2 ** 24 };
    registerModel("PluginDemoForCausalLM", () => import("../support/plugin-model.js"));
    const refused = await failure(config);
    expect(refused).toBeInstanceOf(ConfigError);
    expect(refused.message).toMatch(/registerModel\("PluginDemoForCausalLM".*another process.*name a module/);
    await using llm = new LLM({ ...config, plugins: [plugin] });
    const [{ inputIds, greedy }] = golden.prompts as [(typeof golden.prompts)[0]];
    const output = await llm.generate(inputIds, { ...GREEDY, maxTokens: 8, ignoreEos: true });
    expect([...output.outputs[0]!.tokenIds]).toEqual(greedy.slice(0, 8));
  });

  it("takes logits processors of its plugins by name, and no functions", async () => {
    const processors = fileURLToPath(new URL("../plugins/guide-processor.ts", import.meta.url));
    await using llm = new LLM({ ...story, plugins: [processors] });
    const params = { ...GREEDY, logitsProcessors: ["my-package/no-repeat"], extraArgs: { window: 100 } };
    const output = await llm.generate("Once upon a time", params);
    const { tokenIds } = output.outputs[0]!;
    expect(new Set(tokenIds).size).toBe(tokenIds.length);
    await expect(llm.generate("Once", { logitsProcessors: ["my-package/other"] })).rejects.toThrow(
      /my-package\/no-repeat/,
    );
    await expect(llm.generate("Once", { logitsProcessors: [() => undefined] })).rejects.toThrow(/another process/);
  });
});
