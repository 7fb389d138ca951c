import { a as ParallelLMHead, f as RowParallelLinear, l as QKVParallelLinear, o as VocabParallelEmbedding, r as RMSNorm, y as hfConfig } from "./norm-DyVvi7nN.js";
import { t as Attention } from "./attention-Bj9sAKJL.js";
import { n as Module, t as CausalLM } from "./causal-lm-DFVGEESM.js";
import { t as GatedMLP } from "./gated-mlp-Diu9rZLi.js";
import { t as RotaryEmbedding } from "./rotary-DM0Bgsfh.js";
import { n as activationKinds } from "./activation-BsHeAGxe.js";
import { r as add } from "./rms-norm-DGbW-n_s.js";
import { t as softcap } from "./softcap-DT7Fy2yV.js";
// src/models/gemma2.ts
const config = hfConfig((f) => ({
	hiddenSize: f.int(),
	intermediateSize: f.int(),
	numHiddenLayers: f.int(),
	heads: f.heads({ headDim: 256 }),
	rope: f.rope({ defaultHeadDim: 256 }),
	vocabSize: f.int(),
	hiddenAct: f.oneOf(activationKinds, "gelu_pytorch_tanh", { from: "hidden_activation" }),
	rmsNormEps: f.number(1e-6),
	attentionBias: f.boolean(false),
	queryPreAttnScalar: f.number(256),
	slidingWindows: f.slidingWindows({
		window: 4096,
		pattern: 2
	}),
	attnLogitSoftcapping: f.optionalNumber({ fallback: 50 }),
	finalLogitSoftcapping: f.optionalNumber({ fallback: 30 }),
	useBidirectionalAttention: f.only(false),
	tieWordEmbeddings: f.boolean(true)
}));
/** The checkpoint stores a norm's weights as distances from 1. */
const normOptions = (c) => ({
	...c,
	weightOffset: 1
});
var Gemma2Attention = class extends Module {
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
	rotaryEmb = new RotaryEmbedding(this.at("rotary_emb"), this.c.rope);
	attention;
	constructor(prefix, layer) {
		super(prefix);
		this.attention = new Attention(this.at("attn"), {
			...this.c.heads,
			scale: this.c.queryPreAttnScalar ** -.5,
			slidingWindow: this.c.slidingWindows[layer],
			logitSoftcap: this.c.attnLogitSoftcapping
		});
	}
	/** positions [numTokens] i32, x [numTokens, hiddenSize] -> [numTokens, hiddenSize] */
	forward(positions, x) {
		const [q, k, v] = this.qkvProj.forward(x);
		return this.oProj.forward(this.attention.forward(...this.rotaryEmb.forward(positions, q, k), v));
	}
};
var Gemma2DecoderLayer = class extends Module {
	c = this.config;
	inputLayernorm = new RMSNorm(this.at("input_layernorm"), normOptions(this.c));
	selfAttn;
	postAttentionLayernorm = new RMSNorm(this.at("post_attention_layernorm"), normOptions(this.c));
	preFeedforwardLayernorm = new RMSNorm(this.at("pre_feedforward_layernorm"), normOptions(this.c));
	mlp = new GatedMLP(this.at("mlp"), this.c);
	postFeedforwardLayernorm = new RMSNorm(this.at("post_feedforward_layernorm"), normOptions(this.c));
	constructor(prefix, layer) {
		super(prefix);
		this.selfAttn = new Gemma2Attention(this.at("self_attn"), layer);
	}
	/** Norms stand before and after each block. */
	forward(positions, x) {
		const attended = this.selfAttn.forward(positions, this.inputLayernorm.forward(x));
		x = add(x, this.postAttentionLayernorm.forward(attended));
		const fed = this.mlp.forward(this.preFeedforwardLayernorm.forward(x));
		return add(x, this.postFeedforwardLayernorm.forward(fed));
	}
};
var Gemma2Model = class extends Module {
	embedTokens = new VocabParallelEmbedding(this.at("embed_tokens"), {
		...this.config,
		embedScale: this.config.hiddenSize ** .5
	});
	layers = this.list("layers", this.config.numHiddenLayers, Gemma2DecoderLayer);
	norm = new RMSNorm(this.at("norm"), normOptions(this.config));
	forward({ inputIds, positions }) {
		let x = this.embedTokens.forward(inputIds);
		for (const layer of this.layers) x = layer.forward(positions, x);
		return this.norm.forward(x);
	}
};
var Gemma2ForCausalLM = class extends CausalLM {
	static config = config;
	model = new Gemma2Model(this.at("model"));
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
export { Gemma2ForCausalLM, config };
