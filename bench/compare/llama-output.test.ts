import { describe, expect, test } from "vitest";
import { parseBatchedBench, parseLlamaBench, parseVersion } from "./llama-output.js";

const line =
  '{"n_kv_max": 1024, "n_batch": 2048, "n_ubatch": 512, "flash_attn": -1, "is_pp_shared": 0, "n_gpu_layers": -1, "n_threads": 2, ' +
  '"n_threads_batch": 2, "pp": 128, "tg": 64, "pl": 4, "n_kv": 768, "t_pp": 0.343, "speed_pp": 1490.5, "t_tg": 1.04, "speed_tg": 246.1, "t": 1.4, "speed": 555.0}';

describe("llama-batched-bench", () => {
  test("lines of JSON among others", () => {
    expect(parseBatchedBench(`\nloading\n${line}\n\nperf: context print\n`)).toEqual([
      { batch: 4, prefillRate: 1490.5, decodeRate: 246.1 },
    ]);
  });

  test("says what came where there is no figure", () => {
    expect(() => parseBatchedBench("")).toThrow("got nothing");
    expect(() => parseBatchedBench('{"pl": 4, "speed_pp": 1}')).toThrow("speed_tg");
  });
});

describe("llama-bench", () => {
  test("one test", () => {
    expect(parseLlamaBench('[{"n_prompt": 512, "n_gen": 0, "avg_ts": 1137.5, "samples_ts": [1137.5]}]')).toBe(1137.5);
  });

  test("refuses none, several and what is no JSON", () => {
    expect(() => parseLlamaBench("[]")).toThrow("one test");
    expect(() => parseLlamaBench('[{"avg_ts": 1}, {"avg_ts": 2}]')).toThrow("one test");
    expect(() => parseLlamaBench("error: no model")).toThrow("no model");
    expect(() => parseLlamaBench("null")).toThrow("one test");
  });
});

test("version", () => {
  const output = "srv initializing\nversion: 0.5.0-dev (build 1, commit de3ff81)\nbuilt with GNU 12.2.0\n";
  expect(parseVersion(output)).toBe("0.5.0-dev (build 1, commit de3ff81)");
  expect(parseVersion("")).toBe("unknown");
});
