import { describe, expect, test } from "vitest";
import type { TensorInfo } from "../checkpoint/tensor-source.js";
import { ParameterTable } from "../layers/parameter-table.js";
import { Source } from "../layers/source.js";
import type { StorageType } from "../tensor/storage-type.js";
import { CheckpointError } from "../util/errors.js";
import { planWeights } from "./weight-plan.js";

function tensors(...list: [name: string, shape: number[], storage?: StorageType][]): Map<string, TensorInfo> {
  return new Map(
    list.map(([name, shape, storage = "f32"]) => [name, { name, storage, shape, byteLength: 0, file: "x" }]),
  );
}

function table(): ParameterTable {
  const parameters = new ParameterTable();
  const declare = (name: string, shape: number[], parts: [string, number[], number][]): void => {
    let rowStart = 0;
    const planned = parts.map(([source, full, rowCount]) => {
      const part = { source: new Source(source, full).rows(0, rowCount), rowStart, rowCount };
      rowStart += rowCount;
      return part;
    });
    parameters.declare({ name, shape, dtype: "f32", layout: "matrix", parts: planned });
  };
  declare(
    "layers.0.qk_proj.weight",
    [8, 4],
    [
      ["layers.0.q_proj.weight", [4, 4], 4],
      ["layers.0.k_proj.weight", [4, 4], 4],
    ],
  );
  declare("norm.weight", [4], [["norm.weight", [4], 4]]);
  return parameters;
}

const good: [string, number[]][] = [
  ["layers.0.q_proj.weight", [4, 4]],
  ["layers.0.k_proj.weight", [4, 4]],
  ["norm.weight", [4]],
];
const rules = { tiedHead: false };
const problemsOf = (map: Map<string, TensorInfo>, more = {}): string => {
  try {
    planWeights("here", table().declared, map, { ...rules, ...more });
  } catch (error) {
    expect(error).toBeInstanceOf(CheckpointError);
    return (error as Error).message;
  }
  return "";
};

describe("planWeights", () => {
  test("a checkpoint that fits: parts in order, bytes counted", () => {
    const plan = planWeights("here", table().declared, tensors(...good), rules);
    expect(plan.parameters[0]!.parts.map(({ tensor, part }) => [tensor.name, part.rowStart])).toEqual([
      ["layers.0.q_proj.weight", 0],
      ["layers.0.k_proj.weight", 4],
    ]);
    expect(plan.bytes).toBe(4 * (16 + 16 + 4));
  });

  test("missing, misshapen and unexpected tensors are told together, with shapes and the closest name", () => {
    const message = problemsOf(
      tensors(
        ["layers.0.q_prj.weight", [4, 4]],
        ["layers.0.k_proj.weight", [8, 4]],
        ["norm.weight", [4]],
        ["extra.bias", [2]],
      ),
    );
    expect(message).toContain("here: the checkpoint does not fit the model, 4 problems:");
    expect(message).toContain(
      'layers.0.qk_proj needs "layers.0.q_proj.weight" [4, 4]; not in the checkpoint; closest: "layers.0.q_prj.weight"',
    );
    expect(message).toContain('"layers.0.k_proj.weight" must be [4, 4] by the model, the checkpoint has [8, 4]');
    expect(message).toContain('unexpected tensor "extra.bias" [2]');
  });

  test("a tensor that fills many parts is told once", () => {
    const parameters = new ParameterTable();
    const parts = [2, 0, 1].map((row, i) => ({
      source: new Source("qkv", [3, 4]).rows(row, 1),
      rowStart: i,
      rowCount: 1,
    }));
    parameters.declare({ name: "qkv.weight", shape: [3, 4], dtype: "f32", layout: "matrix", parts });
    const plan = (...list: Parameters<typeof tensors>): unknown =>
      planWeights("here", parameters.declared, tensors(...list), rules);
    expect(() => plan()).toThrow(/1 problem:/);
    expect(() => plan(["qkv", [4, 3]])).toThrow(/1 problem:/);
    expect(plan(["qkv", [3, 4]])).toMatchObject({ bytes: 48 });
  });

  test("renames come first, and may not make two tensors one", () => {
    const renames = [[/^model\./, ""]] as const;
    const renamed = tensors(...good.map(([name, shape]): [string, number[]] => [`model.${name}`, shape]));
    expect(problemsOf(renamed, { renames })).toBe("");
    expect(problemsOf(tensors(...good, ["model.norm.weight", [4]]), { renames })).toContain(
      'duplicate tensor: "norm.weight" and "model.norm.weight" are both "norm.weight"',
    );
  });

  test("the text model of a multimodal checkpoint: names are its own, other tensors are not looked at", () => {
    const nameOf = (name: string): string | undefined => (name.startsWith("text.") ? name.slice(5) : undefined);
    const map = tensors(...good.map(([name, shape]): [string, number[]] => [`text.${name}`, shape]), ["visual.w", [9]]);
    expect(problemsOf(map, { nameOf })).toBe("");
    expect(problemsOf(map)).toContain('unexpected tensor "visual.w"');
  });

  test("what is ignored: by the model, by habit, a tied head's copy", () => {
    const map = tensors(...good, ["a.rotary_emb.inv_freq", [2]], ["mtp.weight", [2]], ["lm_head.weight", [4, 4]]);
    expect(problemsOf(map)).toContain("2 problems");
    expect(problemsOf(map, { ignored: [/^mtp\./], tiedHead: true })).toBe("");
  });

  test("integers are no weights", () => {
    expect(problemsOf(tensors(...good.slice(0, 2), ["norm.weight", [4], "i64"]))).toContain(
      "stored as i64; weights must be f32, f16, bf16, f64",
    );
  });

  test("blocks may not be cut", () => {
    const parameters = new ParameterTable();
    const part = { source: new Source("w", [2, 64]).columns(16, 32), rowStart: 0, rowCount: 2 };
    parameters.declare({ name: "o_proj.weight", shape: [2, 32], dtype: "f32", layout: "matrix", parts: [part] });
    expect(() => planWeights("here", parameters.declared, tensors(["w", [2, 64], "q8_0"]), rules)).toThrow(
      /blocks of 32 \(q8_0\)/,
    );
  });
});

test("thousands of missing tensors are told at once", () => {
  const parameters = new ParameterTable();
  const parts = Array.from({ length: 1000 }, (_, i) => ({
    source: new Source(`model.layers.0.mlp.experts.${i}.gate_proj.weight`, [4, 4]),
    rowStart: 4 * i,
    rowCount: 4,
  }));
  parameters.declare({ name: "experts", shape: [1000, 4, 4], dtype: "f32", layout: "matrix", parts });
  const there = Array.from({ length: 1000 }, (_, i): [string, number[]] => [
    `model.layers.0.moe.${i}.w1.weight`,
    [4, 4],
  ]);
  const start = performance.now();
  expect(() => planWeights("here", parameters.declared, tensors(...there), { tiedHead: false })).toThrow(
    /2000 problems/,
  );
  expect(performance.now() - start).toBeLessThan(10_000);
});
