/** Experts: which elements of the checkpoint fill which rows, on one rank and on two; and what is wrong is told. */
import { describe, expect, test } from "vitest";
import { ConfigError, UnsupportedError } from "../util/errors.js";
import type { LinearMethod } from "./linear-method.js";
import { unquantized } from "./linear-method.js";
import type { FusedMoEOptions } from "./moe.js";
import { FusedMoE } from "./moe.js";
import { ParameterTable } from "./parameter-table.js";
import { Prefix } from "./prefix.js";

const sizes: FusedMoEOptions = {
  numExperts: 3,
  topK: 2,
  hiddenSize: 5,
  intermediateSize: 4,
  hiddenAct: "silu",
  renormalize: true,
};

function declare(options: Partial<FusedMoEOptions> = {}, rank = 0, worldSize = 1, method: LinearMethod = unquantized) {
  const context = {
    parameters: new ParameterTable(),
    parallel: { rank, worldSize },
    dtype: "f32" as const,
    maxModelLen: 16,
    linearMethod: () => method,
    layerCaches: new Map(),
    claimed: new Map(),
  };
  new FusedMoE(new Prefix("mlp.experts", {}, context), { ...sizes, ...options });
  return new Map(context.parameters.declared.map(({ spec }) => [spec.name, spec]));
}

/** For each row of a parameter: the tensor that fills it, and the indices of its elements there. */
function rowsOf(parameters: ReturnType<typeof declare>, name: string): [string, number[]][] {
  return parameters.get(name)!.parts.flatMap(({ source, rowCount }) => {
    const { shape, strides, offset } = source.view();
    expect(shape[0]).toBe(rowCount);
    return Array.from({ length: rowCount }, (_, i): [string, number[]] => [
      source.name,
      Array.from({ length: shape[1] ?? 1 }, (__, j) => offset + i * strides[0]! + j * (strides[1] ?? 0)),
    ]);
  });
}

describe("sources", () => {
  test("a matrix for each expert: gate rows, then up rows", () => {
    const parameters = declare();
    expect(parameters.get("mlp.experts.gate_up_proj.weight")!.shape).toEqual([3, 8, 5]);
    const rows = rowsOf(parameters, "mlp.experts.gate_up_proj.weight");
    expect(rows).toHaveLength(24);
    expect(rows[9]).toEqual(["mlp.experts.1.gate_proj.weight", [5, 6, 7, 8, 9]]);
    expect(rows[20]).toEqual(["mlp.experts.2.up_proj.weight", [0, 1, 2, 3, 4]]);
    expect(rowsOf(parameters, "mlp.experts.down_proj.weight")[5]).toEqual([
      "mlp.experts.1.down_proj.weight",
      [0, 1, 2, 3],
    ]);
  });

  test("two ranks cut intermediate rows and columns", () => {
    const parameters = declare({}, 1, 2);
    expect(parameters.get("mlp.experts.gate_up_proj.weight")!.shape).toEqual([3, 4, 5]);
    const rows = rowsOf(parameters, "mlp.experts.gate_up_proj.weight");
    expect(rows[4]).toEqual(["mlp.experts.1.gate_proj.weight", [10, 11, 12, 13, 14]]);
    expect(rowsOf(parameters, "mlp.experts.down_proj.weight")[6]).toEqual(["mlp.experts.1.down_proj.weight", [6, 7]]);
    expect(() => declare({}, 0, 3)).toThrow(/intermediateSize: 4 does not divide/);
  });

  test("all experts in one tensor", () => {
    const names = { gateUp: "gate_up_proj", down: "down_proj" };
    const parameters = declare({ names });
    const rows = rowsOf(parameters, "mlp.experts.gate_up_proj.weight");
    expect(rows[8 + 5]).toEqual(["mlp.experts.gate_up_proj", [65, 66, 67, 68, 69]]);
    expect(rowsOf(parameters, "mlp.experts.down_proj.weight")[5]).toEqual(["mlp.experts.down_proj", [20, 21, 22, 23]]);
  });

  test("transposed, gate and up columns by turns, with biases", () => {
    const names = { gateUp: "gate_up_proj", down: "down_proj", transposed: true, alternating: true };
    const parameters = declare({ names, bias: true });
    const rows = rowsOf(parameters, "mlp.experts.gate_up_proj.weight");
    // Expert 1, gate row 2: column 4 of [5, 8] after 40 elements; up row 2: column 5.
    expect(rows[8 + 2]).toEqual(["mlp.experts.gate_up_proj", [44, 52, 60, 68, 76]]);
    expect(rows[8 + 4 + 2]).toEqual(["mlp.experts.gate_up_proj", [45, 53, 61, 69, 77]]);
    const biases = rowsOf(parameters, "mlp.experts.gate_up_proj.bias");
    expect([biases[8 + 2], biases[8 + 4 + 2]]).toEqual([
      ["mlp.experts.gate_up_proj_bias", [12]],
      ["mlp.experts.gate_up_proj_bias", [13]],
    ]);
  });

  test("the down projection's bias is added by one rank", () => {
    expect(declare({ bias: true }, 0, 2).has("mlp.experts.down_proj.bias")).toBe(true);
    expect(declare({ bias: true }, 1, 2).has("mlp.experts.down_proj.bias")).toBe(false);
  });

  test("the correction bias stands beside the experts", () => {
    const bias = declare({ correctionBias: "gate.e_score_correction_bias" }).get("mlp.gate.e_score_correction_bias");
    expect(bias!.shape).toEqual([3]);
  });
});

test.each<[Partial<FusedMoEOptions>, RegExp]>([
  [{ topK: 4 }, /mlp\.experts: topK must be 1 to 3 \(experts\), got 4/],
  [{ numExperts: 0 }, /numExperts must be a positive integer, got 0/],
  [{ numExpertGroup: 2 }, /numExpertGroup must divide 3 experts, got 2/],
  [{ numExperts: 4, numExpertGroup: 4, topkGroup: 1 }, /1 groups of 1 experts must hold topK = 2 experts at least/],
  [{ numExperts: 4, numExpertGroup: 2, topkGroup: 3 }, /topkGroup must be 1 to 2 \(groups\), got 3/],
  [{ numExperts: 4, numExpertGroup: 4, groupScore: "topTwo" }, /must have two at least, got 1/],
  [{ hiddenAct: "xielu" as never }, /hiddenAct must be one of relu/],
  [{ hiddenAct: { alpha: NaN, limit: 7 } }, /hiddenAct\.alpha must be a number, got NaN/],
  [{ scoringFunc: "tanh" as never }, /scoringFunc must be one of softmax, sigmoid, got tanh/],
])("%j", (options, message) => {
  expect(() => declare(options)).toThrow(ConfigError);
  expect(() => declare(options)).toThrow(message);
});

test("a method that does not store experts is told with their name", () => {
  const method = { name: "other", create: unquantized.create };
  expect(() => declare({}, 0, 1, method)).toThrow(UnsupportedError);
  expect(() => declare({}, 0, 1, method)).toThrow(/mlp\.experts: quantization "other" has no form for experts/);
});
