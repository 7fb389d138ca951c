/** A golden case's model with its parameters declared and nothing allocated. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { TensorInfo } from "../../src/checkpoint/tensor-source.js";
import type { CausalLMClass } from "../../src/layers/causal-lm.js";
import { unquantized } from "../../src/layers/linear-method.js";
import { ParameterTable } from "../../src/layers/parameter-table.js";
import { Prefix } from "../../src/layers/prefix.js";
import { loadModelClass } from "../../src/models/registry.js";
import type { ParallelConfig } from "../../src/parallel/sharding.js";

function readJson(folder: string, file: string): Record<string, unknown> {
  return JSON.parse(readFileSync(join(folder, file), "utf8")) as Record<string, unknown>;
}

export async function declareModel(
  folder: string,
  parallel: ParallelConfig = { rank: 0, worldSize: 1 },
): Promise<{ modelClass: CausalLMClass; parameters: ParameterTable }> {
  const raw = readJson(folder, "config.json");
  const { modelClass } = await loadModelClass(raw["architectures"]);
  const parameters = new ParameterTable();
  const context = {
    parameters,
    parallel,
    dtype: "f32" as const,
    maxModelLen: 16,
    linearMethod: () => unquantized,
    layerCaches: new Map(),
    claimed: new Map(),
  };
  new modelClass(new Prefix("", modelClass.config.parse(raw) as never, context));
  return { modelClass, parameters };
}

/** Tensors of the case's checkpoint, under other names if wanted. */
export function tensorsOf(folder: string, rename = (name: string): string => name): Map<string, TensorInfo> {
  const { tensors } = readJson(folder, "weights.json") as { tensors: Record<string, [shape: number[]]> };
  return new Map(
    Object.entries(tensors).map(([saved, [shape]]) => {
      const name = rename(saved);
      return [name, { name, shape, storage: "f32", byteLength: 0, file: "x" } as const];
    }),
  );
}
