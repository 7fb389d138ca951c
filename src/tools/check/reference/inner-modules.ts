/** Modules whose result is made between two values of the reference: they say in which part of a longer way a mistake lies. */
import type { ModuleCall } from "../../../layers/model-context.js";
import type { OpRecord } from "../../../platform/platform.js";
import type { Tensor } from "../../../tensor/tensor.js";
import type { TracingPlatform } from "../../../worker/tracing-platform.js";
import { distance } from "./difference.js";
import type { Dump } from "./dump.js";
import type { Names } from "./names.js";

/** A module of the port and its counterpart's result. */
export interface InnerModule {
  /** Of the reference. */
  readonly module: string;
  readonly output: Tensor;
  readonly wanted: Float32Array;
  readonly distance: number;
}

export interface InnerModuleParts {
  readonly calls: readonly ModuleCall[];
  readonly names: Names;
  readonly dump: Dump;
  readonly tracing: TracingPlatform;
}

/** In the order in which they end: innermost first. */
export function innerModules(
  records: readonly OpRecord[],
  { calls, names, dump, tracing }: InnerModuleParts,
): InnerModule[] {
  const seen = new Set<string>();
  return calls.flatMap(({ name, outputs }) => {
    const [output] = outputs;
    const module = names.moduleOfPort(name);
    if (!output || !module || outputs.length !== 1 || seen.has(module)) return [];
    if (!records.some((record) => record.outputs.some(({ storage }) => storage === output.storage))) return [];
    const features = output.numElements / output.size(0);
    const key = dump.keys(module).find((other) => other.includes(":out") && dump.rows(other, features) !== undefined);
    if (key === undefined) return [];
    seen.add(module);
    const wanted = dump.rows(key, features)!;
    return [{ module, output, wanted, distance: distance(tracing.read(output), wanted) }];
  });
}

/** Whether a module is a whole layer, or all layers: to name it would say nothing. */
export function isContainer(module: string): boolean {
  return /(^|\.)\d+$/.test(module) || !/\d/.test(module);
}
