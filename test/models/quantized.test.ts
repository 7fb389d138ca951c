/** A whole model from a quantized checkpoint: the same bits as from the dequantized one, for fused layers of mixed schemes too. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { parseEngineConfig } from "../../src/config/engine-config.js";
import { createWorker } from "../../src/worker/create-worker.js";
import { goldenCases, materializeCase } from "../support/golden.js";
import { recipeValues, writeSafetensors } from "../support/materialize.js";
import type { RawTensor } from "../support/materialize.js";
import { packAwq, packCompressed, packFp8, packGptq, packInt8 } from "../support/packed-weights.js";
import type { PackedMatrix, PackOptions } from "../support/packed-weights.js";
import { driveRequest } from "../support/worker-driver.js";

const golden = goldenCases().find(({ name }) => name === "llama")!;
const folder = mkdtempSync(join(tmpdir(), "quire-quantized-"));
afterAll(() => rmSync(folder, { recursive: true }));

interface Recipe {
  readonly seed: number;
  readonly tensors: Record<string, [number[], number, number]>;
}

const recipe = JSON.parse(readFileSync(join(golden.source, "weights.json"), "utf8")) as Recipe;
const isLinear = (name: string): boolean => name.endsWith("_proj.weight");

/** The golden model with some matrices packed, and with the same ones dequantized. */
function writeBoth(label: string, config: object, pack: (options: PackOptions) => PackedMatrix | undefined) {
  const tensors: Record<string, RawTensor> = {};
  const plain: Record<string, RawTensor> = {};
  for (const [name, [shape, offset, scale]] of Object.entries(recipe.tensors)) {
    const values = recipeValues(name, shape, offset, scale, recipe.seed);
    const raw = { dtype: "F32", shape, data: new Uint8Array(values.buffer) };
    const [outputs, inputs] = shape as [number, number];
    const packed = isLinear(name) ? pack({ name: name.slice(0, -".weight".length), outputs, inputs }) : undefined;
    plain[name] = packed ? { dtype: "F32", shape, data: new Uint8Array(packed.values.buffer) } : raw;
    Object.assign(tensors, packed?.tensors ?? { [name]: raw });
  }
  const write = (kind: string, set: Record<string, RawTensor>, fields: object): string => {
    const path = join(folder, `${label}-${kind}`);
    cpSync(materializeCase(golden), path, { recursive: true });
    const published = JSON.parse(readFileSync(join(path, "config.json"), "utf8")) as object;
    writeFileSync(join(path, "config.json"), JSON.stringify({ ...published, ...fields }));
    writeSafetensors(join(path, "model.safetensors"), set);
    return path;
  };
  return { packed: write("packed", tensors, { quantization_config: config }), plain: write("plain", plain, {}) };
}

async function logprobs(model: string): Promise<unknown> {
  const limits = { kvCacheMemoryBytes: 2 ** 24, maxNumBatchedTokens: 64, maxNumSeqs: 4 };
  const worker = await createWorker(parseEngineConfig({ model, dtype: "float32", ...limits }, {}), {});
  try {
    const params = { promptLogprobs: 5, logprobs: 5 };
    return await driveRequest(worker, golden.prompts[1]!.inputIds, { numTokens: 8, params });
  } finally {
    worker.dispose();
  }
}

const groups = { groupSize: 8 };
test.each<[string, object, (options: PackOptions) => PackedMatrix | undefined]>([
  ["gptq", { quant_method: "gptq", bits: 4, group_size: 8 }, (options) => packGptq({ ...options, ...groups })],
  ["awq", { quant_method: "awq", bits: 4, group_size: 8 }, (options) => packAwq({ ...options, ...groups })],
  // One matrix of a fused layer in 4 bits, one in 8, one as it is.
  [
    "mixed",
    {
      quant_method: "compressed-tensors",
      format: "pack-quantized",
      ignore: ["re:.*v_proj"],
      config_groups: {
        four: { targets: ["Linear"], weights: { num_bits: 4, strategy: "group", group_size: 8 } },
        eight: { targets: ["re:.*k_proj"], weights: { num_bits: 8, strategy: "group", group_size: 8 } },
      },
    },
    (options) => {
      if (options.name.endsWith("v_proj")) return undefined;
      return packCompressed({ ...options, ...groups, bits: options.name.endsWith("k_proj") ? 8 : 4 });
    },
  ],
])("%s: as the dequantized checkpoint, bit for bit", async (label, config, pack) => {
  const { packed, plain } = writeBoth(label, config, pack);
  expect(await logprobs(packed)).toEqual(await logprobs(plain));
});

test("inputs are rounded: other results than of the weights alone, and near them", async () => {
  const token = { num_bits: 8, dynamic: true, strategy: "token" };
  const w8a8 = { targets: ["Linear"], weights: { num_bits: 8, strategy: "channel" }, input_activations: token };
  const int8 = { quant_method: "compressed-tensors", format: "int-quantized", config_groups: { w8a8 } };
  for (const [label, config, pack] of [
    ["int8", int8, packInt8],
    ["fp8", { quant_method: "fp8", activation_scheme: "dynamic" }, packFp8],
  ] as const) {
    const { packed, plain } = writeBoth(label, config, pack);
    const first = async (path: string) => (await logprobs(path)) as { promptLogprobs: { logprobs: number[] }[] };
    const [a, b] = [await first(packed), await first(plain)];
    const difference = Math.abs(a.promptLogprobs[1]!.logprobs[0]! - b.promptLogprobs[1]!.logprobs[0]!);
    expect(difference).toBeGreaterThan(1e-6);
    expect(difference).toBeLessThan(0.5);
  }
});
