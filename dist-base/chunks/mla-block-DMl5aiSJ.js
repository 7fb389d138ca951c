import { r as ConfigError } from "./errors-CjlPyKrT.js";
import { f as RowParallelLinear, g as kvCacheOf, m as declareKVCache, r as RMSNorm, s as ColumnParallelLinear, u as ReplicatedLinear } from "./norm-DyVvi7nN.js";
import { n as writeLatents, r as headLinear, t as mlaAttention } from "./mla-attention-Ick0Nbyq.js";
import { c as shardRange, i as checkNumber, n as Module, o as checkSizes, r as Source } from "./causal-lm-DFVGEESM.js";
import { t as RotaryEmbedding } from "./rotary-DM0Bgsfh.js";
// src/layers/mla-attention.ts
/** Attention over cached latents: DeepSeek's multi-head latent attention behind its first projections. */
/**
* Causal attention whose cache holds a latent and a rotated key part a token, for all heads. The projection from latents to keys and
* values, `kv_b_proj` beside this module, is never applied to the cache: its key half goes to the queries, its value half to the
* result, in prefill and decoding alike, so results are the same bits in any batch. It stays in the model's dtype.
* Works on this rank's heads; the cache is whole on every rank. Source: DeepSeek-V2, section 2.1; vLLM MLAAttention.
*/
var MLAAttention = class extends Module {
	scale;
	keyWeight;
	valueWeight;
	constructor(prefix, options) {
		super(prefix);
		const { numHeads, kvLoraRank, qkNopeHeadDim, qkRopeHeadDim, vHeadDim } = options;
		checkSizes(prefix, {
			numHeads,
			kvLoraRank,
			qkNopeHeadDim,
			qkRopeHeadDim,
			vHeadDim
		});
		checkNumber(prefix, "scale", options.scale);
		this.scale = options.scale;
		const { start, count } = shardRange(`${prefix.name}: attention heads`, numHeads, prefix.context.parallel);
		const name = prefix.sibling("kv_b_proj");
		const perHead = qkNopeHeadDim + vHeadDim;
		const whole = new Source(`${name}.weight`, [numHeads * perHead, kvLoraRank]);
		const declare = (part, outputSize, inputSize, source) => prefix.context.parameters.declare({
			name: `${name}.${part}`,
			shape: [
				count,
				outputSize,
				inputSize
			],
			dtype: prefix.context.dtype,
			layout: "matrix",
			parts: Array.from({ length: count }, (_, i) => ({
				source: source((start + i) * perHead),
				rowStart: i * outputSize,
				rowCount: outputSize
			}))
		});
		this.keyWeight = declare("key_weight", kvLoraRank, qkNopeHeadDim, (row) => whole.rows(row, qkNopeHeadDim).transpose());
		this.valueWeight = declare("value_weight", vHeadDim, kvLoraRank, (row) => whole.rows(row + qkNopeHeadDim, vHeadDim));
		declareKVCache(prefix, {
			numKvHeads: 1,
			headDim: kvLoraRank + qkRopeHeadDim,
			latentDim: kvLoraRank
		});
	}
	/**
	* Writes the step's latents into the cache, then attends.
	*
	* @param qNope  [numTokens, heads, qkNopeHeadDim] f32 of this rank
	* @param qRope  [numTokens, heads, qkRopeHeadDim] f32, rotated
	* @param latent [numTokens, kvLoraRank] f32, normed
	* @param kRope  [numTokens, 1, qkRopeHeadDim] f32, rotated
	* @returns [numTokens, heads * vHeadDim] f32
	*/
	forward(qNope, qRope, latent, kRope) {
		const { cache, metadata } = kvCacheOf(this.prefix, qNope);
		writeLatents(latent, kRope.flattenInner(), cache, metadata);
		const latents = mlaAttention(headLinear(qNope, this.keyWeight), qRope, cache, metadata, this.scale);
		return headLinear(latents, this.valueWeight).flattenInner();
	}
};
// src/layers/mla-block.ts
/** Epsilon of the norms of latents: HF's and DeepSeek's modules do not take rms_norm_eps here. */
const latentNormEps = 1e-6;
/**
* Names in the checkpoint: q_proj, or q_a_proj, q_a_layernorm and q_b_proj; kv_a_proj_with_mqa, kv_a_layernorm, kv_b_proj, o_proj.
* Source: HF DeepseekV2Attention, DeepseekV3Attention.
*/
var MLABlock = class extends Module {
	options;
	heads;
	project;
	kvAProj;
	kvANorm;
	rotaryEmb;
	attention;
	oProj;
	constructor(prefix, options) {
		super(prefix);
		const { numKeyValueHeads = options.numAttentionHeads } = options;
		if (numKeyValueHeads !== options.numAttentionHeads) throw new ConfigError(`${prefix.name}: num_key_value_heads must be num_attention_heads (${options.numAttentionHeads}), got ${numKeyValueHeads}; latent attention has no groups of heads`);
		this.options = options;
		const { hiddenSize, numAttentionHeads, kvLoraRank, qkNopeHeadDim, qkRopeHeadDim, vHeadDim, rope } = options;
		const bias = options.attentionBias;
		const qkHeadDim = qkNopeHeadDim + qkRopeHeadDim;
		this.heads = numAttentionHeads / prefix.context.parallel.worldSize;
		this.project = this.queryProjection(numAttentionHeads * qkHeadDim);
		this.kvAProj = new ReplicatedLinear(this.at("kv_a_proj_with_mqa"), {
			inputSize: hiddenSize,
			outputSize: kvLoraRank + qkRopeHeadDim,
			bias
		});
		this.kvANorm = new RMSNorm(this.at("kv_a_layernorm"), {
			hiddenSize: kvLoraRank,
			rmsNormEps: latentNormEps
		});
		this.rotaryEmb = new RotaryEmbedding(this.at("rotary_emb"), rope, { style: options.ropeStyle });
		this.attention = new MLAAttention(this.at("attn"), {
			numHeads: numAttentionHeads,
			kvLoraRank,
			qkNopeHeadDim,
			qkRopeHeadDim,
			vHeadDim,
			scale: qkHeadDim ** -.5 * softmaxFactor(rope)
		});
		this.oProj = new RowParallelLinear(this.at("o_proj"), {
			inputSize: numAttentionHeads * vHeadDim,
			outputSize: hiddenSize,
			bias
		});
	}
	/** positions [numTokens] i32, x [numTokens, hiddenSize] f32 -> [numTokens, hiddenSize] f32 */
	forward(positions, x) {
		const { kvLoraRank, qkNopeHeadDim, qkRopeHeadDim } = this.options;
		const q = this.project(x).splitLast(this.heads, qkNopeHeadDim + qkRopeHeadDim);
		const kv = this.kvAProj.forward(x);
		const latent = this.kvANorm.forward(kv.columns(0, kvLoraRank));
		const kRope = kv.columns(kvLoraRank, qkRopeHeadDim).splitLast(1, qkRopeHeadDim);
		const rotated = this.rotaryEmb.forward(positions, q.columns(qkNopeHeadDim, qkRopeHeadDim), kRope);
		return this.oProj.forward(this.attention.forward(q.columns(0, qkNopeHeadDim), rotated[0], latent, rotated[1]));
	}
	queryProjection(outputSize) {
		const { hiddenSize, qLoraRank, attentionBias: bias } = this.options;
		if (qLoraRank === void 0) {
			const proj = new ColumnParallelLinear(this.at("q_proj"), {
				inputSize: hiddenSize,
				outputSize
			});
			return (x) => proj.forward(x);
		}
		const aProj = new ReplicatedLinear(this.at("q_a_proj"), {
			inputSize: hiddenSize,
			outputSize: qLoraRank,
			bias
		});
		const norm = new RMSNorm(this.at("q_a_layernorm"), {
			hiddenSize: qLoraRank,
			rmsNormEps: latentNormEps
		});
		const bProj = new ColumnParallelLinear(this.at("q_b_proj"), {
			inputSize: qLoraRank,
			outputSize
		});
		return (x) => bProj.forward(norm.forward(aProj.forward(x)));
	}
};
/** mscale_all_dim squared: with stretched positions, products are scaled instead of queries and keys. HF yarn_apply_mscale. */
function softmaxFactor({ ropeType, factor, mscaleAllDim }) {
	if (ropeType === "default" || !mscaleAllDim || factor <= 1) return 1;
	return (.1 * mscaleAllDim * Math.log(factor) + 1) ** 2;
}
export { MLAAttention as n, MLABlock as t };
