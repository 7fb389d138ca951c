/** Multi-head latent attention: one row of a latent and a rotated part is cached for each token, for all heads. */
import type { Tensor } from "../tensor/tensor.js";
import type { AttentionMetadata, KVCache } from "./step.js";
/**
 * Puts each row's latent and rotated part into its slot of the paged cache. Rows with a negative slot are left out.
 *
 * @param latent [numTokens, latentDim] f32, rows may be strided
 * @param rope   [numTokens, headDim - latentDim] f32, rows may be strided
 * @param cache  the layer's cache, of latents; f32 or bf16 (rounded to nearest even)
 * @param metadata slotMapping says where
 * @throws ShapeError if they do not fit the cache, or the cache is not one of latents
 * Records an op without outputs: a later mlaAttention of the same program sees the new tokens.
 */
export declare function writeLatents(latent: Tensor, rope: Tensor, cache: KVCache, metadata: AttentionMetadata): void;
/**
 * Causal attention of every row over its request's cached latents: softmax((q . row) * scale) latents, where the row of a token is
 * its latent followed by its rotated part. Keys and values of heads are never made: their projections are in the queries, and
 * come after the result (`headLinear`).
 *
 * @param qLatent [numTokens, numHeads, latentDim] f32, rows may be strided
 * @param qRope   [numTokens, numHeads, headDim - latentDim] f32, rows may be strided
 * @param cache   the layer's cache, of latents, already holding this step's
 * @param metadata rows of each request, lengths, block tables
 * @param scale   factor of the products, before softmax
 * @returns [numTokens, numHeads, latentDim] f32, dense, in the program of qLatent
 * @throws ShapeError if queries do not fit the cache, or the cache is not one of latents
 * Sums, partitions and rounding are those of pagedAttention with one kv head. The order depends on the row's position alone.
 * Source: DeepSeek-AI 2024 (DeepSeek-V2), section 2.1, with the projections absorbed.
 */
export declare function mlaAttention(qLatent: Tensor, qRope: Tensor, cache: KVCache, metadata: AttentionMetadata, scale: number): Tensor;
