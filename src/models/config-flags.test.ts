/** What config.json may say that a model does not do ends in an error that names field, value and what is allowed. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { ConfigError } from "../util/errors.js";
import { loadModelClass } from "./registry.js";

function published(golden: string): Record<string, unknown> {
  const url = new URL(`../../test/golden/arch/${golden}/config.json`, import.meta.url);
  return JSON.parse(readFileSync(url, "utf8")) as Record<string, unknown>;
}

test.each([
  ["gemma", { use_bidirectional_attention: true }, /use_bidirectional_attention must be false .* got true/],
  ["gemma2", { use_bidirectional_attention: true }, /use_bidirectional_attention must be false .* got true/],
  ["gemma2", { layer_types: ["full_attention", "chunked_attention"] }, /layer_types .* got "chunked_attention"/],
  ["gemma2", { layer_types: ["full_attention"] }, /layer_types must be a list of 2 layer types/],
  ["gemma2", { hidden_activation: "xielu" }, /hidden_activation must be one of "relu".*got "xielu"/],
  ["gemma2", { final_logit_softcapping: "30" }, /final_logit_softcapping must be a number or null, got "30"/],
  ["gemma3_text", { use_bidirectional_attention: true }, /use_bidirectional_attention must be false .* got true/],
  ["gemma3_text", { sliding_window: null }, /sliding_window must be a positive integer, as layer 0/],
  [
    "gemma3_text",
    { rope_parameters: { full_attention: { rope_type: "spiral" }, sliding_attention: { rope_type: "default" } } },
    /rope_parameters\.full_attention\.rope_type must be one of .* got "spiral"/,
  ],
  ["olmo", { clip_qkv: "8" }, /clip_qkv must be a number or null, got "8"/],
  ["cohere", { use_qk_norm: "yes" }, /use_qk_norm must be true or false, got "yes"/],
  ["cohere2", { sliding_window_pattern: "LX", layer_types: null }, /sliding_window_pattern must be .* got "LX"/],
  ["exaone4", { sliding_window: null }, /sliding_window must be a positive integer, as layer 0/],
  ["granite", { logits_scaling: "8" }, /logits_scaling must be a number, got "8"/],
  ["gpt2", { add_cross_attention: true }, /add_cross_attention must be false .* got true/],
  ["gpt2", { activation_function: "sine" }, /activation_function must be one of "relu".*"gelu_new".* got "sine"/],
  ["gpt2", { n_embd: null }, /n_embd is missing; it must be a positive integer/],
  ["gpt_neox", { rope_parameters: { rope_type: "mrope" } }, /rope_parameters\.rope_type must be one of .* got "mrope"/],
  ["gptj", { rotary_dim: 18 }, /rotary_dim gives 18 rotated elements .* 2 to 16/],
  ["gptj", { rotary_dim: null }, /rotary_dim is missing; it must be a positive number/],
  ["phi", { qk_layernorm: 1 }, /qk_layernorm must be true or false, got 1/],
  ["phi3", { attention_bias: true }, /attention_bias must be false .* got true/],
  [
    "phi3",
    { rope_parameters: { rope_type: "longrope", short_factor: [1], long_factor: [1] } },
    /rope_parameters\.short_factor must be a list of 8 numbers .* got "1 values"/,
  ],
  ["starcoder2", { norm_type: "rms_norm" }, /norm_type must be "layer_norm" .* got "rms_norm"/],
  ["bloom_alibi", { slow_but_exact: true }, /slow_but_exact must be false .* got true/],
  ["stablelm", { rope_parameters: { rope_type: "linear" } }, /rope_parameters\.factor is missing/],
  ["deepseek_v2", { topk_method: "noaux_tc" }, /topk_method must be one of "greedy", .* got "noaux_tc"/],
  ["deepseek_v2", { scoring_func: "sigmoid" }, /scoring_func must be "softmax" .* got "sigmoid"/],
  ["deepseek_v2", { first_k_dense_replace: -1 }, /first_k_dense_replace must be an integer from 0, got -1/],
  ["deepseek_v3", { scoring_func: "softmax" }, /scoring_func must be "sigmoid" .* got "softmax"/],
  ["deepseek_v3", { topk_method: "greedy" }, /topk_method must be "noaux_tc" .* got "greedy"/],
  ["deepseek_v3", { qk_rope_head_dim: 7 }, /rotated elements of a head, which must be an even number/],
  ["glm4", { partial_rotary_factor: 2, rope_parameters: null }, /partial_rotary_factor must be at most 1, got 2/],
  ["mamba", { time_step_rank: "all" }, /time_step_rank must be a positive integer or "auto", got "all"/],
  ["mamba", { hidden_act: "maxout" }, /hidden_act must be one of "relu".*got "maxout"/],
  ["falcon_mamba", { mixer_rms_eps: "1e-6" }, /mixer_rms_eps must be a number, got "1e-6"/],
  ["mamba2", { n_groups: 3 }, /n_groups must be a divisor of num_heads \(8\), got 3/],
  ["mamba2", { head_dim: 32 }, /num_heads must be expand \* hidden_size \/ head_dim \(128 \/ 32\), got 8/],
  ["mamba2", { time_step_limit: [0.1] }, /time_step_limit must be two numbers in ascending order.* got \[0.1\]/],
])("%s with %j", async (golden, fields, message) => {
  const raw = published(golden);
  const { modelClass } = await loadModelClass(raw["architectures"]);
  expect(() => modelClass.config.parse(raw)).not.toThrow();
  expect(() => modelClass.config.parse({ ...raw, ...fields })).toThrow(ConfigError);
  expect(() => modelClass.config.parse({ ...raw, ...fields })).toThrow(message);
});
