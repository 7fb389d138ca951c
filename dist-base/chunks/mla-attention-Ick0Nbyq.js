import { l as ShapeError } from "./errors-CjlPyKrT.js";
import { n as programOf } from "./program-Dlln9x5O.js";
import { c as checkRank, o as checkDType, s as checkDenseRows, u as checkSize } from "./linear-DwAms2kL.js";
// src/ops/head-linear.ts
/**
* y[t, h] = x[t, h] weight[h]^T: a linear layer for every head, side by side.
*
* @param x      [numTokens, numHeads, inputSize] f32, rows may be strided
* @param weight [numHeads, outputSize, inputSize] f32 | bf16, matrix layout
* @returns      [numTokens, numHeads, outputSize] f32, dense, in the program of x
* @throws ShapeError if sizes differ
* With a bf16 weight, x is rounded to bf16 (nearest even) first; products are summed in f32, one accumulator per
* output, inputs in ascending order, whatever numTokens is.
*/
function headLinear(x, weight) {
	checkRank("headLinear", "x", x, 3);
	checkDType("headLinear", "x", x, "f32");
	checkDenseRows("headLinear", "x", x);
	checkRank("headLinear", "weight", weight, 3);
	checkDType("headLinear", "weight", weight, "f32", "bf16");
	checkSize("headLinear", "x", x, 1, weight.size(0));
	checkSize("headLinear", "x", x, 2, weight.size(2));
	const shape = [
		x.size(0),
		x.size(1),
		weight.size(1)
	];
	return programOf("headLinear", x).record("headLinear", [x, weight], [{
		shape,
		dtype: "f32"
	}])[0];
}
// src/ops/mla-attention.ts
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
function writeLatents(latent, rope, cache, metadata) {
	const { latentDim, ropeDim } = checkCache("writeLatents", cache);
	for (const [name, x, size] of [[
		"latent",
		latent,
		latentDim
	], [
		"rope",
		rope,
		ropeDim
	]]) {
		checkRank("writeLatents", name, x, 2);
		checkDType("writeLatents", name, x, "f32");
		checkDenseRows("writeLatents", name, x);
		checkSize("writeLatents", name, x, 0, metadata.slotMapping.size(0));
		checkSize("writeLatents", name, x, 1, size);
	}
	const inputs = [
		latent,
		rope,
		cache.tensor,
		metadata.slotMapping
	];
	programOf("writeLatents", latent, rope).record("writeLatents", inputs, [], cacheAttributes(cache));
}
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
function mlaAttention(qLatent, qRope, cache, metadata, scale) {
	const { latentDim, ropeDim } = checkCache("mlaAttention", cache);
	for (const [name, q, size] of [[
		"qLatent",
		qLatent,
		latentDim
	], [
		"qRope",
		qRope,
		ropeDim
	]]) {
		checkRank("mlaAttention", name, q, 3);
		checkDType("mlaAttention", name, q, "f32");
		checkDenseRows("mlaAttention", name, q);
		checkSize("mlaAttention", name, q, 0, qLatent.size(0));
		checkSize("mlaAttention", name, q, 1, qLatent.size(1));
		checkSize("mlaAttention", name, q, 2, size);
	}
	const { numSeqs, queryStartLoc, seqLens, blockTable } = metadata;
	const inputs = [
		qLatent,
		qRope,
		cache.tensor,
		numSeqs,
		queryStartLoc,
		seqLens,
		blockTable
	];
	const options = {
		scale,
		slidingWindow: 0,
		attentionChunkSize: 0,
		logitSoftcap: 0,
		sinks: 0,
		alibi: "",
		alibiScale: 1
	};
	const attributes = {
		...cacheAttributes(cache),
		...options
	};
	const output = {
		shape: qLatent.shape,
		dtype: "f32"
	};
	return programOf("mlaAttention", qLatent, qRope).record("mlaAttention", inputs, [output], attributes)[0];
}
function checkCache(op, { spec }) {
	const { latentDim, headDim, numKvHeads } = spec;
	if (latentDim === void 0 || latentDim >= headDim || numKvHeads !== 1) throw new ShapeError(`${op}: the cache must be one of latents (numKvHeads 1, latentDim below headDim), got numKvHeads ${numKvHeads}, latentDim ${latentDim}, headDim ${headDim}`);
	return {
		latentDim,
		ropeDim: headDim - latentDim
	};
}
function cacheAttributes({ spec }) {
	const { headDim, latentDim = 0, blockSize, dtype } = spec;
	return {
		numKvHeads: 1,
		headDim,
		latentDim,
		blockSize,
		cacheDtype: dtype
	};
}
export { writeLatents as n, headLinear as r, mlaAttention as t };
