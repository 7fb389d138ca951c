/** `quire check MODEL` without a reference: what it proves, and what it says when something is wrong. */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { parseEngineConfig } from "../../src/config/engine-config.js";
import { registerModel } from "../../src/models/registry.js";
import type { CheckOptions } from "../../src/tools/check/check-model.js";
import { checkModel } from "../../src/tools/check/check-model.js";
import { formatBuilt, formatResult } from "../../src/tools/check/format-report.js";
import { goldenCases, materializeCase } from "../support/golden.js";
import { planted, portConfig, PortForCausalLM } from "./port.js";
import { writeCheckpoint } from "./write-reference.js";

let folder: string;
let model: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "quire-check-"));
  model = join(folder, "model");
  mkdirSync(model);
  registerModel("PortForCausalLM", PortForCausalLM);
  await writeCheckpoint(model, portConfig);
});
afterEach(() => void (planted.fault = ""));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function check(path: string, options: CheckOptions = {}, platform: "auto" | "reference" = "auto") {
  const report = await checkModel(parseEngineConfig({ model: path, platform }), options);
  return { report, status: Object.fromEntries(report.results.map(({ name, status }) => [name, status])) };
}

test("a model that is right passes everything", async () => {
  const llama = goldenCases().find(({ name }) => name === "llama")!;
  const { report, status } = await check(materializeCase(llama));
  expect(report.passed, report.results.map(formatResult).join("\n")).toBe(true);
  const { platforms, ...others } = status;
  expect(others).toEqual({
    weights: "ok",
    names: "ok",
    batch: "ok",
    chunks: "ok",
    "prefix hit": "ok",
    int8: "ok",
    ranks: "ok",
  });
  expect(["ok", "skipped"]).toContain(platforms);
  const text = formatBuilt("llama", report.built);
  expect(text).toMatch(/layers\.0 … 1 \(2 alike\) +LlamaDecoderLayer/);
  expect(text).toMatch(
    /qkv_proj +QKVParallelLinear +weight \[128, 64\] f32 <- q_proj\.weight, k_proj\.weight, v_proj\.weight/,
  );
});

test("layers may be left out", async () => {
  const { report } = await check(model, { layers: 2 });
  expect(report.passed, report.results.map(formatResult).join("\n")).toBe(true);
  expect(report.built.note).toMatch(/only the first 2 of 3 layers run; weights are matched for all/);
});

test("a checkpoint that does not fit is told in full, and the rest is proved with dummy weights", async () => {
  planted.fault = "head tied";
  const untied = join(folder, "other");
  mkdirSync(untied);
  await writeCheckpoint(untied, { ...portConfig, num_hidden_layers: 1, intermediate_size: 32 });
  planted.fault = "";
  const report = await checkModel(parseEngineConfig({ model: untied, hfOverrides: { intermediate_size: 40 } }));
  const [weights, , loading, batch] = report.results;
  expect(weights).toMatchObject({ name: "weights", status: "failed" });
  expect(weights?.detail).toMatch(/4 problems/);
  expect(weights?.detail).toMatch(/lm_head needs "lm_head\.weight" \[96, 48\]; not in the checkpoint/);
  expect(weights?.detail).toMatch(/gate_proj\.weight" must be \[40, 48\] by the model, the checkpoint has \[32, 48\]/);
  expect(loading?.detail).toMatch(/dummy weights/);
  expect(batch).toMatchObject({ name: "batch", status: "ok" });
  expect(report.passed).toBe(false);
});

test("what depends on the other requests of a step is found", async () => {
  planted.fault = "slots for positions";
  const { report, status } = await check(model);
  expect(status).toMatchObject({ weights: "ok", batch: "failed", chunks: "ok" });
  const batch = report.results.find(({ name }) => name === "batch")!;
  expect(formatResult(batch)).toMatch(
    /^FAILED +batch +.*the first op that does so: embedding of model\.embed_tokens\n +-> an op of the model mixes rows/,
  );
});

test("heads that divide neither by two nor by three are said, not failed", async () => {
  const odd = join(folder, "odd");
  mkdirSync(odd);
  await writeCheckpoint(odd, { ...portConfig, num_attention_heads: 5, num_key_value_heads: 5, num_hidden_layers: 1 });
  const { report } = await check(odd);
  const ranks = report.results.find(({ name }) => name === "ranks");
  expect(ranks).toMatchObject({ status: "skipped" });
  expect(ranks?.detail).toMatch(/cannot be cut: .*5 does not divide by --tensor-parallel-size 2/);
});
