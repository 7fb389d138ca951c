import { a as ParallelLMHead, f as RowParallelLinear, l as QKVParallelLinear, o as VocabParallelEmbedding, r as RMSNorm, y as hfConfig } from "./norm-DyVvi7nN.js";
import { t as Attention } from "./attention-Bj9sAKJL.js";
import { n as Module, t as CausalLM } from "./causal-lm-DFVGEESM.js";
import { t as GatedMLP } from "./gated-mlp-Diu9rZLi.js";
import { t as RotaryEmbedding } from "./rotary-DM0Bgsfh.js";
import { n as activationKinds } from "./activation-BsHeAGxe.js";
import { r as add } from "./rms-norm-DGbW-n_s.js";
import { t as softcap } from "./softcap-DT7Fy2yV.js";
// src/models/gemma3.ts
const config = hfConfig((f) => ({
	hiddenSize: f.int(),
	intermediateSize: f.int(),
	numHiddenLayers: f.int(),
	heads: f.heads({ headDim: 256 }),
	rope: f.rope({
		layerType: "full_attention",
		theta: 1e6,
		defaultHeadDim: 256
	}),
	localRope: f.rope({
		layerType: "sliding_attention",
		theta: 1e4,
		thetaFrom: ["rope_local_base_freq"],
		scaled: false,
		defaultHeadDim: 256
	}),
	vocabSize: f.int(),
	hiddenAct: f.oneOf(activationKinds, "gelu_pytorch_tanh", { from: "hidden_activation" }),
	rmsNormEps: f.number(1e-6),
	attentionBias: f.boolean(false),
	queryPreAttnScalar: f.number(256),
	slidingWindows: f.slidingWindows({
		window: 4096,
		pattern: 6
	}),
	finalLogitSoftcapping: f.optionalNumber(),
	useBidirectionalAttention: f.only(false),
	tieWordEmbeddings: f.boolean(true)
}));
/** The checkpoint stores a norm's weights as distances from 1. */
const normOptions = (c) => ({
	...c,
	weightOffset: 1
});
var Gemma3Attention = class extends Module {
	c = this.config;
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
		...normOptions(this.c),
		hiddenSize: this.c.heads.headDim
	});
	kNorm = new RMSNorm(this.at("k_norm"), {
		...normOptions(this.c),
		hiddenSize: this.c.heads.headDim
	});
	rotaryEmb;
	attention;
	constructor(prefix, layer) {
		super(prefix);
		const slidingWindow = this.c.slidingWindows[layer];
		this.rotaryEmb = new RotaryEmbedding(this.at("rotary_emb"), slidingWindow ? this.c.localRope : this.c.rope);
		this.attention = new Attention(this.at("attn"), {
			...this.c.heads,
			scale: this.c.queryPreAttnScalar ** -.5,
			slidingWindow
		});
	}
	/** positions [numTokens] i32, x [numTokens, hiddenSize] -> [numTokens, hiddenSize] */
	forward(positions, x) {
		const [q, k, v] = this.qkvProj.forward(x);
		const rotated = this.rotaryEmb.forward(positions, this.qNorm.forward(q), this.kNorm.forward(k));
		return this.oProj.forward(this.attention.forward(...rotated, v));
	}
};
var Gemma3DecoderLayer = class extends Module {
	c = this.config;
	inputLayernorm = new RMSNorm(this.at("input_layernorm"), normOptions(this.c));
	selfAttn;
	postAttentionLayernorm = new RMSNorm(this.at("post_attention_layernorm"), normOptions(this.c));
	preFeedforwardLayernorm = new RMSNorm(this.at("pre_feedforward_layernorm"), normOptions(this.c));
	mlp = new GatedMLP(this.at("mlp"), this.c);
	postFeedforwardLayernorm = new RMSNorm(this.at("post_feedforward_layernorm"), normOptions(this.c));
	constructor(prefix, layer) {
		super(prefix);
		this.selfAttn = new Gemma3Attention(this.at("self_attn"), layer);
	}
	/** Norms stand before and after each block. */
	forward(positions, x) {
		const attended = this.selfAttn.forward(positions, this.inputLayernorm.forward(x));
		x = add(x, this.postAttentionLayernorm.forward(attended));
		const fed = this.mlp.forward(this.preFeedforwardLayernorm.forward(x));
		return add(x, this.postFeedforwardLayernorm.forward(fed));
	}
};
var Gemma3Model = class extends Module {
	embedTokens = new VocabParallelEmbedding(this.at("embed_tokens"), {
		...this.config,
		embedScale: this.config.hiddenSize ** .5
	});
	layers = this.list("layers", this.config.numHiddenLayers, Gemma3DecoderLayer);
	norm = new RMSNorm(this.at("norm"), normOptions(this.config));
	forward({ inputIds, positions }) {
		let x = this.embedTokens.forward(inputIds);
		for (const layer of this.layers) x = layer.forward(positions, x);
		return this.norm.forward(x);
	}
};
var Gemma3ForCausalLM = class extends CausalLM {
	static config = config;
	model = new Gemma3Model(this.at("model"));
	lmHead = new ParallelLMHead(this.at("lm_head"), {
		...this.config,
		tiedTo: this.model.embedTokens
	});
	forward(step) {
		return this.model.forward(step);
	}
	computeLogits(rows) {
		const logits = this.lmHead.forward(rows);
		const { finalLogitSoftcapping } = this.config;
		return finalLogitSoftcapping === void 0 ? logits : softcap(logits, finalLogitSoftcapping);
	}
};
export { Gemma3ForCausalLM, config };
