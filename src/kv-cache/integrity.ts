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
export function checkBlockPool(pool: BlockPool, tables: Iterable<readonly [string, readonly KVCacheBlock[]]>): void {
  const problems: string[] = [];
  const expect = (holds: boolean, problem: () => string) => {
    if (!holds) problems.push(problem());
  };
  const references = checkTables(pool, tables, expect);
  const free = checkFreeList(pool, expect);

  let numUsed = 0;
  for (const block of pool.blocks) {
    if (block.isNull) continue;
    const count = references[block.id]!;
    if (count > 0) numUsed++;
    expect(block.refCount === count, () => `block ${block.id}: reference count ${block.refCount}, in ${count} tables`);
    expect(count < 2 || block.hash !== null, () => `block ${block.id} is in ${count} tables without a hash`);
    expect(free.has(block) === (count === 0), () => `block ${block.id}: in ${count} tables, free: ${free.has(block)}`);
  }
  expect(
    pool.numFreeBlocks + numUsed === pool.blocks.length - 1,
    () => `${pool.numFreeBlocks} free + ${numUsed} used is not ${pool.blocks.length} - 1`,
  );
  checkHashes(pool, expect);
  if (problems.length > 0) throw new Error(`block pool is not whole:\n  ${problems.join("\n  ")}`);
}

type Expect = (holds: boolean, problem: () => string) => void;

/** @returns by block id, the number of table entries */
function checkTables(
  pool: BlockPool,
  tables: Iterable<readonly [string, readonly KVCacheBlock[]]>,
  expect: Expect,
): Uint32Array {
  const references = new Uint32Array(pool.blocks.length);
  for (const [requestId, table] of tables) {
    for (const block of table) {
      expect(pool.blocks[block.id] === block, () => `table of ${requestId}: block ${block.id} is not the pool's`);
      references[block.id]!++;
    }
    const different = new Set(table.filter((block) => !block.isNull));
    const numNull = table.filter((block) => block.isNull).length;
    expect(different.size + numNull === table.length, () => `table of ${requestId}: a block stands in it twice`);
  }
  return references;
}

function checkFreeList(pool: BlockPool, expect: Expect): Set<KVCacheBlock> {
  const free = new Set<KVCacheBlock>();
  for (const block of pool.freeBlocks) {
    if (free.has(block)) {
      expect(false, () => `free list: block ${block.id} twice`);
      break;
    }
    free.add(block);
    const linked = block.previousFree?.nextFree === block && block.nextFree?.previousFree === block;
    expect(linked, () => `free list: the neighbours of block ${block.id} do not point back to it`);
    expect(!block.isNull, () => "free list: the null block is in it");
  }
  expect(free.size === pool.freeBlocks.size, () => `free list: says ${pool.freeBlocks.size}, has ${free.size} blocks`);
  return free;
}

function checkHashes(pool: BlockPool, expect: Expect): void {
  const found = new Set<KVCacheBlock>();
  for (const { hash, block, groupId } of pool.cachedBlocks()) {
    found.add(block);
    expect(pool.blocks[block.id] === block && !block.isNull, () => `a hash leads to block ${block.id}, not the pool's`);
    const carries = block.hash === hash && block.groupId === groupId;
    expect(carries, () => `a hash leads to block ${block.id}, which does not carry it`);
  }
  for (const block of pool.blocks) {
    expect(
      block.hash === null || found.has(block),
      () => `block ${block.id} is hashed, but its hash does not lead to it`,
    );
  }
}
