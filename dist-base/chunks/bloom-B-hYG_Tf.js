import { a as ParallelLMHead, f as RowParallelLinear, l as QKVParallelLinear, n as LayerNorm, o as VocabParallelEmbedding, y as hfConfig } from "./norm-DyVvi7nN.js";
import { t as Attention } from "./attention-Bj9sAKJL.js";
import { n as Module, t as CausalLM } from "./causal-lm-DFVGEESM.js";
import { t as MLP } from "./mlp-CccJnq-2.js";
import { r as add } from "./rms-norm-DGbW-n_s.js";
// src/models/bloom.ts
const config = hfConfig((f) => ({
	hiddenSize: f.int(void 0, { from: ["hidden_size", "n_embed"] }),
	numHiddenLayers: f.int(void 0, { from: ["n_layer", "num_hidden_layers"] }),
	heads: f.heads(),
	vocabSize: f.int(),
	layerNormEpsilon: f.number(1e-5),
	applyResidualConnectionPostLayernorm: f.boolean(false),
	slowButExact: f.only(false),
	tieWordEmbeddings: f.boolean(true)
}));
const normOptions = (c) => ({
	hiddenSize: c.hiddenSize,
	eps: c.layerNormEpsilon
});
var BloomAttention = class extends Module {
	c = this.config;
	queryKeyValue = new QKVParallelLinear(this.at("query_key_value"), {
		inputSize: this.c.hiddenSize,
		...this.c.heads,
		bias: true,
		fused: "grouped"
	});
	dense = new RowParallelLinear(this.at("dense"), {
		inputSize: this.c.heads.size,
		outputSize: this.c.hiddenSize,
		bias: true
	});
	attention = new Attention(this.at("attn"), {
		...this.c.heads,
		scale: this.c.heads.headDim ** -.5,
		alibi: true
	});
	/** x [numTokens, hiddenSize] -> [numTokens, hiddenSize] */
	forward(x) {
		return this.dense.forward(this.attention.forward(...this.queryKeyValue.forward(x)));
	}
};
var BloomBlock = class extends Module {
	c = this.config;
	inputLayernorm = new LayerNorm(this.at("input_layernorm"), normOptions(this.c));
	selfAttention = new BloomAttention(this.at("self_attention"));
	postAttentionLayernorm = new LayerNorm(this.at("post_attention_layernorm"), normOptions(this.c));
	mlp = new MLP(this.at("mlp"), {
		hiddenSize: this.c.hiddenSize,
		intermediateSize: 4 * this.c.hiddenSize,
		hiddenAct: "gelu_pytorch_tanh",
		names: ["dense_h_to_4h", "dense_4h_to_h"],
		bias: true
	});
	/** The residual is taken before or after each norm. */
	forward(x) {
		const isPost = this.c.applyResidualConnectionPostLayernorm;
		let h = this.inputLayernorm.forward(x);
		x = add(isPost ? h : x, this.selfAttention.forward(h));
		h = this.postAttentionLayernorm.forward(x);
		return add(isPost ? h : x, this.mlp.forward(h));
	}
};
var BloomModel = class extends Module {
	wordEmbeddings = new VocabParallelEmbedding(this.at("word_embeddings"), this.config);
	wordEmbeddingsLayernorm = new LayerNorm(this.at("word_embeddings_layernorm"), normOptions(this.config));
	h = this.list("h", this.config.numHiddenLayers, BloomBlock);
	lnF = new LayerNorm(this.at("ln_f"), normOptions(this.config));
	forward({ inputIds }) {
		let x = this.wordEmbeddingsLayernorm.forward(this.wordEmbeddings.forward(inputIds));
		for (const block of this.h) x = block.forward(x);
		return this.lnF.forward(x);
	}
};
var BloomForCausalLM = class extends CausalLM {
	static config = config;
	/** Published files are those of the inner model. */
	static renames = [[/^(?=(word_embeddings|word_embeddings_layernorm|h|ln_f)\.)/, "transformer."]];
	transformer = new BloomModel(this.at("transformer"));
	lmHead = new ParallelLMHead(this.at("lm_head"), {
		...this.config,
		tiedTo: this.transformer.wordEmbeddings
	});
	forward(step) {
		return this.transformer.forward(step);
	}
	computeLogits(rows) {
		return this.lmHead.forward(rows);
	}
};
export { BloomForCausalLM, config };
