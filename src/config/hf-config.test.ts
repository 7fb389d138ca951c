import { describe, expect, test } from "vitest";
import { ConfigError } from "../util/errors.js";
import { hfConfig } from "./hf-config.js";
import { readHeads } from "./hf-heads.js";
import { readRope } from "./hf-rope.js";
import { derivedMaxModelLen, resolveMaxModelLen } from "./max-model-len.js";

const heads = { hidden_size: 64, num_attention_heads: 4 };

describe("hfConfig", () => {
  const config = hfConfig((f) => ({
    hiddenSize: f.int(),
    eps: f.number(1e-6, { from: "rms_norm_eps" }),
    bias: f.boolean(false),
  }));

  test("reads snake_case, fills defaults, takes null as missing", () => {
    expect(config.parse({ hidden_size: 64, bias: null })).toEqual({ hiddenSize: 64, eps: 1e-6, bias: false });
  });

  test("tells every problem at once, with value and expectation", () => {
    const error = (() => {
      try {
        return config.parse({ hidden_sizes: 3, bias: "yes", rms_norm_eps: Infinity });
      } catch (e) {
        return e;
      }
    })();
    expect(error).toBeInstanceOf(ConfigError);
    const { message } = error as Error;
    expect(message).toContain('hidden_size is missing; it must be a positive integer; closest: "hidden_sizes"');
    expect(message).toContain('bias must be true or false, got "yes"');
    expect(message).toContain("rms_norm_eps must be a number");
  });

  test.each([0, -1, 1.5, "64", 2 ** 40, [64]])("hidden_size %j is refused", (value) => {
    expect(() => config.parse({ hidden_size: value })).toThrow(ConfigError);
  });
});

describe("heads", () => {
  test("head_dim from hidden_size, KV heads from heads", () => {
    expect(readHeads(heads)).toEqual({ numHeads: 4, numKvHeads: 4, headDim: 16, size: 64 });
    expect(readHeads({ ...heads, head_dim: 32, num_key_value_heads: 2 })).toEqual({
      numHeads: 4,
      numKvHeads: 2,
      headDim: 32,
      size: 128,
    });
  });

  test("what does not divide is an error", () => {
    expect(() => readHeads({ ...heads, num_key_value_heads: 3 })).toThrow(/num_key_value_heads must be a divisor/);
    expect(() => readHeads({ ...heads, hidden_size: 63 })).toThrow(/hidden_size must be a multiple/);
  });
});

describe("rope", () => {
  test("the old and the new form mean the same", () => {
    const old = readRope({ ...heads, rope_theta: 5e5, rope_scaling: { type: "linear", factor: 2 } });
    expect(old).toEqual(readRope({ ...heads, rope_parameters: { rope_type: "linear", factor: 2, rope_theta: 5e5 } }));
    expect(old).toMatchObject({ ropeType: "linear", factor: 2, theta: 5e5, rotaryDim: 16 });
  });

  test("partial rotary", () => {
    expect(readRope({ ...heads, partial_rotary_factor: 0.5 }).rotaryDim).toBe(8);
  });

  test.each([
    [{ rope_scaling: { rope_type: "magic" } }, /rope type "magic" is not known; known: default/],
    [{ rope_scaling: { rope_type: "yarn" } }, /factor must be a positive number/],
    [
      { rope_scaling: { rope_type: "longrope", long_factor: [1], short_factor: [1] } },
      /long_factor must be a list of 8/,
    ],
    [{ rope_theta: -1 }, /rope_theta must be a positive number/],
    [{ rope_scaling: 7 }, /rope_parameters must be an object/],
  ])("%j is refused", (fields, message) => {
    expect(() => readRope({ ...heads, ...fields })).toThrow(message);
  });
});

describe("model length", () => {
  test.each([
    [{ max_position_embeddings: 512 }, 512],
    [{ n_positions: 1024 }, 1024],
    [{ max_position_embeddings: 512, rope_scaling: { type: "linear", factor: 4 } }, 2048],
    [
      {
        max_position_embeddings: 512,
        rope_scaling: { type: "yarn", factor: 4, original_max_position_embeddings: 128 },
      },
      512,
    ],
    [{ max_position_embeddings: 131072, rope_scaling: { rope_type: "llama3", factor: 8 } }, 131072],
  ])("%j -> %i", (raw, length) => expect(derivedMaxModelLen(raw)).toBe(length));

  test("more than the model takes is refused with both numbers", () => {
    expect(() => resolveMaxModelLen({ max_position_embeddings: 512 }, 513)).toThrow(
      /513 is longer than the model's 512/,
    );
    expect(resolveMaxModelLen({ max_position_embeddings: 512 }, 100)).toBe(100);
  });
});
