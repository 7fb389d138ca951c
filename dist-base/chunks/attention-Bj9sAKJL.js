import { n as writeKVCache, t as pagedAttention } from "./attention-C4lxNQM-.js";
import { i as checkNumber, n as Module, o as checkSizes, r as Source } from "./causal-lm-DFVGEESM.js";
import { g as kvCacheOf, m as declareKVCache, p as rankHeads } from "./norm-DyVvi7nN.js";
// src/layers/alibi-slopes.ts
/** Slopes of ALiBi's linear biases. */
/**
* One slope a head: for n = 2^k heads the powers 1 .. n of 2^(-8 / n); for other counts those of the largest 2^k below, then every
* other one of 2^(k + 1) heads. Source: Press et al. 2022 and its published code; HF build_alibi_tensor.
*
* @param numHeads of the whole model
* @returns [numHeads] f32
*/
function alibiSlopes(numHeads) {
	const whole = 2 ** Math.floor(Math.log2(numHeads));
	const base = (heads) => Math.fround(2 ** -(2 ** -(Math.log2(heads) - 3)));
	return Float32Array.from({ length: numHeads }, (_, i) => i < whole ? base(whole) ** (i + 1) : base(2 * whole) ** (2 * (i - whole) + 1));
}
// src/layers/attention.ts
/** Causal self-attention with grouped KV heads. Takes whole-model head counts; works on this rank's. */
var Attention = class extends Module {
	options;
	constructor(prefix, options) {
		super(prefix);
		const { scale, slidingWindow = 0, attentionChunkSize = 0, logitSoftcap = 0 } = options;
		checkNumber(prefix, "scale", scale);
		checkNumber(prefix, "logitSoftcap", logitSoftcap);
		for (const [name, size] of Object.entries({
			slidingWindow,
			attentionChunkSize
		})) if (size !== 0) checkSizes(prefix, { [name]: size });
		const { numKvHeads, headDim, q } = rankHeads(prefix, options);
		const sinks = options.sinks ? declareSinks(prefix, options.sinks, options.numHeads, q) : void 0;
		const alibi = options.alibi ? alibiOf(prefix, options.alibi === true ? {} : options.alibi, options.numHeads, q) : void 0;
		this.options = {
			scale,
			slidingWindow,
			attentionChunkSize,
			logitSoftcap,
			sinks,
			alibi
		};
		declareKVCache(prefix, {
			numKvHeads,
			headDim
		}, {
			slidingWindow,
			attentionChunkSize
		});
	}
	/**
	* Writes k and v into the cache, then attends.
	*
	* @param q [numTokens, heads, headDim] f32 of this rank @param k, v [numTokens, kvHeads, headDim] f32
	* @returns [numTokens, heads * headDim] f32
	*/
	forward(q, k, v) {
		const { cache, metadata } = kvCacheOf(this.prefix, q);
		writeKVCache(k, v, cache, metadata);
		return pagedAttention(q, cache, metadata, this.options);
	}
};
/** This rank's part of a parameter with one number a head. */
function declareSinks(prefix, sibling, numHeads, { start, count }) {
	const name = prefix.sibling(sibling);
	const parts = [{
		source: new Source(name, [numHeads]).rows(start, count),
		rowStart: 0,
		rowCount: count
	}];
	return prefix.context.parameters.declare({
		name,
		shape: [count],
		dtype: "f32",
		layout: "rowMajor",
		parts
	});
}
function alibiOf(prefix, options, numHeads, { start, count }) {
	return {
		slopes: prefix.context.parameters.constant(`alibi.${numHeads}.${start}.${count}`, [count], () => alibiSlopes(numHeads).slice(start, start + count)),
		...options
	};
}
export { Attention as t };
