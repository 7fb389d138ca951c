import { describe, expect, it } from "vitest";
import { ConfigError } from "../util/errors.js";
import { parseEngineConfig } from "./engine-config.js";
import type { EngineOptions } from "./engine-config.js";

const parse = (options: Record<string, unknown>, variables = {}) =>
  parseEngineConfig({ model: "m", ...options } as EngineOptions, variables);

function problem(options: Record<string, unknown>, variables = {}): string {
  try {
    parse(options, variables);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as Error).message;
  }
  throw new Error(`accepted: ${JSON.stringify(options)}`);
}

describe("parseEngineConfig", () => {
  it("fills in vLLM's defaults", () => {
    const config = parse({});
    expect(config).toMatchObject({
      model: "m",
      dtype: "auto",
      seed: 0,
      maxLogprobs: 20,
      logprobsMode: "raw_logprobs",
      servedModelName: ["m"],
      blockSize: 16,
      maxNumBatchedTokens: 512,
      maxNumSeqs: 128,
      enablePrefixCaching: true,
      enableChunkedPrefill: true,
      schedulingPolicy: "fcfs",
      watermark: 0,
      platform: "auto",
      loadFormat: "auto",
      generationConfig: "auto",
      tensorParallelSize: 1,
    });
    expect(config.maxModelLen).toBeUndefined();
    expect(config.kvCacheMemoryBytes).toBeUndefined();
  });

  it("is frozen to the bottom and leaves the input alone", () => {
    const input = { model: "m", hfOverrides: { rope: { theta: 1 } } };
    const config = parseEngineConfig(input, {});
    expect(Object.isFrozen(config)).toBe(true);
    expect(Object.isFrozen(config.hfOverrides.rope)).toBe(true);
    expect(Object.isFrozen(config.servedModelName)).toBe(true);
    expect(Object.isFrozen(input)).toBe(false);
  });

  it.each([
    ["1k", 1000],
    ["1K", 1024],
    ["25.6k", 25_600],
    ["2M", 2 ** 21],
    ["4096", 4096],
    [77, 77],
    ["auto", "auto"],
    [-1, "auto"],
    ["-1", "auto"],
  ])("reads maxModelLen %s", (given, expected) => expect(parse({ maxModelLen: given }).maxModelLen).toBe(expected));

  it.each([
    ["4GiB", 4 * 2 ** 30],
    ["4G", 4 * 2 ** 30],
    ["4GB", 4e9],
    ["4g", 4e9],
    ["1.5GiB", 1.5 * 2 ** 30],
    ["500mb", 5e8],
    ["1000", 1000],
    [12_345, 12_345],
  ])("reads kvCacheMemoryBytes %s", (given, expected) =>
    expect(parse({ kvCacheMemoryBytes: given }).kvCacheMemoryBytes).toBe(expected),
  );

  it("takes the short names of dtypes", () => {
    expect(parse({ dtype: "float" }).dtype).toBe("float32");
    expect(problem({ dtype: "half" })).toMatch(/dtype \(--dtype\): float16 .* use bfloat16 .*; got "half"/);
    expect(problem({ dtype: "int4" })).toMatch(/expected one of auto, float32, .*; got "int4"/);
  });

  it.each([
    [{ blockSize: 17 }, "blockSize (--block-size): expected a multiple of 16; got 17"],
    [{ maxModelLen: "0" }, "maxModelLen (--max-model-len): expected a number of tokens from 1"],
    [{ maxModelLen: 1.5 }, "maxModelLen"],
    [{ maxModelLen: Number.NaN }, "got NaN"],
    [{ maxModelLen: "25.6K" }, 'got "25.6K"'],
    [{ seed: "1" }, 'seed (--seed): expected an integer from 0; got "1"'],
    [{ quantization: "awq" }, "awq is known to vLLM, not in this version of Quire"],
    [{ quantization: "int9" }, 'expected int8; got "int9"'],
    [{ tensorParallelSize: 2 }, "not in this version"],
    [{ memoryUtilization: 0 }, "--gpu-memory-utilization): expected a number in (0, 1]; got 0"],
    [{ maxNumBatchedTokens: 64 }, "must be at least maxNumSeqs (128)"],
    [{ maxModelLen: 4096, enableChunkedPrefill: false }, "must be at least maxModelLen (4096)"],
    [{ maxModelLen: 10, longPrefillTokenThreshold: 11 }, "longPrefillTokenThreshold"],
    [{ model: undefined }, "model (--model): expected a folder"],
    [{ hfOverrides: [] }, "hfOverrides (--hf-overrides): expected a JSON object; got []"],
    [{ platform: "gpu" }, "platform (--platform): expected one of auto, cpu, reference"],
    [{ maxNumSeq: 4 }, "maxNumSeq: there is no such option; did you mean maxNumSeqs?"],
  ])("refuses %j", (options, message) => expect(problem(options)).toContain(message));

  it("reports every problem, one a line", () => {
    expect(problem({ blockSize: 1, seed: -1, nonsense: 1 }).split("\n")).toHaveLength(3);
  });

  it("refuses what is no object, and a hostile name", () => {
    expect(() => parseEngineConfig(null as never, {})).toThrow(ConfigError);
    expect(problem(JSON.parse('{"__proto__": {"x": 1}, "toString": 1}') as Record<string, unknown>)).toContain(
      "toString",
    );
  });

  it("reads the environment below the options and above the defaults", () => {
    const variables = { QUIRE_PLATFORM: "reference", QUIRE_CPU_THREADS: "3", HF_TOKEN: "t" };
    expect(parse({}, variables)).toMatchObject({ platform: "reference", cpuThreads: 3, hfToken: "t" });
    expect(parse({ platform: "cpu" }, variables).platform).toBe("cpu");
    expect(problem({}, { QUIRE_CPU_THREADS: "many" })).toContain("cpuThreads (QUIRE_CPU_THREADS): expected an integer");
    expect(parse({}, { QUIRE_PLATFORM: "" }).platform).toBe("auto");
  });

  it("does not print the hub token", () => {
    expect(problem({ hfToken: ["hf_secret"] })).toBe("hfToken (--hf-token): expected a token; got something else");
  });
});
