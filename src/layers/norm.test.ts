import { describe, expect, test } from "vitest";
import { Program } from "../ops/program.js";
import { ConfigError } from "../util/errors.js";
import { VocabParallelEmbedding } from "./embedding.js";
import { unquantized } from "./linear-method.js";
import type { ModelContext } from "./model-context.js";
import { HeadLayerNorm, LayerNorm, RMSNorm } from "./norm.js";
import { ParameterTable } from "./parameter-table.js";
import { Prefix } from "./prefix.js";

function context(rank = 0, worldSize = 1, dtype: "f32" | "bf16" = "f32"): ModelContext {
  return {
    parameters: new ParameterTable(),
    parallel: { rank, worldSize },
    dtype,
    maxModelLen: 16,
    linearMethod: () => unquantized,
    layerCaches: new Map(),
    claimed: new Map(),
  };
}

const heads = { numHeads: 8, numKvHeads: 2, headDim: 4 };

/** Names of a rank's sources, each with its first element's place and how many rows. */
function sources(of: "query" | "key", list: string | undefined, rank: number, worldSize: number): unknown[] {
  const made = context(rank, worldSize);
  new HeadLayerNorm(new Prefix("m.norm", {}, made), { ...heads, eps: 1e-5, of, ...(list ? { list } : {}) });
  const [{ spec }] = made.parameters.declared as [(typeof made.parameters.declared)[0]];
  return spec.parts.map(({ source, rowStart, rowCount }) => {
    const { shape, offset } = source.view();
    expect(shape).toEqual([rowCount, heads.headDim]);
    return [source.name, offset, rowStart, rowCount];
  });
}

describe("HeadLayerNorm takes this rank's heads", () => {
  test("from one matrix", () => {
    expect(sources("query", undefined, 0, 1)).toEqual([["m.norm.weight", 0, 0, 8]]);
    expect(sources("query", undefined, 1, 2)).toEqual([["m.norm.weight", 16, 0, 4]]);
    expect(sources("key", undefined, 1, 2)).toEqual([["m.norm.weight", 4, 0, 1]]);
    // Two ranks share each KV head.
    expect(sources("key", undefined, 2, 4)).toEqual([["m.norm.weight", 4, 0, 1]]);
  });

  test("from one vector a head", () => {
    expect(sources("key", "norms", 0, 1)).toEqual([
      ["m.norm.norms.0.weight", 0, 0, 1],
      ["m.norm.norms.1.weight", 0, 1, 1],
    ]);
    expect(sources("query", "norms", 1, 4).map((part) => (part as unknown[])[0])).toEqual([
      "m.norm.norms.2.weight",
      "m.norm.norms.3.weight",
    ]);
  });
});

test("a norm without weight asks the checkpoint for none, and shares its ones", () => {
  const made = context();
  for (const name of ["a", "b"])
    new RMSNorm(new Prefix(name, {}, made), { hiddenSize: 6, rmsNormEps: 1e-5, affine: false });
  expect(made.parameters.declared).toEqual([]);
  expect([...made.parameters.constants.values()].map(({ compute }) => [...compute()])).toEqual([[1, 1, 1, 1, 1, 1]]);
});

test("a weight offset that is no number is refused", () => {
  const options = { hiddenSize: 6, rmsNormEps: 1e-5, weightOffset: NaN };
  expect(() => new RMSNorm(new Prefix("m.norm", {}, context()), options)).toThrow(ConfigError);
});

test.each([
  ["f32", Math.fround(3072 ** 0.5)],
  ["bf16", 55.5],
] as const)("embedScale is rounded to the model's dtype: %s", (dtype, factor) => {
  const embedding = new VocabParallelEmbedding(new Prefix("embed", {}, context(0, 1, dtype)), {
    vocabSize: 10,
    hiddenSize: 8,
    embedScale: 3072 ** 0.5,
  });
  const program = new Program("test");
  embedding.forward(program.input("ids", [2], "i32", 64));
  expect(program.records.map(({ op }) => op)).toEqual(["embedding", "scale"]);
  expect(program.records[1]!.attributes["factor"]).toBe(factor);
});

test("a layer norm with an offset is the norm and the offset times what has no weight", () => {
  const made = context();
  const norm = new LayerNorm(new Prefix("m.norm", {}, made), { hiddenSize: 4, eps: 1e-5, weightOffset: 1 });
  expect(made.parameters.declared.map(({ spec }) => spec.name)).toEqual(["m.norm.weight", "m.norm.bias"]);
  const program = new Program("test");
  norm.forward(program.input("x", [3, 4], "f32", 64));
  expect(program.records.map(({ op }) => op)).toEqual(["layerNorm", "layerNorm", "add"]);
  expect(() => new LayerNorm(new Prefix("m.x", {}, made), { hiddenSize: 4, eps: 1e-5, weightOffset: NaN })).toThrow(
    ConfigError,
  );
});
