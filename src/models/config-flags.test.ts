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
  ["glm4", { partial_rotary_factor: 2, rope_parameters: null }, /partial_rotary_factor must be at most 1, got 2/],
])("%s with %j", async (golden, fields, message) => {
  const raw = published(golden);
  const { modelClass } = await loadModelClass(raw["architectures"]);
  expect(() => modelClass.config.parse(raw)).not.toThrow();
  expect(() => modelClass.config.parse({ ...raw, ...fields })).toThrow(ConfigError);
  expect(() => modelClass.config.parse({ ...raw, ...fields })).toThrow(message);
});
