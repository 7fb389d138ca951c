import { describe, expect, test } from "vitest";
import { LlamaForCausalLM } from "../models/llama.js";
import { OPTForCausalLM } from "../models/opt.js";
import type { CausalLMClass } from "./causal-lm.js";
import { unquantized } from "./linear-method.js";
import type { ModelContext } from "./model-context.js";
import { ParameterTable } from "./parameter-table.js";
import { Prefix } from "./prefix.js";

function declare(
  modelClass: CausalLMClass,
  raw: Record<string, unknown>,
  rank: number,
  worldSize: number,
): ParameterTable {
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
  return context.parameters;
}

/** How often each element of each checkpoint tensor is read, over all ranks. */
function coverage(modelClass: CausalLMClass, raw: Record<string, unknown>, worldSize: number): Map<string, Uint8Array> {
  const counts = new Map<string, Uint8Array>();
  for (let rank = 0; rank < worldSize; rank++)
    for (const { spec } of declare(modelClass, raw, rank, worldSize).declared) {
      let rows = 0;
      for (const { source, rowStart, rowCount } of spec.parts) {
        const { shape, strides, offset } = source.view();
        expect(shape, `${spec.name} <- ${source.name}`).toEqual([rowCount, ...spec.shape.slice(1)]);
        expect(rowStart).toBe(rows);
        rows += rowCount;
        const size = source.shape.reduce((a, b) => a * b, 1);
        let seen = counts.get(source.name);
        if (!seen) counts.set(source.name, (seen = new Uint8Array(size)));
        for (let i = 0; i < shape[0]!; i++)
          for (let j = 0; j < (shape[1] ?? 1); j++) seen[offset + i * strides[0]! + j * (strides[1] ?? 0)]!++;
      }
      expect(rows, spec.name).toBeLessThanOrEqual(spec.shape[0]!);
    }
  return counts;
}

const llama = (numHeads: number, numKvHeads: number) => ({
  hidden_size: numHeads * 8,
  num_attention_heads: numHeads,
  num_key_value_heads: numKvHeads,
  intermediate_size: 96,
  num_hidden_layers: 1,
  vocab_size: 201,
  attention_bias: true,
});
const everywhere = (seen: Uint8Array): number[] => [...new Set(seen)];

describe("each rank reads its part, all ranks together read everything", () => {
  test.each([
    [1, 12, 4, 1],
    [2, 12, 4, 1],
    [3, 12, 6, 1],
    [4, 12, 4, 1],
    [8, 16, 4, 2],
    [4, 12, 2, 2],
    [8, 8, 1, 8],
  ])("%i ranks, %i heads, %i KV heads: each KV head on %i ranks", (worldSize, numHeads, numKvHeads, copies) => {
    const counts = coverage(LlamaForCausalLM, llama(numHeads, numKvHeads), worldSize);
    const layer = "model.layers.0";
    for (const name of ["q_proj", "o_proj"])
      expect(everywhere(counts.get(`${layer}.self_attn.${name}.weight`)!), name).toEqual([1]);
    for (const name of ["k_proj", "v_proj"])
      expect(everywhere(counts.get(`${layer}.self_attn.${name}.weight`)!), name).toEqual([copies]);
    expect(everywhere(counts.get(`${layer}.self_attn.k_proj.bias`)!)).toEqual([copies]);
    expect(everywhere(counts.get(`${layer}.self_attn.o_proj.bias`)!), "added once").toEqual([1]);
    for (const name of ["gate_proj", "up_proj", "down_proj"])
      expect(everywhere(counts.get(`${layer}.mlp.${name}.weight`)!), name).toEqual([1]);
    for (const name of ["model.embed_tokens.weight", "lm_head.weight"])
      expect(everywhere(counts.get(name)!), name).toEqual([1]);
    expect(everywhere(counts.get(`${layer}.input_layernorm.weight`)!)).toEqual([worldSize]);
  });

  test("every rank has the same shapes; the vocabulary is padded to 64 a rank", () => {
    const shapes = [0, 1, 2].map((rank) =>
      declare(LlamaForCausalLM, llama(12, 6), rank, 3).declared.map(({ spec }) => [spec.name, spec.shape]),
    );
    expect(shapes[1]!.filter(([name]) => !/o_proj.bias/.test(String(name)))).toEqual(
      shapes[2]!.filter(([name]) => !/o_proj.bias/.test(String(name))),
    );
    expect(Object.fromEntries(shapes[0]!)["model.embed_tokens.weight"]).toEqual([128, 96]);
  });

  test("query heads of a rank sit beside the KV heads that they use", () => {
    for (let rank = 0; rank < 8; rank++) {
      const { declared } = declare(LlamaForCausalLM, llama(16, 4), rank, 8);
      const [q, k] = declared.find(({ spec }) => spec.name.endsWith("qkv_proj.weight"))!.spec.parts;
      const firstQueryHead = q!.source.view().offset / (128 * 8);
      const kvHead = k!.source.view().offset / (128 * 8);
      expect(Math.floor(firstQueryHead / 4)).toBe(kvHead);
    }
  });

  test("OPT with 2 ranks", () => {
    const raw = { hidden_size: 32, num_attention_heads: 4, ffn_dim: 64, num_hidden_layers: 1, vocab_size: 130 };
    const counts = coverage(OPTForCausalLM, { ...raw, max_position_embeddings: 10 }, 2);
    expect(everywhere(counts.get("model.decoder.layers.0.fc1.bias")!)).toEqual([1]);
    expect(everywhere(counts.get("model.decoder.layers.0.fc2.bias")!)).toEqual([1]);
    expect(everywhere(counts.get("model.decoder.embed_positions.weight")!)).toEqual([2]);
  });

  test("heads that do not divide are an error with both numbers", () => {
    expect(() => declare(LlamaForCausalLM, llama(12, 4), 0, 8)).toThrow(
      /12 does not divide by --tensor-parallel-size 8/,
    );
    expect(() => declare(LlamaForCausalLM, llama(12, 4), 0, 6)).toThrow(/4 KV heads cannot be replicated/);
  });
});
