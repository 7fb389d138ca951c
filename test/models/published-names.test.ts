/** Checkpoints as they were published, whose names and buffers differ from what Transformers saves today. */
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { planWeights } from "../../src/worker/weight-plan.js";
import { declareModel, tensorsOf } from "../support/declare-model.js";

/** What old files have beside an attention module's parameters. */
const buffers = (module: string): string[] => [`${module}.bias`, `${module}.masked_bias`];
const asSaved = (name: string): string => name;
const bare = (name: string): string => name.replace("transformer.", "");

test.each<[string, (name: string) => string, string[]]>([
  ["gpt2", bare, buffers("h.1.attn")],
  ["gpt2", asSaved, [...buffers("transformer.h.0.attn"), "lm_head.weight"]],
  ["gptj", asSaved, buffers("transformer.h.0.attn")],
  ["gpt_neox", asSaved, [...buffers("gpt_neox.layers.1.attention"), "gpt_neox.layers.1.attention.rotary_emb.inv_freq"]],
  ["gpt_neox", (name) => name.replace("embed_out.", "lm_head."), []],
  ["gpt_neox_odd_rotary_tied", asSaved, ["embed_out.weight"]],
  ["bloom_alibi", bare, ["lm_head.weight"]],
  ["falcon_mqa", asSaved, ["lm_head.weight", "transformer.h.0.self_attention.rotary_emb.inv_freq"]],
  ["phi", asSaved, ["model.layers.0.self_attn.rotary_emb.inv_freq"]],
  ["stablelm", asSaved, ["model.layers.0.self_attn.rotary_emb.inv_freq"]],
])("%s, variant %#", async (golden, rename, extra) => {
  const folder = fileURLToPath(new URL(`../golden/arch/${golden}`, import.meta.url));
  const { modelClass, parameters } = await declareModel(folder);
  const tensors = tensorsOf(folder, rename);
  for (const name of extra) tensors.set(name, { name, shape: [1, 1, 8, 8], storage: "u8", byteLength: 0, file: "x" });
  const tiedHead = !parameters.declared.some(({ spec }) => spec.name === "lm_head.weight");
  const plan = planWeights("here", parameters.declared, tensors, { ...modelClass, tiedHead });
  expect(plan.ignored).toHaveLength(extra.length);
});
