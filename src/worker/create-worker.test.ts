/** What a start says when the model or the options do not fit. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseEngineConfig } from "../config/engine-config.js";
import type { EngineOptions } from "../config/engine-config.js";
import { CheckpointError, ConfigError, ResourceError, UnsupportedError } from "../util/errors.js";
import { createWorker } from "./create-worker.js";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "quire-worker-"));
  cpSync("models/stories260K", folder, { recursive: true });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Lines of the log of the latest start. */
let lines: string[] = [];

/** Starts with some fields of config.json changed. */
async function start(fields: Record<string, unknown>, options: Partial<EngineOptions> = {}): Promise<string> {
  lines = [];
  const published = JSON.parse(readFileSync("models/stories260K/config.json", "utf8")) as Record<string, unknown>;
  writeFileSync(join(folder, "config.json"), JSON.stringify({ ...published, ...fields }));
  const config = parseEngineConfig({ model: folder, platform: "reference", kvCacheMemoryBytes: 2 ** 24, ...options });
  const worker = await createWorker(config, { log: (line) => void lines.push(line) });
  const { dtype, eosTokenIds, maxModelLen } = worker.info;
  worker.dispose();
  return `${dtype} ${eosTokenIds.join(",")} ${maxModelLen}`;
}

describe("config.json and options", () => {
  test.each<[Record<string, unknown>, Partial<EngineOptions>, string]>([
    [{}, {}, "float32 2 512"],
    [{ torch_dtype: "float16" }, {}, "bfloat16 2 512"],
    [{ torch_dtype: "bfloat16" }, { dtype: "float32" }, "float32 2 512"],
    [{ torch_dtype: null }, {}, "float32 2 512"],
    [{ eos_token_id: [5, 2, 5] }, {}, "float32 5,2 512"],
    [{ eos_token_id: null }, { generationConfig: "vllm" }, "float32  512"],
    [{}, { maxModelLen: 100 }, "float32 2 100"],
    [{ max_position_embeddings: 64 }, { hfOverrides: { max_position_embeddings: 256 } }, "float32 2 256"],
  ])("%j with %j gives %s", async (fields, options, expected) => expect(await start(fields, options)).toBe(expected));

  test.each<[Record<string, unknown>, Partial<EngineOptions>, new (...args: never[]) => Error, RegExp]>([
    [{ torch_dtype: "float8" }, {}, ConfigError, /dtype must be one of float32, float16, bfloat16, got "float8"/],
    [
      { eos_token_id: "x" },
      {},
      ConfigError,
      /eos_token_id must be an integer from 0, a list of them, or null, got "x"/,
    ],
    [{ vocab_size: "many" }, {}, ConfigError, /vocab_size must be a positive integer/],
    [{ architectures: ["Llama4ForCausalLM"] }, {}, UnsupportedError, /not supported; nearest: LlamaForCausalLM/],
    [{ quantization_config: { quant_method: "quip" } }, {}, UnsupportedError, /quant_method "quip", which is not read/],
    [{ quantization_config: { quant_method: "gptq" } }, {}, ConfigError, /bits \(gptq\): must be a whole number/],
    [
      { compression_config: { quant_method: "compressed-tensors", sparsity_config: { format: "24" } } },
      {},
      UnsupportedError,
      /sparsity_config\.format \(compressed-tensors\): "24" is not read/,
    ],
    [
      { num_hidden_layers: 6 },
      {},
      CheckpointError,
      /model\.layers\.5\.self_attn\.qkv_proj needs "model\.layers\.5\.self_attn\.q_proj\.weight"/,
    ],
    [{ num_hidden_layers: 4 }, {}, CheckpointError, /unexpected tensor "model\.layers\.4\./],
    [
      { intermediate_size: 171 },
      {},
      CheckpointError,
      /must be \[171, 64\] by the model, the checkpoint has \[172, 64\]/,
    ],
    [{ tie_word_embeddings: false }, {}, CheckpointError, /lm_head needs "lm_head\.weight" \[512, 64\]/],
    [{}, { maxModelLen: 1000 }, ConfigError, /--max-model-len 1000 is longer than the model's 512/],
    [{}, { kvCacheMemoryBytes: 4096 }, ResourceError, /needs 33 blocks of 16 tokens/],
    [{}, { generationConfig: "./nope" }, ConfigError, /nope/],
    [{}, { plugins: ["./no-such-plugin.js"] }, ConfigError, /plugin "\.\/no-such-plugin\.js" could not be loaded/],
  ])("%j with %j is a clear error", async (fields, options, errorClass, message) => {
    const error = await start(fields, options).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(errorClass);
    expect((error as Error).message).toMatch(message);
  });
});

describe("which architecture", () => {
  const published = JSON.parse(readFileSync("models/stories260K/config.json", "utf8")) as Record<string, unknown>;
  const without = (...names: string[]): Record<string, unknown> =>
    Object.fromEntries(names.map((name) => [name, undefined]));
  const llama = { hidden_size: published.hidden_size, num_attention_heads: published.num_attention_heads };

  test.each<[string, Record<string, unknown>, RegExp]>([
    [
      "the first of several that is supported",
      { architectures: ["NewForCausalLM", "LlamaForCausalLM"] },
      /names architectures NewForCausalLM, LlamaForCausalLM; LlamaForCausalLM is the first one supported/,
    ],
    ["model_type where there is none", without("architectures"), /model_type "llama" is taken as LlamaForCausalLM/],
    ["model_type of an empty list", { architectures: [] }, /model_type "llama" is taken as LlamaForCausalLM/],
    [
      "fields of text_config",
      { ...without("hidden_size", "num_attention_heads"), text_config: llama },
      /LlamaForCausalLM is the text model of config.json's text_config/,
    ],
    [
      "model_type of text_config",
      { ...without("architectures"), model_type: "llava", text_config: { model_type: "llama" } },
      /model_type "llama" is taken as LlamaForCausalLM/,
    ],
  ])("%s, and the log says so", async (_, fields, line) => {
    expect(await start(fields)).toBe("float32 2 512");
    expect(lines.join("\n")).toMatch(line);
  });

  test("nothing to say where config.json is plain", async () => {
    await start({});
    expect(lines.join("\n")).not.toMatch(/config\.json/);
  });

  test.each<[Record<string, unknown>, RegExp]>([
    [{ ...without("architectures"), model_type: "martian" }, /got undefined, and model_type "martian" is none of them/],
    [without("architectures", "model_type"), /architectures must be a list of names such as .* Supported: .*Llama/],
    [{ architectures: "LlamaForCausalLM" }, /architectures must be a list of names .* got "LlamaForCausalLM"/],
    [
      { text_config: { ...llama, hidden_size: "64", hidden_act: "sine" } },
      /config\.json: text_config\.hidden_size must be a positive integer, got "64"[^]*text_config\.hidden_act must be one of "relu"/,
    ],
  ])("%j is an error", async (fields, message) => await expect(start(fields)).rejects.toThrow(message));

  test("an override that is nearly a field's name is told, one that replaces a nested field is used", async () => {
    const hfOverrides = { text_config: { rope_thetta: 5 }, rms_norm_epss: 1 };
    await start({ text_config: { rope_theta: 10000 } }, { hfOverrides });
    expect(lines.filter((line) => line.startsWith("--hf-overrides"))).toEqual([
      "--hf-overrides: config.json has no text_config.rope_thetta, it is added; closest: text_config.rope_theta",
      "--hf-overrides: config.json has no rms_norm_epss, it is added; closest: rms_norm_eps",
    ]);
    const nested = { text_config: { max_position_embeddings: 64 } };
    expect(await start({ text_config: llama, max_position_embeddings: 128 }, { hfOverrides: nested })).toBe(
      "float32 2 64",
    );
  });
});
