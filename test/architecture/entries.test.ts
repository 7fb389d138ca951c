/** `quirelm/models`, `/layers` and `/ops` export what model files need, and nothing else. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import * as layers from "../../src/layers/index.js";
import * as models from "../../src/models/index.js";
import * as ops from "../../src/ops/index.js";
import { packageRoot } from "../../src/util/package-root.js";

/** Names that models import: those of the tree, and those of the examples. */
const imported = new Set(
  ["src/models", "examples/plugin-model/src", "examples/plugin-op/src"].flatMap((folder) =>
    readdirSync(join(packageRoot, folder))
      .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts") && file !== "index.ts")
      .flatMap((file) => {
        const text = readFileSync(join(packageRoot, folder, file), "utf8");
        return [...text.matchAll(/^import (?:type )?\{([^}]*)\}/gm)].flatMap(([, names]) =>
          names!.split(",").map((name) => name.trim().replace(/^type /, "")),
        );
      }),
  ),
);

/** What no model of today imports, and why it is public all the same. */
const also: Readonly<Record<string, string>> = {
  fields: "the kinds of config fields, to be shared by two configs",
  readHeads: "a field of one's own begins with them",
  readRope: "a field of one's own begins with them",
  rawEntry: "reads a field of one's own",
  rawValue: "reads a field of one's own",
  wrongField: "the error of a field of one's own",
  ...Object.fromEntries(
    ["declareKVCache", "declareState", "kvCacheOf", "stateOf"].map((name) => [
      name,
      "an attention or recurrence of one's own",
    ]),
  ),
  CausalConv1d: "part of a block of the tree, for other blocks",
  GatedRMSNorm: "part of a block of the tree, for other blocks",
  MLAAttention: "part of a block of the tree, for other blocks",
  expertWeightSource: "experts of a linear method of one's own",
  expertParts: "experts of a linear method of one's own",
  Prefix: "what a module is constructed with",
  Source: "where a parameter comes from",
  unquantized: "a linear layer of one's own",
  weightSource: "a linear layer of one's own",
  ReplicatedLinear: "the layer whose weight every rank has",
  MergedColumnParallelLinear: "part of GatedMLP, for other gates",
  Embedding: "learned positions",
  Tensor: "the type of every value",
  Parameter: "the type of every weight",
  tap: "keeps a value for quire check",
  defineOp: "brings an op",
};

/** Ops are public as such: a model may need any; only those that are the worker's own are not. */
const workersOps = ["sample", "programOf", "Program"];

test("quirelm/models is the registry", () => {
  expect(Object.keys(models).sort()).toEqual(["registerModel", "supportedArchitectures"]);
});

test("every export of quirelm/layers is imported by a model, or has a reason", () => {
  expect(Object.keys(layers).filter((name) => !imported.has(name) && !Object.hasOwn(also, name))).toEqual([]);
});

test("quirelm/ops has ops, tensors and defineOp; nothing of the worker", () => {
  expect(Object.keys(ops).filter((name) => workersOps.includes(name))).toEqual([]);
  const isOp = (value: unknown): boolean =>
    typeof value === "function" && !/^class\b/.test(Function.prototype.toString.call(value));
  const others = Object.entries(ops)
    .filter(([, value]) => !isOp(value))
    .map(([name]) => name);
  expect(others.filter((name) => !imported.has(name) && !Object.hasOwn(also, name))).toEqual([]);
});
