import { a as ParallelLMHead, f as RowParallelLinear, l as QKVParallelLinear, o as VocabParallelEmbedding, r as RMSNorm, y as hfConfig } from "./norm-DyVvi7nN.js";
import { t as Attention } from "./attention-Bj9sAKJL.js";
import { n as Module, t as CausalLM } from "./causal-lm-DFVGEESM.js";
import { t as GatedMLP } from "./gated-mlp-Diu9rZLi.js";
import { t as RotaryEmbedding } from "./rotary-DM0Bgsfh.js";
import { n as activationKinds } from "./activation-BsHeAGxe.js";
import { r as add } from "./rms-norm-DGbW-n_s.js";
// src/models/gemma.ts
const config = hfConfig((f) => ({
	hiddenSize: f.int(),
	intermediateSize: f.int(),
	numHiddenLayers: f.int(),
	heads: f.heads({ headDim: 256 }),
	rope: f.rope({ defaultHeadDim: 256 }),
	vocabSize: f.int(),
	hiddenAct: f.oneOf(activationKinds, "gelu_pytorch_tanh"),
	rmsNormEps: f.number(1e-6),
	attentionBias: f.boolean(false),
	useBidirectionalAttention: f.only(false),
	tieWordEmbeddings: f.boolean(true)
}));
/** The checkpoint stores a norm's weights as distances from 1. */
const normOptions = (c) => ({
	...c,
	weightOffset: 1
});
var GemmaAttention = class extends Module {
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
	attention = new Attention(this.at("attn"), {
		...this.c.heads,
		scale: this.c.heads.headDim ** -.5
	});
	/** positions [numTokens] i32, x [numTokens, hiddenSize] -> [numTokens, hiddenSize] */
	forward(positions, x) {
		const [q, k, v] = this.qkvProj.forward(x);
		return this.oProj.forward(this.attention.forward(...this.rotaryEmb.forward(positions, q, k), v));
	}
};
var GemmaDecoderLayer = class extends Module {
	c = this.config;
	inputLayernorm = new RMSNorm(this.at("input_layernorm"), normOptions(this.c));
	selfAttn = new GemmaAttention(this.at("self_attn"));
	postAttentionLayernorm = new RMSNorm(this.at("post_attention_layernorm"), normOptions(this.c));
	mlp = new GatedMLP(this.at("mlp"), {
		...this.c,
		hiddenAct: this.c.hiddenAct === "gelu" ? "gelu_pytorch_tanh" : this.c.hiddenAct
	});
	forward(positions, x) {
		x = add(x, this.selfAttn.forward(positions, this.inputLayernorm.forward(x)));
		return add(x, this.mlp.forward(this.postAttentionLayernorm.forward(x)));
	}
};
var GemmaModel = class extends Module {
	embedTokens = new VocabParallelEmbedding(this.at("embed_tokens"), {
		...this.config,
		embedScale: this.config.hiddenSize ** .5
	});
	layers = this.list("layers", this.config.numHiddenLayers, GemmaDecoderLayer);
	norm = new RMSNorm(this.at("norm"), normOptions(this.config));
	forward({ inputIds, positions }) {
		let x = this.embedTokens.forward(inputIds);
		for (const layer of this.layers) x = layer.forward(positions, x);
		return this.norm.forward(x);
	}
};
var GemmaForCausalLM = class extends CausalLM {
	static config = config;
	model = new GemmaModel(this.at("model"));
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
export { GemmaForCausalLM, config };
