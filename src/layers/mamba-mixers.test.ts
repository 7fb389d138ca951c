/** What each rank reads of a mixer's checkpoint tensors, and what it keeps of a request. */
import { describe, expect, test } from "vitest";
import { Mamba2ForCausalLM } from "../models/mamba2.js";
import { MambaForCausalLM } from "../models/mamba.js";
import type { CausalLMClass } from "./causal-lm.js";
import { unquantized } from "./linear-method.js";
import type { ModelContext } from "./model-context.js";
import { ParameterTable } from "./parameter-table.js";
import { Prefix } from "./prefix.js";

function construct(modelClass: CausalLMClass, raw: Record<string, unknown>, rank = 0, worldSize = 1): ModelContext {
  const context: ModelContext = {
    parameters: new ParameterTable(),
    parallel: { rank, worldSize },
    dtype: "f32",
    maxModelLen: 16,
    linearMethod: () => unquantized,
    layerCaches: new Map(),
    claimed: new Map(),
  };
  new modelClass(new Prefix("", modelClass.config.parse(raw) as never, context));
  return context;
}

/** Indices of the checkpoint tensor's elements in the order of the parameter. */
function elementsOf({ parameters }: ModelContext, name: string): number[] {
  const { spec } = parameters.declared.find((entry) => entry.spec.name === name)!;
  let rows = 0;
  return spec.parts.flatMap(({ source, rowStart, rowCount }) => {
    const { shape, strides, offset } = source.view();
    expect([rowStart, shape[0]]).toEqual([rows, rowCount]);
    rows += rowCount;
    return Array.from({ length: rowCount }, (_, i) =>
      Array.from({ length: shape[1] ?? 1 }, (_unused, j) => offset + i * strides[0]! + j * (strides[1] ?? 0)),
    ).flat();
  });
}

const mixer = "backbone.layers.0.mixer";
const common = { num_hidden_layers: 1, vocab_size: 10, hidden_size: 4, conv_kernel: 3 };
const mamba = { ...common, state_size: 2, time_step_rank: 1 };
const mamba2 = { ...common, num_heads: 4, head_dim: 2, n_groups: 2, state_size: 3 };

describe("Mamba", () => {
  test("decays lie state by state, taps of the convolution tap by tap", () => {
    const context = construct(MambaForCausalLM, mamba);
    expect(elementsOf(context, `${mixer}.A_log`)).toEqual([0, 2, 4, 6, 8, 10, 12, 14, 1, 3, 5, 7, 9, 11, 13, 15]);
    const taps = [0, 3, 6, 9, 12, 15, 18, 21];
    const whole = [...taps, ...taps.map((i) => i + 1), ...taps.map((i) => i + 2)];
    expect(elementsOf(context, `${mixer}.conv1d.weight`)).toEqual(whole);
    expect(context.layerCaches.get(mixer)).toEqual({ kind: "state", states: { conv: [2, 8], scan: [2, 8] } });
  });

  test("two ranks have half of the channels each", () => {
    const context = construct(MambaForCausalLM, mamba, 1, 2);
    expect(elementsOf(context, `${mixer}.A_log`)).toEqual([8, 10, 12, 14, 9, 11, 13, 15]);
    expect(elementsOf(context, `${mixer}.D`)).toEqual([4, 5, 6, 7]);
    const taps = [12, 15, 18, 21];
    expect(elementsOf(context, `${mixer}.conv1d.weight`)).toEqual([0, 1, 2].flatMap((k) => taps.map((i) => i + k)));
    expect(context.layerCaches.get(mixer)).toEqual({ kind: "state", states: { conv: [2, 4], scan: [2, 4] } });
  });
});

describe("Mamba-2", () => {
  test("two ranks have half of the heads and groups each: channels, B, C", () => {
    // Channels of the convolution: 8 of x, 6 of B, 6 of C.
    const context = construct(Mamba2ForCausalLM, mamba2, 1, 2);
    expect(elementsOf(context, `${mixer}.conv1d.bias`)).toEqual([4, 5, 6, 7, 11, 12, 13, 17, 18, 19]);
    const rows = elementsOf(context, `${mixer}.in_proj.weight`).filter((_, i) => i % 4 === 0);
    const gate = [4, 5, 6, 7];
    const mixed = [12, 13, 14, 15, 19, 20, 21, 25, 26, 27];
    expect(rows.map((element) => element / 4)).toEqual([...gate, ...mixed, 30, 31]);
    for (const name of ["A_log", "D", "dt_bias"]) expect(elementsOf(context, `${mixer}.${name}`)).toEqual([2, 3]);
    expect(elementsOf(context, `${mixer}.norm.weight`)).toEqual([4, 5, 6, 7]);
    expect(context.layerCaches.get(mixer)).toEqual({ kind: "state", states: { conv: [2, 10], scan: [2, 3, 2] } });
  });

  test("groups that do not divide over ranks are refused", () =>
    expect(() => construct(Mamba2ForCausalLM, { ...mamba2, n_groups: 1 }, 0, 2)).toThrow(
      /mixer: groups: 1 does not divide by --tensor-parallel-size 2/,
    ));
});

test("a decay is -exp of what the checkpoint stores", () => {
  const { parameters } = construct(Mamba2ForCausalLM, mamba2);
  const { spec } = parameters.declared.find((entry) => entry.spec.name === `${mixer}.A_log`)!;
  const written: number[] = [];
  const writer = {
    writeRows: (_: unknown, __: number, rows: Float32Array) => written.push(...rows),
    writeInt8Rows: () => 0,
  };
  spec.sink!(writer, 0, Float32Array.from([0, 1, -30]));
  expect(written).toEqual([-1, Math.fround(-Math.E), Math.fround(-Math.exp(-30))]);
});
