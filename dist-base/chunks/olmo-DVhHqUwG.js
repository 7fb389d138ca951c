import { a as ParallelLMHead, f as RowParallelLinear, l as QKVParallelLinear, n as LayerNorm, o as VocabParallelEmbedding, y as hfConfig } from "./norm-DyVvi7nN.js";
import { t as Attention } from "./attention-Bj9sAKJL.js";
import { n as Module, t as CausalLM } from "./causal-lm-DFVGEESM.js";
import { t as GatedMLP } from "./gated-mlp-Diu9rZLi.js";
import { t as RotaryEmbedding } from "./rotary-DM0Bgsfh.js";
import { n as activationKinds } from "./activation-BsHeAGxe.js";
import { r as add } from "./rms-norm-DGbW-n_s.js";
import { t as clamp } from "./clamp-C8QnX9rm.js";
// src/models/olmo.ts
const config = hfConfig((f) => ({
	hiddenSize: f.int(),
	intermediateSize: f.int(),
	numHiddenLayers: f.int(),
	heads: f.heads(),
	rope: f.rope(),
	vocabSize: f.int(),
	hiddenAct: f.oneOf(activationKinds, "silu"),
	attentionBias: f.boolean(false),
	clipQkv: f.optionalNumber(),
	tieWordEmbeddings: f.boolean(false)
}));
/** No weight, no bias; HF has this eps in its code. */
const normOptions = (c) => ({
	hiddenSize: c.hiddenSize,
	eps: 1e-5,
	affine: false
});
var OlmoAttention = class extends Module {
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
		const [q, k, v] = this.qkvProj.forward(x).map((part) => this.clip(part));
		return this.oProj.forward(this.attention.forward(...this.rotaryEmb.forward(positions, q, k), v));
	}
	clip(x) {
		return this.c.clipQkv === void 0 ? x : clamp(x, -this.c.clipQkv, this.c.clipQkv);
	}
};
var OlmoDecoderLayer = class extends Module {
	inputLayernorm = new LayerNorm(this.at("input_layernorm"), normOptions(this.config));
	selfAttn = new OlmoAttention(this.at("self_attn"));
	postAttentionLayernorm = new LayerNorm(this.at("post_attention_layernorm"), normOptions(this.config));
	mlp = new GatedMLP(this.at("mlp"), this.config);
	forward(positions, x) {
		x = add(x, this.selfAttn.forward(positions, this.inputLayernorm.forward(x)));
		return add(x, this.mlp.forward(this.postAttentionLayernorm.forward(x)));
	}
};
var OlmoModel = class extends Module {
	embedTokens = new VocabParallelEmbedding(this.at("embed_tokens"), this.config);
	layers = this.list("layers", this.config.numHiddenLayers, OlmoDecoderLayer);
	norm = new LayerNorm(this.at("norm"), normOptions(this.config));
	forward({ inputIds, positions }) {
		let x = this.embedTokens.forward(inputIds);
		for (const layer of this.layers) x = layer.forward(positions, x);
		return this.norm.forward(x);
	}
};
var OlmoForCausalLM = class extends CausalLM {
	static config = config;
	model = new OlmoModel(this.at("model"));
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
export { OlmoForCausalLM, config };
