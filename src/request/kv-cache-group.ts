/** KVCacheGroup: a set of layers that keep the same of a request, in the same blocks. Plain data, and its arithmetic. */

/** What the layers of one group keep of a request. */
export type KVCacheGroup =
  /** Every token. */
  | { readonly kind: "full" }
  /** The tokens that a later row may see: itself and `slidingWindow` - 1 before it. */
  | { readonly kind: "slidingWindow"; readonly slidingWindow: number }
  /** The tokens of the chunk that a row stands in, up to it; chunks are counted from the request's start. */
  | { readonly kind: "chunked"; readonly chunkSize: number }
  /** One block a request, whatever its length: a state that every token changes. */
  | { readonly kind: "state" };

/** What the arithmetic must know beside the groups. */
export interface BlockUse {
  readonly groups: readonly KVCacheGroup[];
  /** Tokens of one block. */
  readonly blockSize: number;
  /** Most tokens of a request that one step computes. */
  readonly maxStepTokens: number;
}

/** Groups of a model whose layers all keep every token. */
export const fullAttentionOnly: readonly KVCacheGroup[] = Object.freeze([{ kind: "full" }]);

/** Most tokens of one request in a step, by the scheduler's limits. */
export function maxStepTokens(limits: {
  readonly maxNumBatchedTokens: number;
  readonly longPrefillTokenThreshold?: number | undefined;
}): number {
  const threshold = limits.longPrefillTokenThreshold ?? 0;
  return threshold > 0 ? Math.min(limits.maxNumBatchedTokens, threshold) : limits.maxNumBatchedTokens;
}

/** Most tokens that a row sees, its own included, in a group that forgets; Infinity in one that keeps every token. */
export function reachOf(group: KVCacheGroup): number {
  if (group.kind === "slidingWindow") return group.slidingWindow;
  return group.kind === "chunked" ? group.chunkSize : Infinity;
}

/** The index of the first token that rows from `position` on may see in a group. */
export function firstSeen(group: KVCacheGroup, position: number): number {
  if (group.kind === "slidingWindow") return Math.max(0, position - group.slidingWindow + 1);
  return group.kind === "chunked" ? position - (position % group.chunkSize) : 0;
}

/** Most blocks of one group that a request holds at a time on its way to `numTokens` tokens. */
export function blocksOfGroup(group: KVCacheGroup, numTokens: number, use: Omit<BlockUse, "groups">): number {
  if (group.kind === "state") return numTokens > 0 ? 1 : 0;
  const all = Math.ceil(numTokens / use.blockSize);
  if (group.kind === "full") return all;
  // A step's rows and what the first of them sees, wherever they begin in a block.
  const span = reachOf(group) - 1 + Math.min(use.maxStepTokens, numTokens);
  return Math.min(all, Math.ceil((span - 1) / use.blockSize) + 1);
}

/** Most blocks of all groups that a request holds at a time on its way to `numTokens` tokens. */
export function blocksOfRequest(use: BlockUse, numTokens: number): number {
  return use.groups.reduce((sum, group) => sum + blocksOfGroup(group, numTokens, use), 0);
}

/** The longest request that `numBlocks` blocks hold, in tokens: whole blocks; Infinity if length is no matter. */
export function longestRequest(use: BlockUse, numBlocks: number): number {
  const fits = (blocks: number): boolean => blocksOfRequest(use, blocks * use.blockSize) <= numBlocks;
  if (!use.groups.some(({ kind }) => kind === "full")) {
    const bounded = use.groups.reduce((sum, group) => sum + boundOf(group, use), 0);
    if (bounded <= numBlocks) return Infinity;
  }
  // A request of more blocks than there are does not fit: what a group holds grows block by block until it stays.
  let [low, high] = [0, numBlocks + 1];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (fits(middle)) low = middle;
    else high = middle;
  }
  return low * use.blockSize;
}

/** Blocks of a group, however long the request. */
function boundOf(group: KVCacheGroup, use: BlockUse): number {
  return blocksOfGroup(group, Number.MAX_SAFE_INTEGER, use);
}
