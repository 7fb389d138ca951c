import { a as ParallelLMHead, f as RowParallelLinear, l as QKVParallelLinear, n as LayerNorm, o as VocabParallelEmbedding, y as hfConfig } from "./norm-DyVvi7nN.js";
import { t as Attention } from "./attention-Bj9sAKJL.js";
import { n as Module, t as CausalLM } from "./causal-lm-DFVGEESM.js";
import { t as MLP } from "./mlp-CccJnq-2.js";
import { t as RotaryEmbedding } from "./rotary-DM0Bgsfh.js";
import { n as activationKinds } from "./activation-BsHeAGxe.js";
import { r as add } from "./rms-norm-DGbW-n_s.js";
// src/models/phi.ts
const config = hfConfig((f) => ({
	hiddenSize: f.int(),
	intermediateSize: f.int(),
	numHiddenLayers: f.int(),
	heads: f.heads(),
	rope: f.rope({ partialRotaryFactor: .5 }),
	vocabSize: f.int(),
	hiddenAct: f.oneOf(activationKinds, "gelu_new"),
	layerNormEps: f.number(1e-5),
	qkLayernorm: f.boolean(false),
	tieWordEmbeddings: f.boolean(false)
}));
const normOptions = (c) => ({
	hiddenSize: c.hiddenSize,
	eps: c.layerNormEps
});
var PhiAttention = class extends Module {
	c = this.config;
	qkvProj = new QKVParallelLinear(this.at("qkv_proj"), {
		inputSize: this.c.hiddenSize,
		...this.c.heads,
		bias: true
	});
	dense = new RowParallelLinear(this.at("dense"), {
		inputSize: this.c.heads.size,
		outputSize: this.c.hiddenSize,
		bias: true
	});
	headNorm = {
		hiddenSize: this.c.heads.headDim,
		eps: this.c.layerNormEps
	};
	qLayernorm = this.c.qkLayernorm ? new LayerNorm(this.at("q_layernorm"), this.headNorm) : void 0;
	kLayernorm = this.c.qkLayernorm ? new LayerNorm(this.at("k_layernorm"), this.headNorm) : void 0;
	rotaryEmb = new RotaryEmbedding(this.at("rotary_emb"), this.c.rope);
	attention = new Attention(this.at("attn"), {
		...this.c.heads,
		scale: this.c.heads.headDim ** -.5
	});
	/** positions [numTokens] i32, x [numTokens, hiddenSize] -> [numTokens, hiddenSize] */
	forward(positions, x) {
		let [q, k, v] = this.qkvProj.forward(x);
		if (this.qLayernorm) q = this.qLayernorm.forward(q);
		if (this.kLayernorm) k = this.kLayernorm.forward(k);
		return this.dense.forward(this.attention.forward(...this.rotaryEmb.forward(positions, q, k), v));
	}
};
var PhiDecoderLayer = class extends Module {
	selfAttn = new PhiAttention(this.at("self_attn"));
	mlp = new MLP(this.at("mlp"), {
		...this.config,
		names: ["fc1", "fc2"],
		bias: true
	});
	inputLayernorm = new LayerNorm(this.at("input_layernorm"), normOptions(this.config));
	forward(positions, x) {
		const h = this.inputLayernorm.forward(x);
		return add(x, add(this.selfAttn.forward(positions, h), this.mlp.forward(h)));
	}
};
var PhiModel = class extends Module {
	embedTokens = new VocabParallelEmbedding(this.at("embed_tokens"), this.config);
	layers = this.list("layers", this.config.numHiddenLayers, PhiDecoderLayer);
	finalLayernorm = new LayerNorm(this.at("final_layernorm"), normOptions(this.config));
	forward({ inputIds, positions }) {
		let x = this.embedTokens.forward(inputIds);
		for (const layer of this.layers) x = layer.forward(positions, x);
		return this.finalLayernorm.forward(x);
	}
};
var PhiForCausalLM = class extends CausalLM {
	static config = config;
	model = new PhiModel(this.at("model"));
	lmHead = new ParallelLMHead(this.at("lm_head"), {
		...this.config,
		bias: true,
		tiedTo: this.model.embedTokens
	});
	forward(step) {
		return this.model.forward(step);
	}
	computeLogits(rows) {
		return this.lmHead.forward(rows);
	}
};
export { PhiForCausalLM, config };
