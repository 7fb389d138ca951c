/** Fields of state-space models in config.json, in every published spelling. */
import { describe, expect, test } from "vitest";
import { mamba2Heads, mambaSizes, timeStepLimit } from "./hf-mamba.js";

describe("mambaSizes", () => {
  test("computes what is not there", () => {
    expect(mambaSizes({ hidden_size: 70 })).toEqual({ intermediateSize: 140, timeStepRank: 5 });
    expect(mambaSizes({ hidden_size: 64, expand: 3, time_step_rank: "auto" }).intermediateSize).toBe(192);
  });

  test("takes intermediate_size before expand, as FalconMamba publishes it", () => {
    const raw = { hidden_size: 4096, expand: 16, intermediate_size: 8192, time_step_rank: 256 };
    expect(mambaSizes(raw)).toEqual({ intermediateSize: 8192, timeStepRank: 256 });
  });

  test.each([
    [{ hidden_size: 64, time_step_rank: "all" }, /time_step_rank must be a positive integer or "auto", got "all"/],
    [{ hidden_size: 64, time_step_rank: 0 }, /time_step_rank/],
    [{ hidden_size: 64, intermediate_size: 1.5 }, /intermediate_size must be a positive integer, got 1.5/],
    [{ hidden_size: 64, expand: -2 }, /expand must be a positive number, got -2/],
    [{ hiden_size: 64 }, /hidden_size is missing.*closest: "hiden_size"/],
  ])("refuses %j", (raw, message) => expect(() => mambaSizes(raw)).toThrow(message));
});

describe("mamba2Heads", () => {
  const raw = { hidden_size: 64, expand: 2, num_heads: 8, head_dim: 16, n_groups: 2 };

  test("reads heads and groups", () => expect(mamba2Heads(raw)).toEqual({ numHeads: 8, headDim: 16, nGroups: 2 }));

  test("refuses heads that do not make up the width, and groups that do not divide them", () => {
    expect(() => mamba2Heads({ ...raw, num_heads: 7 })).toThrow(
      "config.json: num_heads must be expand * hidden_size / head_dim (128 / 16), got 7",
    );
    expect(() => mamba2Heads({ ...raw, n_groups: 3 })).toThrow("n_groups must be a divisor of num_heads (8), got 3");
  });
});

describe("timeStepLimit", () => {
  test.each([
    [undefined, [0, Infinity]],
    [null, [0, Infinity]],
    [
      [0.01, 0.5],
      [0.01, 0.5],
    ],
    [
      [0, Infinity],
      [0, Infinity],
    ],
    [
      [0, { __float__: "Infinity" }],
      [0, Infinity],
    ],
  ])("%j", (value, expected) => expect(timeStepLimit({ time_step_limit: value })).toEqual(expected));

  test.each([[[0]], [[0, 1, 2]], [[1, 0]], [[0, "Infinity"]], [0.5], [[0, { __float__: "NaN" }]]])(
    "refuses %j",
    (value) =>
      expect(() => timeStepLimit({ time_step_limit: value })).toThrow(
        /time_step_limit must be two numbers in ascending order/,
      ),
  );
});
