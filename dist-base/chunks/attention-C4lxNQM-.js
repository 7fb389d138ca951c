import { l as ShapeError } from "./errors-CjlPyKrT.js";
import { c as checkRank, o as checkDType, u as checkSize } from "./linear-DwAms2kL.js";
import { n as programOf } from "./program-Dlln9x5O.js";
// src/ops/attention.ts
/**
* Puts each row's key and value into its slot of the paged cache. Rows with a negative slot are left out.
*
* @param k     [numTokens, numKvHeads, headDim] f32, rows may be strided
* @param v     shape of k, f32, rows may be strided
* @param cache the layer's cache; f32 or bf16 (rounded to nearest even)
* @param metadata slotMapping says where
* @throws ShapeError if k or v does not fit the cache
* Records an op without outputs: a later pagedAttention of the same program sees the new tokens.
*/
function writeKVCache(k, v, cache, metadata) {
	for (const [name, x] of [["k", k], ["v", v]]) {
		checkRank("writeKVCache", name, x, 3);
		checkDType("writeKVCache", name, x, "f32");
		checkSize("writeKVCache", name, x, 1, cache.spec.numKvHeads);
		checkSize("writeKVCache", name, x, 2, cache.spec.headDim);
		checkSize("writeKVCache", name, x, 0, metadata.slotMapping.size(0));
	}
	const inputs = [
		k,
		v,
		cache.tensor,
		metadata.slotMapping
	];
	programOf("writeKVCache", k, v).record("writeKVCache", inputs, [], cacheAttributes(cache));
}
/**
* Causal attention of every row over its request's cached tokens, its own included: softmax(q k^T * scale) v.
*
* @param q     [numTokens, numHeads, headDim] f32, rows may be strided; numHeads is a multiple of the cache's kv heads
* @param cache the layer's cache, already holding this step's keys and values
* @param metadata rows of each request, lengths, block tables
* @param options scale, what a row sees, and what happens to products before softmax: first the soft cap, then linear biases
* @returns [numTokens, numHeads * headDim] f32, dense, in the program of q
* @throws ShapeError if heads do not divide, or sinks or slopes are not one a head
* Row i of a request whose rows are [start, end) stands at position seqLen - (end - start) + i. KV positions are taken in
* partitions of 512, counted from 0; inside one: q * scale (rounded to bf16 with a bf16 cache), products summed over
* headDim ascending, one maximum, exponentials, their f32 sum, weights (rounded to bf16 with a bf16 cache) times values
* summed over positions ascending; partitions are merged in ascending order, and a sink is merged last, as a partition whose
* sum is 1 and whose values are 0. Sums in f32. The order depends on the row's position alone. Blocks of which a row sees
* nothing are not read for it; their entries in the block table may be anything.
* Source: Vaswani et al. 2017; Dao et al. 2022 for the merge; HF eager_attention_forward; Gemma 2 for the soft cap; gpt-oss
* for sinks; Press et al. 2022 for biases (a softmax does not change when all biases of a row move by the same, so BLOOM's
* slope * kv position is the same); Llama 4 for chunks.
*/
function pagedAttention(q, cache, metadata, options) {
	const { scale, slidingWindow = 0, attentionChunkSize = 0, logitSoftcap = 0, sinks, alibi } = options;
	checkRank("pagedAttention", "q", q, 3);
	checkDType("pagedAttention", "q", q, "f32");
	checkSize("pagedAttention", "q", q, 2, cache.spec.headDim);
	if (q.size(1) % cache.spec.numKvHeads !== 0) throw new ShapeError(`pagedAttention: ${q.size(1)} query heads are not a multiple of ${cache.spec.numKvHeads} kv heads`);
	const { numSeqs, queryStartLoc, seqLens, blockTable } = metadata;
	const shape = [q.size(0), q.size(1) * q.size(2)];
	const inputs = [
		q,
		cache.tensor,
		numSeqs,
		queryStartLoc,
		seqLens,
		blockTable
	];
	for (const [name, perHead] of [["sinks", sinks], ["alibi.slopes", alibi?.slopes]]) {
		if (!perHead) continue;
		checkRank("pagedAttention", name, perHead, 1);
		checkDType("pagedAttention", name, perHead, "f32");
		checkSize("pagedAttention", name, perHead, 0, q.size(1));
		inputs.push(perHead);
	}
	return programOf("pagedAttention", q).record("pagedAttention", inputs, [{
		shape,
		dtype: "f32"
	}], {
		...cacheAttributes(cache),
		scale,
		slidingWindow,
		attentionChunkSize,
		logitSoftcap,
		sinks: sinks ? 1 : 0,
		alibi: alibi ? alibi.rounding ?? "none" : "",
		alibiScale: alibi?.scale ?? 1
	})[0];
}
function cacheAttributes({ spec }) {
	const { numKvHeads, headDim, blockSize, dtype } = spec;
	return {
		numKvHeads,
		headDim,
		latentDim: 0,
		blockSize,
		cacheDtype: dtype
	};
}
export { writeKVCache as n, pagedAttention as t };
