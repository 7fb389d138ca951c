import { describe, expect, test } from "vitest";
import { ConfigError } from "../util/errors.js";
import { hfConfig } from "./hf-config.js";
import { readHeads } from "./hf-heads.js";
import { readRope } from "./hf-rope.js";
import type { RopeOptions } from "./hf-rope.js";
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

  test("a list of spellings: the first that is there; none is told by the first", () => {
    const gpt = hfConfig((f) => ({
      hiddenSize: f.int(undefined, { from: ["n_embd", "hidden_size"] }),
      inner: f.optionalInt({ from: "n_inner" }),
    }));
    expect(gpt.parse({ hidden_size: 8, n_inner: null })).toEqual({ hiddenSize: 8, inner: undefined });
    expect(gpt.parse({ hidden_size: 8, n_embd: 4, n_inner: 2 })).toEqual({ hiddenSize: 4, inner: 2 });
    expect(() => gpt.parse({ n_embed: 8 })).toThrow(
      'n_embd is missing; it must be a positive integer; closest: "n_embed"',
    );
    expect(() => gpt.parse({ hidden_size: "8" })).toThrow('hidden_size must be a positive integer, got "8"');
  });

  test.each([0, -1, 1.5, "64", 2 ** 40, [64]])("hidden_size %j is refused", (value) => {
    expect(() => config.parse({ hidden_size: value })).toThrow(ConfigError);
  });
});

describe("fields that few models have", () => {
  const config = hfConfig((f) => ({
    cap: f.optionalNumber({ from: "final_cap", fallback: 30 }),
    useBidirectionalAttention: f.only(false),
  }));

  test("null is none, missing is the default", () => {
    expect(config.parse({})).toEqual({ cap: 30, useBidirectionalAttention: false });
    expect(config.parse({ final_cap: null, use_bidirectional_attention: null }).cap).toBeUndefined();
    expect(config.parse({ final_cap: 2.5 }).cap).toBe(2.5);
  });

  test("what is not supported is told, not ignored", () => {
    expect(() => config.parse({ final_cap: "x" })).toThrow('final_cap must be a number or null, got "x"');
    expect(() => config.parse({ use_bidirectional_attention: true })).toThrow(
      "use_bidirectional_attention must be false (no other is supported), got true",
    );
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
    expect(() => readHeads({ hidden_size: 64 })).toThrow(/num_attention_heads is missing/);
  });
});

describe("rope", () => {
  test("the old and the new form mean the same", () => {
    const old = readRope({ ...heads, rope_theta: 5e5, rope_scaling: { type: "linear", factor: 2 } });
    expect(old).toEqual(readRope({ ...heads, rope_parameters: { rope_type: "linear", factor: 2, rope_theta: 5e5 } }));
    expect(old).toMatchObject({ ropeType: "linear", factor: 2, theta: 5e5, rotaryDim: 16 });
  });

  test("partial rotary: by its own name, a model's names and default, or as a count", () => {
    const read = (fields: object, options?: RopeOptions): number[] => {
      const { rotaryDim, frequencyDim } = readRope({ ...heads, ...fields }, options);
      return [rotaryDim, frequencyDim];
    };
    expect(read({ partial_rotary_factor: 0.5 })).toEqual([8, 8]);
    const neox = { partialFrom: ["rotary_pct"], partialRotaryFactor: 0.25 };
    expect(read({}, neox)).toEqual([4, 4]);
    expect(read({ rotary_pct: 0.5 }, neox)).toEqual([8, 8]);
    expect(read({ rotary_pct: 0.5, rope_parameters: { partial_rotary_factor: 1 } }, neox)).toEqual([16, 16]);
    expect(read({ rotary_dim: 6 }, { rotaryDimFrom: "rotary_dim" })).toEqual([6, 6]);
    expect(read({ partial_rotary_factor: 0.33 }), "an odd number: the last pair is rotated, too").toEqual([6, 5]);
    expect(() => read({}, { rotaryDimFrom: "rotary_dim" })).toThrow(/rotary_dim/);
    expect(() => read({ rotary_dim: 18 }, { rotaryDimFrom: "rotary_dim" })).toThrow(/18 rotated elements/);
  });

  test("GPT-2's spelling of heads and length", () => {
    expect(readRope({ n_embd: 64, n_head: 4, n_positions: 99 })).toMatchObject({
      rotaryDim: 16,
      maxPositionEmbeddings: 99,
    });
  });

  test("one set for each layer type, new and old", () => {
    const full = { layerType: "full_attention", theta: 1e6 };
    const local = { layerType: "sliding_attention", theta: 1e4, thetaFrom: ["rope_local_base_freq"], scaled: false };
    const scaling = { rope_type: "linear", factor: 8 };
    const both = (fields: object): unknown[] =>
      [full, local].map((options) => {
        const { ropeType, theta, factor } = readRope({ ...heads, ...fields }, options);
        return [ropeType, theta, factor];
      });
    const wanted = [
      ["linear", 5e5, 8],
      ["default", 2e4, 1],
    ];
    const nested = {
      full_attention: { ...scaling, rope_theta: 5e5 },
      sliding_attention: { rope_type: "default", rope_theta: 2e4 },
    };
    expect(both({ rope_parameters: nested })).toEqual(wanted);
    expect(both({ rope_theta: 5e5, rope_local_base_freq: 2e4, rope_scaling: scaling })).toEqual(wanted);
    expect(both({})).toEqual([
      ["default", 1e6, 1],
      ["default", 1e4, 1],
    ]);
    expect(() => readRope({ ...heads, rope_parameters: nested })).toThrow(/one for each of full_attention, sliding/);
    expect(() => readRope({ ...heads, rope_parameters: { full_attention: { rope_type: "magic" } } }, full)).toThrow(
      /rope_parameters\.full_attention\.rope_type must be one of/,
    );
  });

  test("rope_scaling stands over rope_parameters, which keeps the base; two stretched types are an error", () => {
    const override = { rope_scaling: { rope_type: "linear", factor: 2 } };
    const published = { rope_parameters: { rope_type: "default", rope_theta: 777 } };
    expect(readRope({ ...heads, ...published, ...override })).toMatchObject({
      ropeType: "linear",
      factor: 2,
      theta: 777,
    });
    const dynamic = { rope_parameters: { rope_type: "dynamic", factor: 2 } };
    expect(() => readRope({ ...heads, ...dynamic, ...override })).toThrow(/rope_parameters has rope_type "dynamic"/);
  });

  test("longrope: the trained length stands at the top level or beside the factors", () => {
    const factors = { short_factor: Array(8).fill(1), long_factor: Array(8).fill(2) };
    const rope_scaling = { type: "su", ...factors };
    const read = (fields: object, options?: RopeOptions): number =>
      readRope({ ...heads, max_position_embeddings: 131072, ...fields }, options).factor;
    expect(read({ rope_scaling, original_max_position_embeddings: 4096 })).toBe(32);
    expect(read({ rope_parameters: { ...rope_scaling, original_max_position_embeddings: 8192 } })).toBe(16);
    expect(read({ rope_scaling }, { originalMaxPositionEmbeddings: 4096 })).toBe(32);
  });

  test.each([
    [
      { rope_scaling: { rope_type: "magic" } },
      /rope_scaling\.rope_type must be one of "default", .*"longrope", got "magic"/,
    ],
    [{ rope_scaling: { rope_type: "yarn" } }, /rope_scaling\.factor is missing; it must be a positive number/],
    [
      { rope_scaling: { rope_type: "longrope", long_factor: [1], short_factor: [1] } },
      /rope_scaling\.short_factor must be a list of 8 numbers/,
    ],
    [{ rope_theta: -1 }, /rope_theta must be a positive number/],
    [{ rope_scaling: 7 }, /rope_scaling must be an object, got 7/],
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
    [
      {
        max_position_embeddings: 512,
        rope_parameters: { full_attention: { rope_type: "linear", factor: 8 }, sliding_attention: {} },
      },
      4096,
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
