import { a as ParallelLMHead, f as RowParallelLinear, l as QKVParallelLinear, n as LayerNorm, o as VocabParallelEmbedding, y as hfConfig } from "./norm-DyVvi7nN.js";
import { t as Attention } from "./attention-Bj9sAKJL.js";
import { n as Module, t as CausalLM } from "./causal-lm-DFVGEESM.js";
import { t as MLP } from "./mlp-CccJnq-2.js";
import { t as RotaryEmbedding } from "./rotary-DM0Bgsfh.js";
import { n as activationKinds } from "./activation-BsHeAGxe.js";
import { r as add } from "./rms-norm-DGbW-n_s.js";
// src/models/starcoder2.ts
const config = hfConfig((f) => ({
	hiddenSize: f.int(),
	intermediateSize: f.int(),
	numHiddenLayers: f.int(),
	heads: f.heads(),
	rope: f.rope(),
	vocabSize: f.int(),
	hiddenAct: f.oneOf(activationKinds, "gelu_pytorch_tanh"),
	normEpsilon: f.number(1e-5),
	normType: f.only("layer_norm"),
	mlpType: f.only("default"),
	useBias: f.boolean(true),
	slidingWindow: f.optionalInt(),
	tieWordEmbeddings: f.boolean(true)
}));
const normOptions = (c) => ({
	hiddenSize: c.hiddenSize,
	eps: c.normEpsilon
});
var Starcoder2Attention = class extends Module {
	c = this.config;
	qkvProj = new QKVParallelLinear(this.at("qkv_proj"), {
		inputSize: this.c.hiddenSize,
		...this.c.heads,
		bias: this.c.useBias
	});
	oProj = new RowParallelLinear(this.at("o_proj"), {
		inputSize: this.c.heads.size,
		outputSize: this.c.hiddenSize,
		bias: this.c.useBias
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
var Starcoder2DecoderLayer = class extends Module {
	selfAttn = new Starcoder2Attention(this.at("self_attn"));
	mlp = new MLP(this.at("mlp"), {
		...this.config,
		names: ["c_fc", "c_proj"],
		bias: this.config.useBias
	});
	inputLayernorm = new LayerNorm(this.at("input_layernorm"), normOptions(this.config));
	postAttentionLayernorm = new LayerNorm(this.at("post_attention_layernorm"), normOptions(this.config));
	forward(positions, x) {
		x = add(x, this.selfAttn.forward(positions, this.inputLayernorm.forward(x)));
		return add(x, this.mlp.forward(this.postAttentionLayernorm.forward(x)));
	}
};
var Starcoder2Model = class extends Module {
	embedTokens = new VocabParallelEmbedding(this.at("embed_tokens"), this.config);
	layers = this.list("layers", this.config.numHiddenLayers, Starcoder2DecoderLayer);
	norm = new LayerNorm(this.at("norm"), normOptions(this.config));
	forward({ inputIds, positions }) {
		let x = this.embedTokens.forward(inputIds);
		for (const layer of this.layers) x = layer.forward(positions, x);
		return this.norm.forward(x);
	}
};
var Starcoder2ForCausalLM = class extends CausalLM {
	static config = config;
	model = new Starcoder2Model(this.at("model"));
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
export { Starcoder2ForCausalLM, config };
