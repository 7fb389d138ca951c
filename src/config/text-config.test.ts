import { expect, test } from "vitest";
import { textConfig, textTensorName } from "./text-config.js";

test("fields at the top are as they are", () => {
  const raw = { hidden_size: 8, text_config: null };
  expect(textConfig(raw)).toEqual({ raw, nestedIn: undefined });
});

test.each(["text_config", "llm_config", "language_config"])("%s: its fields count, some of the whole stay", (name) => {
  const inner = { hidden_size: 8, model_type: "llama", dtype: "float16", eos_token_id: 3, architectures: ["Inner"] };
  const whole = {
    architectures: ["Outer"],
    model_type: "llava",
    hidden_size: 99,
    image_token_index: 7,
    dtype: "bfloat16",
  };
  expect(textConfig({ ...whole, [name]: inner })).toEqual({
    raw: expect.objectContaining({
      architectures: ["Outer"],
      model_type: "llama",
      hidden_size: 8,
      image_token_index: 7,
      dtype: "bfloat16",
      eos_token_id: 3,
    }) as unknown,
    nestedIn: name,
  });
});

test.each([
  ["model.language_model.layers.0.mlp.up_proj.weight", "model.layers.0.mlp.up_proj.weight"],
  ["language_model.model.norm.weight", "model.norm.weight"],
  ["language_model.lm_head.weight", "lm_head.weight"],
  ["lm_head.weight", "lm_head.weight"],
  ["model.layers.0.mlp.up_proj.weight", "model.layers.0.mlp.up_proj.weight"],
  ["model.vision_tower.blocks.0.weight", undefined],
  ["visual.merger.bias", undefined],
  ["multi_modal_projector.linear_1.weight", undefined],
  ["mm_projector.0.weight", undefined],
])("%s is %s", (name, text) => expect(textTensorName(name)).toBe(text));
