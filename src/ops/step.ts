/** What a model's forward gets: the tokens of all requests of one step, flattened, and where their KV cache lies. */
import type { KVCacheSpec } from "../platform/platform.js";
import type { Tensor } from "../tensor/tensor.js";
import type { Program } from "./program.js";

/** One attention layer's paged KV cache: numBlocks blocks at `address`, in the platform's own layout. */
export interface KVCache {
  readonly spec: KVCacheSpec;
  readonly numBlocks: number;
  readonly address: number;
  /** The cache as a tensor without meaning for shape: [numBlocks, bytes of a block] u8. */
  readonly tensor: Tensor;
}

/**
 * Which rows belong to which request. Capacities are fixed; `numSeqs` says at run time how many entries count, so that
 * one compiled program serves every mix of requests with the same number of tokens.
 */
export interface AttentionMetadata {
  /** [1] i32: requests in this step */
  readonly numSeqs: Tensor;
  /** [maxNumSeqs + 1] i32: request i owns rows queryStartLoc[i] .. queryStartLoc[i + 1] */
  readonly queryStartLoc: Tensor;
  /** [maxNumSeqs] i32: tokens of request i in the KV cache after this step */
  readonly seqLens: Tensor;
  /** [maxNumSeqs, maxBlocksPerSeq] i32: block ids of request i, in order */
  readonly blockTable: Tensor;
  /** [numTokens] i32: block id * blockSize + offset where each row's key and value go */
  readonly slotMapping: Tensor;
}

export interface Step {
  readonly program: Program;
  /** [numTokens] i32 */
  readonly inputIds: Tensor;
  /** [numTokens] i32: 0 for the first token of a request */
  readonly positions: Tensor;
  /** by the attention layer's prefix */
  readonly kvCaches: ReadonlyMap<string, KVCache>;
  readonly attentionMetadata: AttentionMetadata;
}
