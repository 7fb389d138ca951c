import { a as ParallelLMHead, f as RowParallelLinear, l as QKVParallelLinear, n as LayerNorm, o as VocabParallelEmbedding, y as hfConfig } from "./norm-DyVvi7nN.js";
import { t as Attention } from "./attention-Bj9sAKJL.js";
import { n as Module, t as CausalLM } from "./causal-lm-DFVGEESM.js";
import { t as MLP } from "./mlp-CccJnq-2.js";
import { t as RotaryEmbedding } from "./rotary-DM0Bgsfh.js";
import { n as activationKinds } from "./activation-BsHeAGxe.js";
import { r as add } from "./rms-norm-DGbW-n_s.js";
// src/models/gpt-neox.ts
const config = hfConfig((f) => ({
	hiddenSize: f.int(),
	intermediateSize: f.int(),
	numHiddenLayers: f.int(),
	heads: f.heads(),
	rope: f.rope({
		thetaFrom: ["rotary_emb_base", "rope_theta"],
		partialFrom: ["rotary_pct", "partial_rotary_factor"],
		partialRotaryFactor: .25
	}),
	vocabSize: f.int(),
	hiddenAct: f.oneOf(activationKinds, "gelu"),
	layerNormEps: f.number(1e-5),
	attentionBias: f.boolean(true),
	useParallelResidual: f.boolean(true),
	tieWordEmbeddings: f.boolean(false)
}));
const normOptions = (c) => ({
	hiddenSize: c.hiddenSize,
	eps: c.layerNormEps
});
var GPTNeoXAttention = class extends Module {
	c = this.config;
	queryKeyValue = new QKVParallelLinear(this.at("query_key_value"), {
		inputSize: this.c.hiddenSize,
		...this.c.heads,
		bias: this.c.attentionBias,
		fused: "grouped"
	});
	dense = new RowParallelLinear(this.at("dense"), {
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
		const [q, k, v] = this.queryKeyValue.forward(x);
		return this.dense.forward(this.attention.forward(...this.rotaryEmb.forward(positions, q, k), v));
	}
};
var GPTNeoXLayer = class extends Module {
	inputLayernorm = new LayerNorm(this.at("input_layernorm"), normOptions(this.config));
	postAttentionLayernorm = new LayerNorm(this.at("post_attention_layernorm"), normOptions(this.config));
	attention = new GPTNeoXAttention(this.at("attention"));
	mlp = new MLP(this.at("mlp"), {
		...this.config,
		names: ["dense_h_to_4h", "dense_4h_to_h"],
		bias: true
	});
	forward(positions, x) {
		const attended = this.attention.forward(positions, this.inputLayernorm.forward(x));
		if (this.config.useParallelResidual) return add(x, add(attended, this.mlp.forward(this.postAttentionLayernorm.forward(x))));
		x = add(x, attended);
		return add(x, this.mlp.forward(this.postAttentionLayernorm.forward(x)));
	}
};
var GPTNeoXModel = class extends Module {
	embedIn = new VocabParallelEmbedding(this.at("embed_in"), this.config);
	layers = this.list("layers", this.config.numHiddenLayers, GPTNeoXLayer);
	finalLayerNorm = new LayerNorm(this.at("final_layer_norm"), normOptions(this.config));
	forward({ inputIds, positions }) {
		let x = this.embedIn.forward(inputIds);
		for (const layer of this.layers) x = layer.forward(positions, x);
		return this.finalLayerNorm.forward(x);
	}
};
var GPTNeoXForCausalLM = class extends CausalLM {
	static config = config;
	static renames = [[/^embed_out\./, "lm_head."]];
	/** The causal mask, once a parameter. */
	static ignored = [/\.attention\.bias$/];
	gptNeox = new GPTNeoXModel(this.at("gpt_neox"));
	lmHead = new ParallelLMHead(this.at("lm_head"), {
		...this.config,
		tiedTo: this.gptNeox.embedIn
	});
	forward(step) {
		return this.gptNeox.forward(step);
	}
	computeLogits(rows) {
		return this.lmHead.forward(rows);
	}
};
export { GPTNeoXForCausalLM, config };
