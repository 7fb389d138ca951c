/** Experts on the CPU: fused equals plain, bit for bit; ids that are no experts end in an error; random weights are those of the reference. */
import { describe, expect, test } from "vitest";
import { gatedActivation } from "../../src/ops/activation.js";
import { clampedSwiglu } from "../../src/ops/clamped-swiglu.js";
import { combineExperts, expertLinear, expertLinearInt8 } from "../../src/ops/expert-linear.js";
import { topkRouting } from "../../src/ops/topk-routing.js";
import { ParameterTable } from "../../src/layers/parameter-table.js";
import { Source } from "../../src/layers/source.js";
import type { CpuPlatform } from "../../src/platform/cpu/cpu-platform.js";
import { availableIsas, openCpuPlatform } from "../../src/platform/cpu/cpu-platform.js";
import type { Fusion } from "../../src/platform/cpu/lowering/fusion.js";
import { cpuFusions } from "../../src/platform/cpu/lowering/fusions.js";
import { lower } from "../../src/platform/cpu/lowering/lower.js";
import { tryLoadNativeBinding } from "../../src/platform/native-binding.js";
import type { Platform } from "../../src/platform/platform.js";
import { ReferencePlatform } from "../../src/platform/reference/reference-platform.js";
import type { Tensor } from "../../src/tensor/tensor.js";
import { fillDummyWeights } from "../../src/worker/dummy-weights.js";
import { allocateParameters, readParameter } from "../../src/worker/parameter-memory.js";
import { CaseInputs } from "../conformance/case-inputs.js";
import { range } from "../conformance/op-case.js";

const [hidden, numExperts, topK] = [48, 6, 2];
type Weights = "f32" | "bf16" | "i8";

/** A mixture as FusedMoE records it. `inner` is a multiple of 16, or the fusion does not match. */
async function runExperts(
  platform: CpuPlatform,
  numTokens: number,
  weights: Weights,
  fusions: readonly Fusion[],
  { inner = 32, clamped = false } = {},
) {
  const inputs = new CaseInputs(platform, "experts", 3);
  try {
    const x = inputs.rows("x", range(numTokens), hidden);
    const { ids, weights: shares } = topkRouting(inputs.rows("logits", range(numTokens), numExperts), {
      topK,
      renormalize: true,
    });
    const product = (label: string, from: Tensor, n: number, k: number): Tensor => {
      const weight = inputs.matrices(label, numExperts, n, k, weights);
      const bias = inputs.parameter(`${label} bias`, [numExperts * n]);
      if (weights !== "i8") return expertLinear(from, weight, ids, bias);
      const scale = inputs.parameter(`${label} scale`, [numExperts * n], (random) => 1e-3 * (1 + random()));
      return expertLinearInt8(from, weight, scale, ids, bias, "bf16");
    };
    const gateUp = product("gateUp", x, 2 * inner, hidden);
    const gated = clamped ? clampedSwiglu(gateUp, 1.702, 0.5) : gatedActivation(gateUp, "silu");
    const out = combineExperts(product("down", gated, hidden, inner), shares);
    const address = inputs.allocate(out.bytes, "out");
    inputs.program.output(out, address);
    const kernels = lower(inputs.program, 2, fusions).map(({ kernel }) => kernel);
    const compiled = platform.compile(inputs.program);
    await platform.run([compiled]);
    const bits = new Uint32Array(out.numElements);
    platform.read(address, new Uint8Array(bits.buffer));
    return { bits, kernels };
  } finally {
    inputs.dispose();
  }
}

const load = tryLoadNativeBinding();
describe.skipIf(!load.binding)(`experts${load.binding ? "" : `: ${load.message}`}`, () => {
  const isas = load.binding ? availableIsas() : [];
  test.each(isas.flatMap((isa) => (["f32", "bf16", "i8"] as const).map((weights) => [isa, weights] as const)))(
    "%s, %s: fused equals plain",
    async (isa, weights) => {
      const fused = openCpuPlatform({ isa, threads: 3 });
      const plain = openCpuPlatform({ isa, threads: 1, fusions: [] });
      for (const clamped of [false, true])
        for (const numTokens of [1, 5, 40]) {
          const expected = await runExperts(plain, numTokens, weights, [], { clamped });
          const actual = await runExperts(fused, numTokens, weights, cpuFusions, { clamped });
          expect(actual.bits, `${numTokens} tokens`).toEqual(expected.bits);
          expect(new Set(actual.bits).size).toBeGreaterThan(20);
        }
      fused.dispose();
      plain.dispose();
    },
  );

  test("rows are sorted once and packed once where the fusion matches", async () => {
    const platform = openCpuPlatform({ threads: 1 });
    const fused = await runExperts(platform, 3, "bf16", cpuFusions);
    expect(fused.kernels).toEqual([
      "topkRouting",
      "groupExperts",
      "packExperts",
      "expertGatedLinear",
      "expertLinear",
      "combineExperts",
    ]);
    const plain = await runExperts(platform, 3, "bf16", cpuFusions, { inner: 24 });
    expect(plain.kernels.filter((kernel) => kernel === "packExperts")).toHaveLength(2);
    expect(plain.kernels.filter((kernel) => kernel === "groupExperts")).toHaveLength(1);
    platform.dispose();
  });

  test.each([[-1], [numExperts]])("expert %i does not exist", async (id) => {
    const platform = openCpuPlatform({ threads: 2 });
    const inputs = new CaseInputs(platform, "bad", 1);
    const weight = inputs.matrices("weight", numExperts, 16, 8, "f32");
    expertLinear(inputs.rows("x", [0, 1], 8), weight, inputs.ints("ids", [0, 1, 2, id], [2, 2]));
    const compiled = platform.compile(inputs.program);
    await expect(platform.run([compiled])).rejects.toThrow(/op expertLinear.*an expert's id is negative/);
    inputs.dispose();
    platform.dispose();
  });

  test("random weights of every expert are those of the reference", async () => {
    const fill = async (platform: Platform): Promise<Float32Array> => {
      const table = new ParameterTable();
      const part = { source: new Source("w", [3, 19, 10]), rowStart: 0, rowCount: 57 };
      const shape = [3, 19, 10];
      const weight = table.declare({ name: "w", shape, dtype: "f32", layout: "matrix", parts: [part] });
      allocateParameters(platform, table);
      await fillDummyWeights(platform, table, 5);
      const values = readParameter(platform, weight);
      platform.dispose();
      return values;
    };
    const [native, reference] = [await fill(openCpuPlatform({ threads: 2 })), await fill(new ReferencePlatform())];
    expect(native).toEqual(reference);
    expect(native.subarray(0, 190)).not.toEqual(native.subarray(190, 380));
  });
});
