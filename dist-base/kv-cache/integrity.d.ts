/** Integrity of the block pool: what must hold between any two operations. For tests and debugging. */
import type { BlockPool } from "./block-pool.js";
import type { KVCacheBlock } from "./kv-cache-block.js";
/**
 * Checks that
 * - reference counts equal block-table entries, and free + used = total - 1,
 * - the free list is whole: linked both ways, no block twice, none of its blocks held, none missing, no null block,
 * - no block stands in two tables unless it is hashed, nor twice in one,
 * - every hash leads to a live block that carries it, and every hashed block is found.
 *
 * @param tables request id and block table of every request
 * @throws Error that lists everything that is wrong
 */
export declare function checkBlockPool(pool: BlockPool, tables: Iterable<readonly [string, readonly KVCacheBlock[]]>): void;
