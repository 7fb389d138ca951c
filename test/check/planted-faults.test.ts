/** Typical mistakes of a port: `quire check --reference` must name the place of each, and the cause. */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { parseEngineConfig } from "../../src/config/engine-config.js";
import { registerModel } from "../../src/models/registry.js";
import { checkModel } from "../../src/tools/check/check-model.js";
import { compareWithReference } from "../../src/tools/check/reference/compare.js";
import { formatComparison } from "../../src/tools/check/reference/format-findings.js";
import { planted, portConfig, PortForCausalLM } from "./port.js";
import { writeCheckpoint, writeReference } from "./write-reference.js";

let folder: string;
let model: string;
let dump: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "quire-check-"));
  [model, dump] = [join(folder, "model"), join(folder, "reference.dump")];
  mkdirSync(model);
  registerModel("PortForCausalLM", PortForCausalLM);
  await writeCheckpoint(model, portConfig);
  const ids = Array.from({ length: 13 }, (_, i) => (i * 37 + 11) % portConfig.vocab_size);
  await writeReference(model, dump, ids);
});
afterEach(() => void (planted.fault = ""));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function compare() {
  const config = parseEngineConfig({ model, platform: "reference", kvCacheMemoryBytes: 2 ** 24 });
  return compareWithReference(config, dump);
}

test("a port that is right has no findings", async () => {
  const comparison = await compare();
  expect(comparison.findings).toEqual([]);
  expect(comparison.numAgreeing).toBeGreaterThan(30);
});

/** What is planted, the module that must be named first, and words of the cause. */
const faults: readonly (readonly [fault: string, place: string, cause: RegExp])[] = [
  ["rotary style", "model.layers.0.self_attn.o_proj", /style neox instead of gptj/],
  ["rotary base", "model.layers.0.self_attn.o_proj", /base 20000 instead of 500000/],
  ["partial rotary ignored", "model.layers.0.self_attn.o_proj", /8 rotated elements of each head instead of 12/],
  ["keys not rotated", "model.layers.0.self_attn.o_proj", /rotating keys/],
  ["no rotary", "model.layers.0.self_attn.o_proj", /rotating queries and keys/],
  ["rotary before the head norms", "model.layers.0.self_attn.q_norm", /leaving out rotaryEmbedding/],
  ["no norm of keys", "model.layers.0.self_attn.k_norm", /never called/],
  ["norms of queries and keys exchanged", "model.layers.0.self_attn.o_proj", /k_norm and .*q_norm exchanged/],
  ["attention scale", "model.layers.0.self_attn.o_proj", /scale 0.3 \(attention_multiplier\)/],
  ["attention soft cap", "model.layers.0.self_attn.o_proj", /logitSoftcap 2.5 \(attn_logit_softcapping\) instead of 0/],
  ["window off by one", "model.layers.0.self_attn.o_proj", /slidingWindow 5 .*instead of 6/],
  ["window in the wrong layers", "model.layers.0.self_attn.o_proj", /slidingWindow 5 \(sliding_window\) instead of 0/],
  ["window in all layers", "model.layers.1.self_attn.o_proj", /slidingWindow 0 instead of 5/],
  ["one layer without window", "model.layers.2.self_attn.o_proj", /slidingWindow 5 \(sliding_window\) instead of 0/],
  [
    "keys and values exchanged",
    "model.layers.0.self_attn.k_norm",
    /the reference: model.layers.0.self_attn.k_proj:out; the port: model.layers.0.self_attn.v_proj:out/,
  ],
  ["values not clipped", "model.layers.0.self_attn.o_proj", /clamping .*v_proj to \+-1.5 \(clip_qkv\) first/],
  ["weight not transposed", "model.layers.0.self_attn.o_proj", /o_proj\.weight"; the port/],
  ["gate and up exchanged", "model.layers.0.mlp.down_proj", /gate and up swapped/],
  ["no gate", "model.layers.0.mlp.down_proj", /times model.layers.0.mlp.up_proj:out: a gate that is not applied/],
  ["activation", "model.layers.0.mlp.down_proj", /kind silu instead of gelu_pytorch_tanh/],
  ["norm epsilon", "model.layers.0.input_layernorm", /epsilon 0.00001 instead of 0.001/],
  ["norm weights plus one", "model.layers.0.input_layernorm", /weight in place of \(1 \+ weight\)/],
  ["first norm forgotten", "model.layers.0.input_layernorm", /never called/],
  ["second norm forgotten in layer 1", "model.layers.1.post_attention_layernorm", /never called/],
  ["last norm forgotten", "model.norm", /never called/],
  ["last norm with offset", "model.norm", /^weight in place of \(1 \+ weight\): makes/],
  ["last norm twice", "lm_head", /./],
  ["last norm doubled", "model.norm", /factor/],
  ["mlp twice", "model.layers.0.mlp.down_proj", /computed again.*gate_proj.*down_proj/],
  ["norm after the block", "model.layers.0.mlp.gate_proj", /post_attention_layernorm \(RMSNorm\) is skipped/],
  ["residual before the norm", "model.layers.1.input_layernorm", /post_attention_layernorm/],
  ["residual multiplier forgotten", "model.layers.0.post_attention_layernorm", /0.4 \(residual_multiplier\)/],
  [
    "residual of attention forgotten",
    "model.layers.0.post_attention_layernorm",
    /leaves out model.layers.0.input_layernorm:in/,
  ],
  ["residual of the mlp forgotten", "model.layers.1.input_layernorm", /leaves out .*post_attention_layernorm:in/],
  ["parallel blocks", "model.layers.0.post_attention_layernorm", /leaves out .*o_proj:out .*parallel/],
  ["embedding scale forgotten", "model.layers.0.input_layernorm", /multiplied by 3 \(embedding_multiplier\)/],
  ["last layer left out", "model.layers.2.input_layernorm", /never called.*model\.layers\.2\.mlp\.down_proj/],
  ["layers in the wrong order", "model.layers.1.input_layernorm", /model\.layers\.0\./],
  ["head tied", "lm_head", /the reference multiplies by "lm_head\.weight"/],
  ["logit scale forgotten", "", /by 0.2 \(1 \/ logits_scaling\)/],
  ["last soft cap forgotten", "", /soft cap, 6 \* tanh/],
];

test("a bias that is dropped: the checkpoint has it, and the numbers say what it does", async () => {
  planted.fault = "bias dropped";
  const report = await checkModel(parseEngineConfig({ model, platform: "reference" }), { reference: dump });
  expect(report.passed).toBe(false);
  expect(report.results[0]).toMatchObject({ name: "weights", status: "failed" });
  expect(report.results[0]?.detail).toMatch(/unexpected tensor "model\.layers\.0\.self_attn\.k_proj\.bias" \[24\]/);
  const [first] = report.comparison!.findings;
  expect(first).toMatchObject({ kind: "leaf", module: "model.layers.0.self_attn.q_proj" });
  expect(first?.cause?.text).toMatch(
    /"model\.layers\.0\.self_attn\.q_proj\.weight", with a bias that the port does not add/,
  );
});

test.each(faults)("%s", async (fault, place, cause) => {
  planted.fault = fault;
  const comparison = await compare();
  const text = formatComparison(comparison);
  expect(comparison.findings[0]?.module, text).toBe(place);
  expect(comparison.findings[0]?.cause?.text ?? "no cause", text).toMatch(cause);
});
