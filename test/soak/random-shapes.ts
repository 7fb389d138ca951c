/**
 * Models of random sizes with random weights: the native platform on every instruction set against the reference, float32 and bfloat16.
 * `npx tsx test/soak/random-shapes.ts [--count 40] [--seed 0]`.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { parseEngineConfig } from "../../src/config/engine-config.js";
import { createWorker } from "../../src/worker/create-worker.js";
import { platformsHere } from "../support/platforms.js";
import { seededRandom } from "../support/random-mix.js";
import { byTokenId, driveRequest } from "../support/worker-driver.js";

const { values } = parseArgs({
  options: { count: { type: "string", default: "40" }, seed: { type: "string", default: "0" } },
});
const root = mkdtempSync(join(tmpdir(), "quire-shapes-"));
process.once("exit", () => rmSync(root, { recursive: true, force: true }));

/** A config.json of random but possible sizes. */
function randomConfig(random: (below: number) => number): Record<string, unknown> {
  const pick = <T>(list: readonly T[]): T => list[random(list.length)]!;
  const headDim = pick([8, 10, 12, 16, 20, 24, 32, 40, 64, 80, 96, 128, 256]);
  const numKvHeads = 1 + random(3);
  const numHeads = numKvHeads * (1 + random(5));
  const hidden = pick([true, false]) ? numHeads * headDim : 2 + random(150);
  const common = {
    num_hidden_layers: 1 + random(2),
    num_attention_heads: numHeads,
    vocab_size: 20 + random(300),
    max_position_embeddings: 256,
    eos_token_id: 2,
    torch_dtype: "float32",
  };
  const gated = {
    ...common,
    hidden_size: hidden,
    head_dim: headDim,
    num_key_value_heads: numKvHeads,
    intermediate_size: 1 + random(200),
    tie_word_embeddings: random(2) === 0,
    rms_norm_eps: 1e-5,
  };
  switch (random(5)) {
    case 0:
      return {
        ...common,
        architectures: ["OPTForCausalLM"],
        hidden_size: numHeads * headDim,
        ffn_dim: 1 + random(200),
        do_layer_norm_before: random(2) === 0,
        enable_bias: random(2) === 0,
      };
    case 1:
      return { ...gated, architectures: ["MistralForCausalLM"], sliding_window: 1 + random(40) };
    case 2:
      return { ...gated, architectures: ["Qwen2ForCausalLM"] };
    case 3:
      return { ...gated, architectures: ["SmolLM3ForCausalLM"], no_rope_layer_interval: 2 };
    default:
      return {
        ...gated,
        architectures: ["LlamaForCausalLM"],
        attention_bias: random(2) === 0,
        mlp_bias: random(2) === 0,
        hidden_act: pick(["silu", "gelu", "relu", "gelu_pytorch_tanh"]),
      };
  }
}

/** Log-probabilities of the whole vocabulary after every prompt token, computed in chunks. */
async function rowsOf(model: string, tokens: number[], chunk: number, options: object): Promise<Float64Array[]> {
  const limits = { loadFormat: "dummy", kvCacheMemoryBytes: 2 ** 26, maxNumBatchedTokens: 128, maxNumSeqs: 8 } as const;
  const worker = await createWorker(parseEngineConfig({ model, ...limits, ...options }), {});
  const params = { promptLogprobs: -1, logprobs: -1 };
  const { promptLogprobs, logprobs } = await driveRequest(worker, tokens, { numTokens: 1, chunk, params });
  worker.dispose();
  return [...promptLogprobs, ...logprobs].map((row) => byTokenId(row, worker.info.vocabSize));
}

const first = Number(values.seed);
let worst = 0;
for (let seed = first; seed < first + Number(values.count); seed++) {
  const random = seededRandom(seed);
  const config = randomConfig(random);
  const model = join(root, String(seed));
  mkdirSync(model);
  writeFileSync(join(model, "config.json"), JSON.stringify(config));
  const tokens = Array.from({ length: 1 + random(60) }, () => random(config.vocab_size as number));
  const chunk = 1 + random(tokens.length);
  for (const dtype of ["float32", "bfloat16"] as const) {
    const wanted = await rowsOf(model, tokens, tokens.length, { dtype, platform: "reference" });
    const flat = wanted.flatMap((row) => [...row]);
    const mean = flat.reduce((a, b) => a + b, 0) / flat.length;
    const std = Math.max(0.1, Math.sqrt(flat.reduce((sum, x) => sum + (x - mean) ** 2, 0) / flat.length));
    for (const { label, options } of platformsHere().filter((here) => here.label !== "reference")) {
      const got = await rowsOf(model, tokens, chunk, { dtype, ...options });
      const difference = Math.max(
        ...got.flatMap((row, i) => [...row].map((x, id) => Math.abs(x - wanted[i]![id]!) / std)),
      );
      // bf16 rounds activations: a value on the edge may fall to either side.
      const tolerance = dtype === "float32" ? 1e-4 : 0.08;
      if (dtype === "float32") worst = Math.max(worst, difference);
      if (!(difference < tolerance))
        throw new Error(
          `seed ${seed} ${label} ${dtype}: ${difference} standard deviations off; ${tokens.length} tokens in chunks of ${chunk}; ${JSON.stringify(config)}`,
        );
    }
  }
}
console.log(`passed: ${values.count} models, worst float32 difference ${worst.toExponential(1)} standard deviations`);
