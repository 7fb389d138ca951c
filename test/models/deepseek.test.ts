/** DeepSeek: results do not depend on neighbours, layers behind the last are left out, sizes that do not go together are told. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { parseEngineConfig } from "../../src/config/engine-config.js";
import type { RawConfig } from "../../src/config/raw-config.js";
import { unquantized } from "../../src/layers/linear-method.js";
import { ParameterTable } from "../../src/layers/parameter-table.js";
import { Prefix } from "../../src/layers/prefix.js";
import { DeepseekV3ForCausalLM } from "../../src/models/deepseek-v3.js";
import { ConfigError } from "../../src/util/errors.js";
import { createWorker } from "../../src/worker/create-worker.js";
import { goldenCases, materializeCase } from "../support/golden.js";
import { platformsHere } from "../support/platforms.js";
import { RandomMix } from "../support/random-mix.js";

const golden = goldenCases().find(({ name }) => name === "deepseek_v3")!;
const native = platformsHere().find(({ label }) => label !== "reference");

test.skipIf(!native).each(["float32", "bfloat16"] as const)("mixes of requests, %s", async (dtype) => {
  const limits = { maxNumBatchedTokens: 128, maxNumSeqs: 8, kvCacheMemoryBytes: 2 ** 20, cpuThreads: 2 };
  const worker = await createWorker(
    parseEngineConfig({ model: materializeCase(golden), dtype, ...limits, ...native!.options }),
    {},
  );
  try {
    const mix = new RandomMix(worker);
    for (let seed = 0; seed < 3; seed++) await mix.run(seed);
    expect(mix.statistics.prefixHits).toBeGreaterThan(0);
  } finally {
    worker.dispose();
  }
});

const raw = JSON.parse(
  readFileSync(fileURLToPath(new URL("config.json", `file://${golden.source}/`)), "utf8"),
) as RawConfig;

function construct(change: RawConfig): ParameterTable {
  const parameters = new ParameterTable();
  const fixed = { parallel: { rank: 0, worldSize: 1 }, dtype: "f32", maxModelLen: 16 } as const;
  const context = { ...fixed, parameters, linearMethod: () => unquantized, layerCaches: new Map(), claimed: new Map() };
  const config = DeepseekV3ForCausalLM.config.parse({ ...raw, ...change });
  new DeepseekV3ForCausalLM(new Prefix("", config, context));
  return parameters;
}

test("latents are projected by the two halves of kv_b_proj", () => {
  const shapes = construct({}).declared.map(({ spec }) => [spec.name, spec.shape] as const);
  const byName = new Map(shapes);
  expect(byName.get("model.layers.0.self_attn.kv_b_proj.key_weight")).toEqual([4, 32, 16]);
  expect(byName.get("model.layers.0.self_attn.kv_b_proj.value_weight")).toEqual([4, 16, 32]);
});

test.each([
  [{ num_key_value_heads: 2 }, /self_attn: num_key_value_heads must be num_attention_heads \(4\), got 2/],
  [{ n_group: 3 }, /experts: .*numExpertGroup/],
])("%j is an error", (change, message) => {
  expect(() => construct(change)).toThrow(ConfigError);
  expect(() => construct(change)).toThrow(message);
});

test("layers that predict further tokens are left out, as many as there are", () => {
  const ignored = (change: RawConfig): RegExp[] =>
    DeepseekV3ForCausalLM.ignoredBy(DeepseekV3ForCausalLM.config.parse({ ...raw, ...change }));
  const name = "model.layers.2.self_attn.q_a_proj.weight";
  expect(ignored({}).some((pattern) => pattern.test(name))).toBe(true);
  expect(ignored({}).some((pattern) => pattern.test("model.layers.1.input_layernorm.weight"))).toBe(false);
  expect(ignored({}).some((pattern) => pattern.test("model.layers.20.input_layernorm.weight"))).toBe(false);
  expect(ignored({ num_nextn_predict_layers: 0 })).toEqual([]);
  expect(ignored({ num_nextn_predict_layers: 2 })).toHaveLength(2);
});
