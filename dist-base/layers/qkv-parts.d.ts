/** Which rows of the checkpoint make a rank's queries, keys and values: of three matrices, or of one that holds all. */
import type { HeadsConfig } from "../config/hf-heads.js";
import type { Range } from "../parallel/sharding.js";
import type { LinearPart } from "./linear-method.js";
import type { Prefix } from "./prefix.js";
/**
 * How one matrix of the checkpoint holds all three, by rows. `stacked`: all queries, all keys, all values (Phi-3, GPT-2).
 * `grouped`: for each KV head its query heads, its key, its value (Falcon); with a KV head for every query head that is
 * [heads, 3, headDim] (GPT-NeoX, BLOOM).
 */
export declare const fusedQKVKinds: readonly ["stacked", "grouped"];
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
export declare function qkvParts(prefix: Prefix, heads: Omit<HeadsConfig, "size"> & {
    readonly inputSize: number;
}, { q, kv }: {
    readonly q: Range;
    readonly kv: Range;
}, { parts, fused, transposed }: QKVSources): Part[];
export {};
