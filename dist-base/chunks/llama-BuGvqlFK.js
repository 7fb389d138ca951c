import { a as ParallelLMHead, f as RowParallelLinear, l as QKVParallelLinear, o as VocabParallelEmbedding, r as RMSNorm, y as hfConfig } from "./norm-DyVvi7nN.js";
import { t as Attention } from "./attention-Bj9sAKJL.js";
import { n as Module, t as CausalLM } from "./causal-lm-DFVGEESM.js";
import { t as GatedMLP } from "./gated-mlp-Diu9rZLi.js";
import { t as RotaryEmbedding } from "./rotary-DM0Bgsfh.js";
import { n as activationKinds } from "./activation-BsHeAGxe.js";
import { r as add } from "./rms-norm-DGbW-n_s.js";
// src/models/llama.ts
const llamaFields = (f) => ({
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
	tieWordEmbeddings: f.boolean(false)
});
const config = hfConfig(llamaFields);
const mistralConfig = hfConfig((f) => ({
	...llamaFields(f),
	slidingWindow: f.optionalInt({ fallback: 4096 })
}));
var LlamaAttention = class extends Module {
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
		scale: this.c.heads.headDim ** -.5,
		slidingWindow: this.c.slidingWindow
	});
	/** positions [numTokens] i32, x [numTokens, hiddenSize] -> [numTokens, hiddenSize] */
	forward(positions, x) {
		const [q, k, v] = this.qkvProj.forward(x);
		return this.oProj.forward(this.attention.forward(...this.rotaryEmb.forward(positions, q, k), v));
	}
};
var LlamaDecoderLayer = class extends Module {
	inputLayernorm = new RMSNorm(this.at("input_layernorm"), this.config);
	selfAttn = new LlamaAttention(this.at("self_attn"));
	postAttentionLayernorm = new RMSNorm(this.at("post_attention_layernorm"), this.config);
	mlp = new GatedMLP(this.at("mlp"), this.config);
	forward(positions, x) {
		x = add(x, this.selfAttn.forward(positions, this.inputLayernorm.forward(x)));
		return add(x, this.mlp.forward(this.postAttentionLayernorm.forward(x)));
	}
};
var LlamaModel = class extends Module {
	embedTokens = new VocabParallelEmbedding(this.at("embed_tokens"), this.config);
	layers = this.list("layers", this.config.numHiddenLayers, LlamaDecoderLayer);
	norm = new RMSNorm(this.at("norm"), this.config);
	forward({ inputIds, positions }) {
		let x = this.embedTokens.forward(inputIds);
		for (const layer of this.layers) x = layer.forward(positions, x);
		return this.norm.forward(x);
	}
};
var LlamaForCausalLM = class extends CausalLM {
	static config = config;
	model = new LlamaModel(this.at("model"));
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
/** Mistral is Llama with a sliding window. */
var MistralForCausalLM = class extends LlamaForCausalLM {
	static config = mistralConfig;
};
/** The name in some of the first conversions of Llama 1. */
var LLaMAForCausalLM = class extends LlamaForCausalLM {};
export { LLaMAForCausalLM, LlamaForCausalLM, MistralForCausalLM, config, mistralConfig };
