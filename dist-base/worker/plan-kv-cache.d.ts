/** How a model's layers share the pages of the KV cache: pure planning, and the line that tells of it. */
import type { BlockUse, KVCacheGroup } from "../request/kv-cache-group.js";
/** One layer's part of a page. */
export interface LayerNeed {
    readonly name: string;
    readonly group: KVCacheGroup;
    /** Bytes of one block, or of one request's state. */
    readonly bytes: number;
}
/** Layers that have the same block table. */
export interface PlannedGroup {
    readonly group: KVCacheGroup;
    /** The i-th lies in the i-th region. */
    readonly layers: readonly LayerNeed[];
}
/**
 * Block b is, for layer i of the group that holds it, the bytes from b * regionBytes[i] on of region i: every block is a page
 * of equal bytes, whichever group it is given to.
 */
export interface KVCachePlan {
    readonly groups: readonly PlannedGroup[];
    /** By region, bytes from block to block. */
    readonly regionBytes: readonly number[];
    /** Of one page: the sum of `regionBytes`. */
    readonly bytesPerBlock: number;
}
/**
 * Cuts the layers of each kind into groups of equally many layers, so that a request of full length takes the least
 * memory: small groups leave nothing unused, but are many. Windows and chunks as long as any request are full attention. All
 * layers in one group, windows unused, is tried too: it is best where windows are hardly shorter than requests.
 */
export declare function planKVCache(layers: readonly LayerNeed[], use: Omit<BlockUse, "groups">, maxLen: number): KVCachePlan;
/** One line for the operator; undefined where there is nothing to tell: one group that keeps every token. */
export declare function describePlan({ groups, regionBytes, bytesPerBlock }: KVCachePlan): string | undefined;
