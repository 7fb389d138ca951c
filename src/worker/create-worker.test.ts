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

/** Starts with some fields of config.json changed. */
async function start(fields: Record<string, unknown>, options: Partial<EngineOptions> = {}): Promise<string> {
  const published = JSON.parse(readFileSync("models/stories260K/config.json", "utf8")) as Record<string, unknown>;
  writeFileSync(join(folder, "config.json"), JSON.stringify({ ...published, ...fields }));
  const config = parseEngineConfig({ model: folder, platform: "reference", kvCacheMemoryBytes: 2 ** 24, ...options });
  const worker = await createWorker(config, {});
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
    [{ quantization_config: { quant_method: "gptq" } }, {}, UnsupportedError, /quant_method "gptq"/],
    [{ compression_config: { quant_method: "compressed-tensors" } }, {}, UnsupportedError, /"compressed-tensors"/],
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
