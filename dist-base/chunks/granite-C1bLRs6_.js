import { a as ParallelLMHead, f as RowParallelLinear, l as QKVParallelLinear, o as VocabParallelEmbedding, r as RMSNorm, y as hfConfig } from "./norm-DyVvi7nN.js";
import { t as Attention } from "./attention-Bj9sAKJL.js";
import { n as Module, t as CausalLM } from "./causal-lm-DFVGEESM.js";
import { t as GatedMLP } from "./gated-mlp-Diu9rZLi.js";
import { t as RotaryEmbedding } from "./rotary-DM0Bgsfh.js";
import { n as activationKinds } from "./activation-BsHeAGxe.js";
import { i as scale, r as add } from "./rms-norm-DGbW-n_s.js";
// src/models/granite.ts
const config = hfConfig((f) => ({
	hiddenSize: f.int(),
	intermediateSize: f.int(),
	numHiddenLayers: f.int(),
	heads: f.heads(),
	rope: f.rope(),
	vocabSize: f.int(),
	hiddenAct: f.oneOf(activationKinds, "silu"),
	rmsNormEps: f.number(1e-6),
	attentionBias: f.boolean(false),
	mlpBias: f.boolean(false),
	embeddingMultiplier: f.number(1),
	attentionMultiplier: f.number(1),
	residualMultiplier: f.number(1),
	logitsScaling: f.number(1),
	tieWordEmbeddings: f.boolean(false)
}));
var GraniteAttention = class extends Module {
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
		scale: this.c.attentionMultiplier
	});
	/** positions [numTokens] i32, x [numTokens, hiddenSize] -> [numTokens, hiddenSize] */
	forward(positions, x) {
		const [q, k, v] = this.qkvProj.forward(x);
		return this.oProj.forward(this.attention.forward(...this.rotaryEmb.forward(positions, q, k), v));
	}
};
var GraniteDecoderLayer = class extends Module {
	inputLayernorm = new RMSNorm(this.at("input_layernorm"), this.config);
	selfAttn = new GraniteAttention(this.at("self_attn"));
	postAttentionLayernorm = new RMSNorm(this.at("post_attention_layernorm"), this.config);
	mlp = new GatedMLP(this.at("mlp"), this.config);
	forward(positions, x) {
		const { residualMultiplier } = this.config;
		x = add(x, scale(this.selfAttn.forward(positions, this.inputLayernorm.forward(x)), residualMultiplier));
		return add(x, scale(this.mlp.forward(this.postAttentionLayernorm.forward(x)), residualMultiplier));
	}
};
var GraniteModel = class extends Module {
	embedTokens = new VocabParallelEmbedding(this.at("embed_tokens"), this.config);
	layers = this.list("layers", this.config.numHiddenLayers, GraniteDecoderLayer);
	norm = new RMSNorm(this.at("norm"), this.config);
	forward({ inputIds, positions }) {
		let x = scale(this.embedTokens.forward(inputIds), this.config.embeddingMultiplier);
		for (const layer of this.layers) x = layer.forward(positions, x);
		return this.norm.forward(x);
	}
};
var GraniteForCausalLM = class extends CausalLM {
	static config = config;
	model = new GraniteModel(this.at("model"));
	lmHead = new ParallelLMHead(this.at("lm_head"), {
		...this.config,
		tiedTo: this.model.embedTokens
	});
	forward(step) {
		return this.model.forward(step);
	}
	computeLogits(rows) {
		return scale(this.lmHead.forward(rows), 1 / this.config.logitsScaling);
	}
};
export { GraniteForCausalLM, config };
