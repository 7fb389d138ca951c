/** Fused programs give the same bits as the plain list, on every instruction set; and the fusions do match. */
import { describe, expect, test } from "vitest";
import { gatedActivation } from "../../src/ops/activation.js";
import { add } from "../../src/ops/add.js";
import { pagedAttention, writeKVCache } from "../../src/ops/attention.js";
import { embedding } from "../../src/ops/embedding.js";
import { gatherRows } from "../../src/ops/gather-rows.js";
import { linear, linearInt8 } from "../../src/ops/linear.js";
import { rmsNorm } from "../../src/ops/rms-norm.js";
import { rotaryEmbedding } from "../../src/ops/rotary-embedding.js";
import type { AttentionMetadata, KVCache } from "../../src/ops/step.js";
import { availableIsas, openCpuPlatform } from "../../src/platform/cpu/cpu-platform.js";
import type { CpuPlatform } from "../../src/platform/cpu/cpu-platform.js";
import type { Fusion } from "../../src/platform/cpu/lowering/fusion.js";
import { cpuFusions } from "../../src/platform/cpu/lowering/fusions.js";
import { lower } from "../../src/platform/cpu/lowering/lower.js";
import { tryLoadNativeBinding } from "../../src/platform/native-binding.js";
import type { Tensor } from "../../src/tensor/tensor.js";
import { CaseInputs } from "../conformance/case-inputs.js";
import { range } from "../conformance/op-case.js";
import { fills } from "../conformance/random.js";

const hidden = 80;
const [heads, kvHeads, headDim] = [4, 2, 20];
const intermediate = 96;
type Weights = "f32" | "bf16" | "i8";

/** Norms as in Llama (before each block), OLMo 2 (after it) or Gemma 2 (before and after). */
type Norms = "before" | "after" | "both";

/** One decoder layer as a model records it. */
function layer(
  inputs: CaseInputs,
  i: number,
  x: Tensor,
  positions: Tensor,
  cache: KVCache,
  metadata: AttentionMetadata,
  weights: Weights,
  norms: Norms,
): Tensor {
  const product = (label: string, input: Tensor, rows: number, columns: number): Tensor => {
    const name = `${i} ${label}`;
    const weight = inputs.matrix(
      name,
      rows,
      columns,
      weights,
      weights === "i8" ? undefined : (random) => (random() - 0.5) / 4,
    );
    if (weights !== "i8") return linear(input, weight);
    return linearInt8(
      input,
      weight,
      inputs.parameter(`${name} scale`, [rows], () => 1e-3),
      undefined,
      "bf16",
    );
  };
  const norm = (label: string, input: Tensor): Tensor =>
    rmsNorm(input, inputs.parameter(`${i} ${label}`, [hidden], fills.aroundOne), 1e-5, norms === "both" ? 1 : 0);
  const before = (label: string, input: Tensor): Tensor => (norms === "after" ? input : norm(label, input));
  const after = (label: string, input: Tensor): Tensor => (norms === "before" ? input : norm(label, input));
  const qkv = product("qkv", before("attention", x), (heads + 2 * kvHeads) * headDim, hidden);
  const q = qkv.columns(0, heads * headDim).splitLast(heads, headDim);
  const k = qkv.columns(heads * headDim, kvHeads * headDim).splitLast(kvHeads, headDim);
  const v = qkv.columns((heads + kvHeads) * headDim, kvHeads * headDim).splitLast(kvHeads, headDim);
  const cosSin = inputs.parameter("cosSin", [80, headDim]);
  const rotatedQ = rotaryEmbedding(positions, q, cosSin, "neox");
  const rotatedK = rotaryEmbedding(positions, k, cosSin, "neox");
  writeKVCache(rotatedK, v, cache, metadata);
  const attended = pagedAttention(rotatedQ, cache, metadata, { scale: headDim ** -0.5 });
  const sum = add(x, after("attended", product("o", attended, hidden, heads * headDim)));
  const gateUp = product("gateUp", before("mlp", sum), 2 * intermediate, hidden);
  const down = product("down", gatedActivation(gateUp, "silu"), hidden, intermediate);
  return norms === "both" ? add(after("down", down), sum) : add(sum, after("down", down));
}

/** Two layers over `numTokens` tokens of one request; also how many kernels ran. */
async function runModel(
  platform: CpuPlatform,
  numTokens: number,
  weights: Weights,
  norms: Norms,
  fusions: readonly Fusion[],
) {
  const inputs = new CaseInputs(platform, "model", 3);
  try {
    const positions = inputs.ints("positions", range(numTokens));
    const metadata: AttentionMetadata = {
      numSeqs: inputs.ints("numSeqs", [1]),
      queryStartLoc: inputs.ints("queryStartLoc", [0, numTokens]),
      seqLens: inputs.ints("seqLens", [numTokens]),
      blockTable: inputs.ints("blockTable", [3, 1, 2, 4, 0], [1, 5]),
      slotMapping: inputs.ints(
        "slotMapping",
        range(numTokens).map((p) => [3, 1, 2, 4, 0][p >> 4]! * 16 + (p & 15)),
      ),
    };
    const dtype = weights === "f32" ? "f32" : "bf16";
    const table = inputs.matrix("embed", 50, hidden, dtype);
    let x = embedding(
      inputs.ints(
        "ids",
        range(numTokens).map((i) => (i * 7) % 50),
      ),
      table,
    );
    for (let i = 0; i < 2; i++) {
      const cache = inputs.cache(`cache ${i}`, { numKvHeads: kvHeads, headDim, blockSize: 16, dtype }, 5);
      x = layer(inputs, i, x, positions, cache, metadata, weights, norms);
    }
    x = rmsNorm(x, inputs.parameter("norm", [hidden], fills.aroundOne), 1e-5);
    const logits = linear(gatherRows(x, inputs.ints("rows", [numTokens - 1, 0])), table);
    const address = inputs.allocate(logits.bytes, "logits");
    inputs.program.output(logits, address);
    const kernels = lower(inputs.program, 2, fusions).map(({ kernel }) => kernel);
    const compiled = platform.compile(inputs.program);
    await platform.run([compiled]);
    const bits = new Uint32Array(logits.numElements);
    platform.read(address, new Uint8Array(bits.buffer));
    return { bits, kernels, workspaceBytes: compiled.workspaceBytes };
  } finally {
    inputs.dispose();
  }
}

const load = tryLoadNativeBinding();
describe.skipIf(!load.binding)(`fusions${load.binding ? "" : `: ${load.message}`}`, () => {
  for (const isa of load.binding ? availableIsas() : []) {
    const ways = (["f32", "bf16", "i8"] as const).flatMap((weights) =>
      (["before", "after", "both"] as const).map((norms) => [weights, norms] as const),
    );
    test.each(ways)(`${isa}, %s, norms %s: fused equals plain, bit for bit`, async (weights, norms) => {
      const fused = openCpuPlatform({ isa, threads: 2 });
      const plain = openCpuPlatform({ isa, threads: 1, fusions: [] });
      for (const numTokens of [1, 5, 16, 70]) {
        const expected = await runModel(plain, numTokens, weights, norms, []);
        const actual = await runModel(fused, numTokens, weights, norms, cpuFusions);
        expect(actual.bits, `${numTokens} tokens`).toEqual(expected.bits);
        const values = new Float32Array(actual.bits.buffer);
        expect(values.every(Number.isFinite)).toBe(true);
        expect(new Set(values).size).toBeGreaterThan(20);
        expect(actual.workspaceBytes).toBeLessThanOrEqual(expected.workspaceBytes);
      }
      fused.dispose();
      plain.dispose();
    });
  }

  async function counts(norms: Norms): Promise<(name: string) => number> {
    const platform = openCpuPlatform({ threads: 1 });
    const { kernels } = await runModel(platform, 3, "bf16", norms, cpuFusions);
    platform.dispose();
    return (name) => kernels.filter((kernel) => kernel === name).length;
  }

  test("all fusions match in a Llama layer, and nothing packs what is packed already", async () => {
    const count = await counts("before");
    expect(count("gatedLinear")).toBe(2);
    expect(count("rotaryKVCache")).toBe(2);
    expect(count("addRmsNorm")).toBe(4);
    expect(count("rmsNorm")).toBe(1);
    expect(count("add") + count("gatedActivation") + count("rotaryEmbedding")).toBe(0);
    // the logits rows
    expect(count("packActivations")).toBe(1);
  });

  test("norms after blocks become one kernel with the sum, the next norm and the packing", async () => {
    const after = await counts("after");
    expect([after("addRmsNorm"), after("rmsNorm"), after("add")]).toEqual([4, 0, 0]);
    // the embedding, and the logits rows
    expect(after("packActivations")).toBe(2);
    const both = await counts("both");
    expect([both("addRmsNorm"), both("rmsNorm"), both("add"), both("packActivations")]).toEqual([5, 0, 0, 1]);
  });
});
