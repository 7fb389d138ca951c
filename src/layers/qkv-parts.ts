/** Which rows of the checkpoint make a rank's queries, keys and values: of three matrices, or of one that holds all. */
import type { HeadsConfig } from "../config/hf-heads.js";
import type { Range } from "../parallel/sharding.js";
import { checkOneOf } from "./check-options.js";
import type { LinearPart } from "./linear-method.js";
import type { Prefix } from "./prefix.js";

/**
 * How one matrix of the checkpoint holds all three, by rows. `stacked`: all queries, all keys, all values (Phi-3, GPT-2).
 * `grouped`: for each KV head its query heads, its key, its value (Falcon); with a KV head for every query head that is
 * [heads, 3, headDim] (GPT-NeoX, BLOOM).
 */
export const fusedQKVKinds = ["stacked", "grouped"] as const;
export type FusedQKV = (typeof fusedQKVKinds)[number];

/** Where the projections come from; the default is the siblings `q_proj`, `k_proj`, `v_proj`. */
export interface QKVSources {
  /** Three other siblings. */
  readonly parts?: readonly [q: string, k: string, v: string] | undefined;
  /** One matrix under the layer's own name, instead of three. */
  readonly fused?: FusedQKV | undefined;
  /** True where the checkpoint stores [inputs, outputs] (GPT-2's Conv1D). */
  readonly transposed?: boolean | undefined;
}

type Part = Omit<LinearPart, "outputStart">;

/** Parts in the order of the layer's output: queries, keys, values of the heads `q` and `kv`. Each is a run of whole rows. */
export function qkvParts(
  prefix: Prefix,
  heads: Omit<HeadsConfig, "size"> & { readonly inputSize: number },
  { q, kv }: { readonly q: Range; readonly kv: Range },
  { parts = ["q_proj", "k_proj", "v_proj"], fused, transposed }: QKVSources,
): Part[] {
  const { numHeads, numKvHeads, headDim, inputSize } = heads;
  const part = (name: string, matrixHeads: number, start: number, count: number): Part => ({
    name,
    size: [matrixHeads * headDim, inputSize],
    rows: { start: start * headDim, count: count * headDim },
    transposed,
  });
  if (fused === undefined) {
    const [qName, kName, vName] = parts.map((name) => prefix.sibling(name)) as [string, string, string];
    return [
      part(qName, numHeads, q.start, q.count),
      part(kName, numKvHeads, kv.start, kv.count),
      part(vName, numKvHeads, kv.start, kv.count),
    ];
  }
  checkOneOf(prefix, "fused", fused, fusedQKVKinds);
  const all = (start: number, count: number): Part => part(prefix.name, numHeads + 2 * numKvHeads, start, count);
  if (fused === "stacked")
    return [all(q.start, q.count), all(numHeads + kv.start, kv.count), all(numHeads + numKvHeads + kv.start, kv.count)];
  const perGroup = numHeads / numKvHeads;
  const groupStart = (group: number): number => group * (perGroup + 2);
  const queries: Part[] = [];
  for (let head = q.start; head < q.start + q.count;) {
    const group = Math.floor(head / perGroup);
    const end = Math.min(q.start + q.count, (group + 1) * perGroup);
    queries.push(all(groupStart(group) + (head % perGroup), end - head));
    head = end;
  }
  const groups = Array.from({ length: kv.count }, (_, i) => kv.start + i);
  const keys = groups.map((group) => all(groupStart(group) + perGroup, 1));
  const values = groups.map((group) => all(groupStart(group) + perGroup + 1, 1));
  return [...queries, ...keys, ...values];
}
