/** KVCacheManager: gives requests room in the KV cache and finds what is computed already. What the scheduler sees. */
import type { KVCacheGroup } from "../request/kv-cache-group.js";
import { fullAttentionOnly, longestRequest } from "../request/kv-cache-group.js";
import type { Request } from "../request/request.js";
import { BlockHasher } from "./block-hash.js";
import { BlockPool } from "./block-pool.js";
import type { GroupOptions } from "./block-tables.js";
import { FullAttentionManager } from "./full-attention-manager.js";
import type { KVCacheBlock } from "./kv-cache-block.js";
import { newPrefixCacheStats, type PrefixCacheStats } from "./prefix-cache-stats.js";
import { LocalAttentionManager } from "./local-attention-manager.js";
import type { SingleTypeManager } from "./single-type-manager.js";
import { StateManager } from "./state-manager.js";

/** How the KV cache is cut. */
export interface KVCacheOptions {
  /** All blocks, the reserved null block included; at least 2. */
  readonly numBlocks: number;
  /** Tokens per block. */
  readonly blockSize: number;
  /** What the model's layers keep. Default: one group that keeps every token. */
  readonly groups?: readonly KVCacheGroup[];
  /** Most tokens of a request that one step computes: what windows need beside themselves. Default: any number. */
  readonly maxStepTokens?: number;
  /** Find and keep common prefixes; never done where a group keeps states. Default true. */
  readonly enablePrefixCaching?: boolean;
  /** Share of all blocks that admitting a waiting request must leave free while others run, 0..1. Default 0. */
  readonly watermark?: number;
}

/** What a request finds in the prefix cache: whole blocks, equally many in each group. */
export interface ComputedBlocks {
  /** By group. Blocks that no later token can see are the null block. */
  readonly blocks: readonly (readonly KVCacheBlock[])[];
  readonly numComputedTokens: number;
}

/** How room is asked for a waiting request. */
export interface AdmissionOptions {
  /** From `getComputedBlocks`; starts the block table. */
  readonly computed: ComputedBlocks;
  /** Refuse unless all tokens that the request has now fit, not only those of this step. */
  readonly fullSequenceMustFit: boolean;
  /** Leave the watermark's blocks free. */
  readonly keepWatermark: boolean;
}

const NOTHING_COMPUTED: ComputedBlocks = { blocks: [], numComputedTokens: 0 };
const NO_BLOCKS: readonly KVCacheBlock[] = Object.freeze([]);
const NO_IDS: readonly number[] = Object.freeze([]);

/** One pool of blocks for all groups; each group has its own block tables and rules (SingleTypeManager). */
export class KVCacheManager {
  readonly pool: BlockPool;
  readonly blockSize: number;
  readonly enablePrefixCaching: boolean;
  /** Tokens that one request can have when it is alone; Infinity where no length is too long. */
  readonly numUsableTokens: number;
  readonly prefixCacheStats: PrefixCacheStats = newPrefixCacheStats();
  readonly #groups: readonly SingleTypeManager[];
  /** Whose hits depend on their length: they are asked again when another group's hit is shorter. */
  readonly #locals: readonly SingleTypeManager[];
  /** A list for each group, all empty. */
  readonly #noIds: readonly (readonly number[])[];
  readonly #hasher: BlockHasher;
  readonly #watermarkBlocks: number;

  /** @throws ResourceError if there are fewer than 2 blocks */
  constructor(options: KVCacheOptions) {
    const { blockSize, groups = fullAttentionOnly, maxStepTokens = Number.MAX_SAFE_INTEGER } = options;
    this.pool = new BlockPool(options.numBlocks, groups.length);
    this.blockSize = blockSize;
    this.enablePrefixCaching = (options.enablePrefixCaching ?? true) && groups.every(({ kind }) => kind !== "state");
    const use = { blockSize, maxStepTokens };
    this.#groups = groups.map((group, groupId) => createManager(group, { pool: this.pool, groupId, use }));
    this.#locals = this.#groups.filter((_, i) => isLocal(groups[i]!));
    this.#noIds = Object.freeze(groups.map(() => NO_IDS));
    this.numUsableTokens = longestRequest({ groups, ...use }, this.pool.numUsableBlocks);
    this.#hasher = new BlockHasher(options.blockSize);
    this.#watermarkBlocks = Math.floor((options.watermark ?? 0) * options.numBlocks);
  }

  /** Share of the blocks in use, 0..1. */
  get usage(): number {
    return this.pool.usage;
  }

  get numFreeBlocks(): number {
    return this.pool.numFreeBlocks;
  }

  /**
   * The longest prefix of the request that is in the cache: whole blocks, and never its last token, which must be
   * computed to get logits (a prompt found to the end computes its last block again). Nothing for requests that want
   * prompt log-probabilities. Takes no reference: pass the answer to `allocateSlots` before anything else is allocated.
   * With several groups it is the longest prefix that all of them have: what a group finds bounds the next one's search,
   * and a group of windows or chunks, whose shorter hits are not parts of its longer ones, is asked again until nothing changes.
   */
  getComputedBlocks(request: Request): ComputedBlocks {
    if (!this.#looksUp(request)) return NOTHING_COMPUTED;
    this.#hasher.extend(request);
    const { blockHashes } = request;
    let length = Math.floor((request.numTokens - 1) / this.blockSize);
    const find = (group: SingleTypeManager): readonly KVCacheBlock[] => {
      const hit = group.findLongestHit(blockHashes, length);
      length = hit.length;
      return hit;
    };
    const hits = this.#groups.map(find);
    for (let before = -1; before !== length && this.#groups.length > 1;) {
      before = length;
      for (const group of this.#locals) if (hits[group.groupId]!.length > length) hits[group.groupId] = find(group);
    }
    if (length === 0) return NOTHING_COMPUTED;
    const blocks = hits.map((hit) => (hit.length > length ? hit.slice(0, length) : hit));
    return { blocks, numComputedTokens: length * this.blockSize };
  }

  /** Counts a lookup that led to the request being scheduled; a resumed request's is counted apart. */
  recordLookup(request: Request, numHits: number): void {
    if (!this.#looksUp(request)) return;
    const stats = this.prefixCacheStats;
    if (request.numPreemptions > 0) {
      stats.preemptedRequests++;
      stats.preemptedQueries += request.numTokens;
      stats.preemptedHits += numHits;
    } else {
      stats.requests++;
      stats.queries += request.numTokens;
      stats.hits += numHits;
    }
  }

  /**
   * Makes room for the next `numNewTokens` tokens of a request and registers the blocks that they fill, so that a request
   * admitted later, in the same step even, finds them.
   *
   * @param admission for a request that has no blocks yet; without it the request goes on after `numComputedTokens`
   * @returns by group, ids of the fresh blocks, to be appended to its table (those of a hit are not among them); null if
   *          there is not enough room, and then nothing has changed, but that blocks which left a window were given back
   */
  allocateSlots(
    request: Request,
    numNewTokens: number,
    admission?: AdmissionOptions,
  ): readonly (readonly number[])[] | null {
    if (numNewTokens <= 0) throw new Error(`${request.requestId}: expected at least 1 new token, got ${numNewTokens}`);
    const { requestId } = request;
    const computed = admission?.computed ?? NOTHING_COMPUTED;
    const numTokens = request.numComputedTokens + computed.numComputedTokens + numNewTokens;
    const mustFit = admission?.fullSequenceMustFit ? Math.max(numTokens, request.numTokens) : 0;
    let needed = admission?.keepWatermark ? this.#watermarkBlocks : 0;
    for (const group of this.#groups) {
      const hit = computed.blocks[group.groupId] ?? NO_BLOCKS;
      group.dropUnseen(requestId, request.numComputedTokens);
      const now = group.numBlocksToAllocate(requestId, numTokens, hit);
      needed += mustFit > 0 ? Math.max(now, group.numBlocksToAdmit(mustFit, hit)) : now;
    }
    if (needed > this.pool.numFreeBlocks) return null;

    // Hits of all groups first: a block that is taken loses its content.
    for (const group of this.#groups) group.addHit(requestId, computed.blocks[group.groupId] ?? NO_BLOCKS);
    let ids = this.#noIds;
    for (const group of this.#groups) {
      const added = group.addNew(requestId, numTokens);
      if (added.length === 0) continue;
      if (ids === this.#noIds) ids = this.#noIds.slice();
      (ids as (readonly number[])[])[group.groupId] = added.map((block) => block.id);
    }
    if (this.enablePrefixCaching) {
      this.#hasher.extend(request);
      const numKnown = Math.min(numTokens, request.numTokens);
      for (const group of this.#groups) group.cacheFullBlocks(request, numKnown);
    }
    return ids;
  }

  /** Registers blocks of a running request whose last tokens became known after they were given room. */
  cacheKnown(request: Request): void {
    if (!this.enablePrefixCaching) return;
    const numKnown = Math.min(request.numComputedTokens, request.numTokens);
    if (Math.floor(numKnown / this.blockSize) <= request.blockHashes.length) return;
    this.#hasher.extend(request);
    for (const group of this.#groups) group.cacheFullBlocks(request, numKnown);
  }

  /** Whether `numRequests` requests can grow by a block in each group, whatever the others do. */
  hasRoomForEach(numRequests: number): boolean {
    return this.pool.numFreeBlocks >= numRequests * this.#groups.length;
  }

  /**
   * Gives back the request's blocks, its last one first, so that the start of a prefix is remembered longest. Blocks that
   * were registered for tokens beyond `request.numComputedTokens`, which now nobody computes, are forgotten.
   */
  free(request: Request): void {
    for (const group of this.#groups) group.free(request.requestId, request.numComputedTokens);
  }

  /**
   * Forgets all blocks with the content of this request's tokens from `numTokens` on, because they may never have been
   * written. Their hashes are answered: what others computed from such content cannot be trusted either, though a window
   * may have dropped the block by now.
   */
  distrust(request: Request, numTokens: number): Set<string> {
    const hashes = new Set(request.blockHashes.slice(Math.floor(numTokens / this.blockSize)));
    for (const hash of hashes)
      for (const { groupId } of this.#groups)
        for (const block of this.pool.findAll(hash, groupId)) this.pool.forget(block);
    return hashes;
  }

  /** Computed tokens of the request before the first block whose hash is one of `hashes`; Infinity if there is no such. */
  numTokensBefore(request: Request, hashes: ReadonlySet<string>): number {
    const index = request.blockHashes.findIndex((hash) => hashes.has(hash));
    const numTokens = index * this.blockSize;
    return index < 0 || numTokens >= request.numComputedTokens ? Infinity : numTokens;
  }

  /** The request's block tables, by group. Copies. */
  blockIds(request: Request): number[][] {
    return this.#groups.map((group) => group.table(request.requestId).map((block) => block.id));
  }

  /** Forgets all cached prefixes. @returns false, and does nothing, while any request holds blocks */
  resetPrefixCache(): boolean {
    return this.pool.resetPrefixCache();
  }

  /** The tables of all requests and groups. For checks and tests. */
  *tables(): Generator<readonly [string, readonly KVCacheBlock[]]> {
    for (const group of this.#groups) yield* group.tables();
  }

  #looksUp(request: Request): boolean {
    return this.enablePrefixCaching && !request.skipReadingPrefixCache;
  }
}

function createManager(group: KVCacheGroup, options: GroupOptions): SingleTypeManager {
  if (group.kind === "state") return new StateManager(options);
  return isLocal(group) ? new LocalAttentionManager(options, group) : new FullAttentionManager(options);
}

const isLocal = ({ kind }: KVCacheGroup): boolean => kind === "slidingWindow" || kind === "chunked";
