import { a as ParallelLMHead, f as RowParallelLinear, l as QKVParallelLinear, o as VocabParallelEmbedding, r as RMSNorm, y as hfConfig } from "./norm-DyVvi7nN.js";
import { t as Attention } from "./attention-Bj9sAKJL.js";
import { n as Module, t as CausalLM } from "./causal-lm-DFVGEESM.js";
import { t as GatedMLP } from "./gated-mlp-Diu9rZLi.js";
import { t as RotaryEmbedding } from "./rotary-DM0Bgsfh.js";
import { n as activationKinds } from "./activation-BsHeAGxe.js";
import { r as add } from "./rms-norm-DGbW-n_s.js";
// src/models/olmo2.ts
const olmo2Fields = (f) => ({
	hiddenSize: f.int(),
	intermediateSize: f.int(),
	numHiddenLayers: f.int(),
	heads: f.heads(),
	vocabSize: f.int(),
	hiddenAct: f.oneOf(activationKinds, "silu"),
	rmsNormEps: f.number(1e-5),
	attentionBias: f.boolean(false),
	tieWordEmbeddings: f.boolean(false)
});
const config = hfConfig((f) => ({
	...olmo2Fields(f),
	rope: f.rope()
}));
/** OLMo 3 has windows on most layers; rope_scaling is for the others. */
const olmo3Config = hfConfig((f) => ({
	...olmo2Fields(f),
	rope: f.rope({
		layerType: "full_attention",
		theta: 5e5
	}),
	localRope: f.rope({
		layerType: "sliding_attention",
		theta: 5e5,
		scaled: false
	}),
	slidingWindows: f.slidingWindows({
		window: 4096,
		pattern: 4
	})
}));
var Olmo2Attention = class extends Module {
	c = this.config;
	kvSize = this.c.heads.numKvHeads * this.c.heads.headDim;
	qkvProj = new QKVParallelLinear(this.at("qkv_proj"), {
		inputSize: this.c.hiddenSize,
		...this.c.heads,
		bias: this.c.attentionBias
	});
	oProj = new RowParallelLinear(this.at("o_proj"), {
		inputSize: this.c.heads.size,
		outputSize: this.c.hiddenSize,
		bias: this.c.attentionBias
	});
	qNorm = new RMSNorm(this.at("q_norm"), {
		...this.c,
		hiddenSize: this.c.heads.size
	});
	kNorm = new RMSNorm(this.at("k_norm"), {
		...this.c,
		hiddenSize: this.kvSize
	});
	rotaryEmb;
	attention;
	constructor(prefix, layer) {
		super(prefix);
		const { heads, rope, localRope = rope } = this.c;
		const slidingWindow = this.c.slidingWindows?.[layer];
		this.rotaryEmb = new RotaryEmbedding(this.at("rotary_emb"), slidingWindow ? localRope : rope);
		this.attention = new Attention(this.at("attn"), {
			...heads,
			scale: heads.headDim ** -.5,
			slidingWindow
		});
	}
	/** positions [numTokens] i32, x [numTokens, hiddenSize] -> [numTokens, hiddenSize] */
	forward(positions, x) {
		const [q, k, v] = this.qkvProj.forward(x);
		const rotated = this.rotaryEmb.forward(positions, normOfAll(this.qNorm, q), normOfAll(this.kNorm, k));
		return this.oProj.forward(this.attention.forward(...rotated, v));
	}
};
/** One norm over all heads of a token; x and result are [numTokens, heads, headDim]. */
function normOfAll(norm, x) {
	return norm.forward(x.flattenInner()).splitLast(x.size(1), x.size(2));
}
var Olmo2DecoderLayer = class extends Module {
	selfAttn;
	postAttentionLayernorm = new RMSNorm(this.at("post_attention_layernorm"), this.config);
	mlp = new GatedMLP(this.at("mlp"), this.config);
	postFeedforwardLayernorm = new RMSNorm(this.at("post_feedforward_layernorm"), this.config);
	constructor(prefix, layer) {
		super(prefix);
		this.selfAttn = new Olmo2Attention(this.at("self_attn"), layer);
	}
	/** Norms stand after each block. */
	forward(positions, x) {
		x = add(x, this.postAttentionLayernorm.forward(this.selfAttn.forward(positions, x)));
		return add(x, this.postFeedforwardLayernorm.forward(this.mlp.forward(x)));
	}
};
var Olmo2Model = class extends Module {
	embedTokens = new VocabParallelEmbedding(this.at("embed_tokens"), this.config);
	layers = this.list("layers", this.config.numHiddenLayers, Olmo2DecoderLayer);
	norm = new RMSNorm(this.at("norm"), this.config);
	forward({ inputIds, positions }) {
		let x = this.embedTokens.forward(inputIds);
		for (const layer of this.layers) x = layer.forward(positions, x);
		return this.norm.forward(x);
	}
};
var Olmo2ForCausalLM = class extends CausalLM {
	static config = config;
	model = new Olmo2Model(this.at("model"));
	lmHead = new ParallelLMHead(this.at("lm_head"), {
		...this.config,
		tiedTo: this.model.embedTokens
	});
	forward(step) {
		return this.model.forward(step);
	}
	computeLogits(rows) {
		return this.lmHead.forward(rows);
	}
};
var Olmo3ForCausalLM = class extends Olmo2ForCausalLM {
	static config = olmo3Config;
};
export { Olmo2ForCausalLM, Olmo3ForCausalLM, config, olmo3Config };
