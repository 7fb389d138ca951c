/** Small valid checkpoints of every format, to be damaged. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ggufBytes, tinyGguf, type GgufField } from "../support/gguf-file.js";
import { writeSafetensors } from "../support/materialize.js";
import { torchBytes } from "../support/torch-file.js";

/** One file that is damaged; `others` stand beside it as they are. */
export interface FuzzSeed {
  format: string;
  name: string;
  bytes: Uint8Array;
  others: Record<string, Uint8Array>;
}

const config = Buffer.from('{\n"model_type": "llama", "hidden_size": 64,\n"rope_scaling": {"factor": 8.0}\n}');

function safetensors(names: readonly string[]): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), "quire-seed-"));
  const dtypes = [
    ["F32", 4],
    ["BF16", 2],
    ["U8", 1],
    ["I64", 8],
  ] as const;
  const tensors = names.map((name, i) => {
    const [dtype, size] = dtypes[i % dtypes.length]!;
    return [name, { dtype, shape: [3, 4 + i], data: new Uint8Array(3 * (4 + i) * size).fill(i) }] as const;
  });
  try {
    writeSafetensors(join(folder, "x"), Object.fromEntries(tensors));
    return readFileSync(join(folder, "x"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function torch(protocol: 2 | 4, zip64: boolean): Uint8Array {
  const base = { storage: "FloatStorage", key: "0", count: 24 };
  const tensors = {
    "model.a.weight": { ...base, shape: [4, 6] },
    "model.tied": { ...base, shape: [4, 6], parameter: true },
    "model.t": { ...base, shape: [6, 4], strides: [1, 6] },
    "model.part": { ...base, shape: [3, 2], strides: [6, 2], offset: 3 },
    "model.half": { storage: "HalfStorage", key: "1", count: 8, shape: [8] },
  };
  return torchBytes(tensors, { "0": new Uint8Array(96), "1": new Uint8Array(16) }, { protocol, zip64 });
}

function gguf(architecture: string, more: Record<string, GgufField> = {}): Uint8Array {
  const parts = tinyGguf(architecture, 2);
  const factors = new Float32Array(4).fill(1);
  const rope = { name: "rope_freqs.weight", shape: [4], type: 0, data: new Uint8Array(factors.buffer) };
  const tensors = architecture === "llama" ? [rope, ...parts.tensors] : parts.tensors;
  return ggufBytes({ ...parts, metadata: { ...more, ...parts.metadata }, tensors });
}

/** The seeds. */
export function makeSeeds(): FuzzSeed[] {
  const first = safetensors(["model.embed_tokens.weight", "model.norm.weight", "a", "b"]);
  const second = safetensors(["lm_head.weight"]);
  const index = Buffer.from(
    JSON.stringify({
      metadata: { total_size: 1 },
      weight_map: { a: "model-1.safetensors", b: "model-1.safetensors", "lm_head.weight": "model-2.safetensors" },
    }),
  );
  const shards = { "config.json": config, "model-1.safetensors": first, "model-2.safetensors": second };
  const nested: GgufField = { type: "array", items: "array", value: [[1, 2], [3]] };
  const yarn: Record<string, GgufField> = {
    "smollm3.rope.scaling.type": { type: "string", value: "yarn" },
    "smollm3.rope.scaling.factor": { type: "f32", value: 4 },
    "smollm3.rope.scaling.original_context_length": { type: "u32", value: 128 },
    "smollm3.rope.dimension_count": { type: "u32", value: 8 },
  };
  return [
    { format: "safetensors", name: "model.safetensors", bytes: first, others: { "config.json": config } },
    {
      format: "safetensors",
      name: "model-00001-of-00001.safetensors",
      bytes: second,
      others: { "config.json": config },
    },
    { format: "index", name: "model.safetensors.index.json", bytes: index, others: shards },
    { format: "config", name: "config.json", bytes: config, others: { "model.safetensors": first } },
    { format: "gguf", name: "model.gguf", bytes: gguf("llama", { nested }), others: {} },
    { format: "gguf", name: "model.gguf", bytes: gguf("smollm3", yarn), others: {} },
    { format: "gguf", name: "model.gguf", bytes: gguf("qwen2"), others: {} },
    { format: "pytorch", name: "pytorch_model.bin", bytes: torch(2, false), others: { "config.json": config } },
    { format: "pytorch", name: "pytorch_model.bin", bytes: torch(4, false), others: { "config.json": config } },
    { format: "pytorch", name: "pytorch_model.bin", bytes: torch(2, true), others: { "config.json": config } },
  ];
}
