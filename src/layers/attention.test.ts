/** What the attention layer declares and records. */
import { expect, test } from "vitest";
import { Program } from "../ops/program.js";
import type { AttentionMetadata, KVCache } from "../ops/step.js";
import { createStorage, Tensor } from "../tensor/tensor.js";
import { ConfigError } from "../util/errors.js";
import { alibiSlopes } from "./alibi-slopes.js";
import { Attention } from "./attention.js";
import type { AttentionOptions } from "./attention.js";
import { unquantized } from "./linear-method.js";
import { ParameterTable } from "./parameter-table.js";
import { Prefix } from "./prefix.js";

const heads = { numHeads: 4, numKvHeads: 2, headDim: 8, scale: 1 };

function make(options: Partial<AttentionOptions>, rank = 0, worldSize = 1) {
  const parameters = new ParameterTable();
  const fixed = { parallel: { rank, worldSize }, dtype: "f32", maxModelLen: 16 } as const;
  const context = { ...fixed, parameters, linearMethod: () => unquantized, layerCaches: new Map(), claimed: new Map() };
  const layer = new Attention(new Prefix("model.self_attn.attn", {}, context), { ...heads, ...options });
  return { layer, parameters };
}

test("sinks are a parameter beside the layer, this rank's heads of it", () => {
  const { declared } = make({ sinks: "sinks" }, 1, 2).parameters;
  expect(declared.map(({ spec }) => [spec.name, spec.shape])).toEqual([["model.self_attn.sinks", [2]]]);
  const { source } = declared[0]!.spec.parts[0]!;
  expect([source.name, source.shape, source.view().offset]).toEqual(["model.self_attn.sinks", [4], 2]);
});

test("slopes are those of the whole model's heads, this rank's part", () => {
  const [constant] = make({ alibi: true }, 1, 2).parameters.constants.values();
  expect([...constant!.compute()]).toEqual([...alibiSlopes(4).slice(2)]);
});

test("options reach the op", () => {
  const program = new Program("step");
  const tensor = (shape: number[], dtype: "f32" | "i32" | "u8" = "f32"): Tensor =>
    new Tensor(createStorage("step", 1024, "x"), shape, dtype, program);
  const metadata = { numSeqs: [1], queryStartLoc: [3], seqLens: [2], blockTable: [2, 4], slotMapping: [3] };
  const ints = Object.entries(metadata).map(([name, shape]) => [name, tensor(shape, "i32")]);
  const spec = { numKvHeads: 2, headDim: 8, blockSize: 16, dtype: "f32" } as const;
  const cache: KVCache = { spec, numBlocks: 4, address: 64, tensor: tensor([4, 2048], "u8") };
  const name = "model.self_attn.attn";
  program.step = {
    ...{ program, inputIds: tensor([3], "i32"), positions: tensor([3], "i32"), states: new Map() },
    kvCaches: new Map([[name, cache]]),
    attentionMetadata: new Map([[name, Object.fromEntries(ints) as unknown as AttentionMetadata]]),
  };
  const alibi = { scale: 0.5, rounding: "bf16" } as const;
  const { layer } = make({ slidingWindow: 5, attentionChunkSize: 64, logitSoftcap: 50, sinks: "sinks", alibi });
  layer.forward(tensor([3, 4, 8]), tensor([3, 2, 8]), tensor([3, 2, 8]));
  const { op, attributes, inputs } = program.records.at(-1)!;
  const wanted = {
    slidingWindow: 5,
    attentionChunkSize: 64,
    logitSoftcap: 50,
    sinks: 1,
    alibi: "bf16",
    alibiScale: 0.5,
  };
  expect([op, attributes]).toEqual(["pagedAttention", expect.objectContaining(wanted)]);
  expect(inputs.slice(-2).map(({ shape }) => shape)).toEqual([[4], [4]]);
});

test.each([{ attentionChunkSize: 1.5 }, { logitSoftcap: NaN }, { scale: NaN }])("%j is an error", (options) => {
  expect(() => make(options)).toThrow(ConfigError);
});
