/** KVCacheManager: gives requests room in the KV cache and finds what is computed already. What the scheduler sees. */
import type { Request } from "../request/request.js";
import { BlockHasher } from "./block-hash.js";
import { BlockPool } from "./block-pool.js";
import { FullAttentionManager } from "./full-attention-manager.js";
import type { KVCacheBlock } from "./kv-cache-block.js";
import { newPrefixCacheStats, type PrefixCacheStats } from "./prefix-cache-stats.js";
import type { SingleTypeManager } from "./single-type-manager.js";

/** How the KV cache is cut. */
export interface KVCacheOptions {
  /** All blocks, the reserved null block included; at least 2. */
  readonly numBlocks: number;
  /** Tokens per block. */
  readonly blockSize: number;
  /** Find and keep common prefixes. Default true. */
  readonly enablePrefixCaching?: boolean;
  /** Share of all blocks that admitting a waiting request must leave free while others run, 0..1. Default 0. */
  readonly watermark?: number;
}

/** What a request finds in the prefix cache: whole blocks. */
export interface ComputedBlocks {
  readonly blocks: readonly KVCacheBlock[];
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
const NO_IDS: readonly number[] = Object.freeze([]);

/** One pool, and for now one group: full attention. Further groups become further SingleTypeManagers over the pool. */
export class KVCacheManager {
  readonly pool: BlockPool;
  readonly blockSize: number;
  readonly enablePrefixCaching: boolean;
  readonly prefixCacheStats: PrefixCacheStats = newPrefixCacheStats();
  readonly #group: SingleTypeManager;
  readonly #hasher: BlockHasher;
  readonly #watermarkBlocks: number;

  /** @throws ResourceError if there are fewer than 2 blocks */
  constructor(options: KVCacheOptions) {
    this.pool = new BlockPool(options.numBlocks);
    this.blockSize = options.blockSize;
    this.enablePrefixCaching = options.enablePrefixCaching ?? true;
    this.#group = new FullAttentionManager(this.pool, options.blockSize, 0);
    this.#hasher = new BlockHasher(options.blockSize);
    this.#watermarkBlocks = Math.floor((options.watermark ?? 0) * options.numBlocks);
  }

  /** Tokens that one request can have when it is alone. */
  get numUsableTokens(): number {
    return this.pool.numUsableBlocks * this.blockSize;
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
   */
  getComputedBlocks(request: Request): ComputedBlocks {
    if (!this.#looksUp(request)) return NOTHING_COMPUTED;
    this.#hasher.extend(request);
    const blocks = this.#group.findLongestHit(request.blockHashes, request.numTokens - 1);
    if (blocks.length === 0) return NOTHING_COMPUTED;
    return { blocks, numComputedTokens: blocks.length * this.blockSize };
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
   * @returns ids of the fresh blocks, to be appended to the table (those of a hit are not among them); null if there is
   *          not enough room, and then nothing has changed
   */
  allocateSlots(request: Request, numNewTokens: number, admission?: AdmissionOptions): readonly number[] | null {
    if (numNewTokens <= 0) throw new Error(`${request.requestId}: expected at least 1 new token, got ${numNewTokens}`);
    const computed = admission?.computed ?? NOTHING_COMPUTED;
    const numTokens = request.numComputedTokens + computed.numComputedTokens + numNewTokens;
    const mustFit = admission?.fullSequenceMustFit ? Math.max(numTokens, request.numTokens) : numTokens;
    const reserve = admission?.keepWatermark ? this.#watermarkBlocks : 0;
    const needed = this.#group.numBlocksToAllocate(request.requestId, mustFit, computed.blocks);
    if (needed + reserve > this.pool.numFreeBlocks) return null;

    this.#group.addHit(request.requestId, computed.blocks);
    const added = this.#group.addNew(request.requestId, numTokens);
    if (this.enablePrefixCaching) {
      this.#hasher.extend(request);
      this.#group.cacheFullBlocks(request, Math.min(numTokens, request.numTokens));
    }
    return added.length === 0 ? NO_IDS : added.map((block) => block.id);
  }

  /**
   * Gives back the request's blocks, its last one first, so that the start of a prefix is remembered longest. Blocks that
   * were registered for tokens beyond `request.numComputedTokens`, which now nobody computes, are forgotten.
   */
  free(request: Request): void {
    this.#group.free(request.requestId, request.numComputedTokens);
  }

  /**
   * Forgets all blocks with the content of this request's tokens from `numTokens` on, because they may never have been
   * written. Blocks that someone holds are answered: what is computed from them cannot be trusted either.
   */
  distrust(request: Request, numTokens: number): Set<KVCacheBlock> {
    const held = new Set<KVCacheBlock>();
    for (let i = Math.floor(numTokens / this.blockSize); i < request.blockHashes.length; i++) {
      for (const block of this.pool.findAll(request.blockHashes[i]!, this.#group.groupId)) {
        this.pool.forget(block);
        if (block.refCount > 0) held.add(block);
      }
    }
    return held;
  }

  /** Tokens of the request before the first block that is one of `blocks`; Infinity if it holds none of them. */
  numTokensBefore(request: Request, blocks: ReadonlySet<KVCacheBlock>): number {
    const index = this.#group.table(request.requestId).findIndex((block) => blocks.has(block));
    return index < 0 ? Infinity : index * this.blockSize;
  }

  /** The request's block table. A copy. */
  blockIds(request: Request): number[] {
    return this.#group.table(request.requestId).map((block) => block.id);
  }

  /** Forgets all cached prefixes. @returns false, and does nothing, while any request holds blocks */
  resetPrefixCache(): boolean {
    return this.pool.resetPrefixCache();
  }

  /** The tables of all requests. For checks and tests. */
  tables(): Iterable<readonly [string, readonly KVCacheBlock[]]> {
    return this.#group.tables();
  }

  #looksUp(request: Request): boolean {
    return this.enablePrefixCaching && !request.skipReadingPrefixCache;
  }
}
