import { a as ParallelLMHead, f as RowParallelLinear, l as QKVParallelLinear, n as LayerNorm, o as VocabParallelEmbedding, t as HeadLayerNorm, y as hfConfig } from "./norm-DyVvi7nN.js";
import { t as Attention } from "./attention-Bj9sAKJL.js";
import { n as Module, t as CausalLM } from "./causal-lm-DFVGEESM.js";
import { t as GatedMLP } from "./gated-mlp-Diu9rZLi.js";
import { t as RotaryEmbedding } from "./rotary-DM0Bgsfh.js";
import { n as activationKinds } from "./activation-BsHeAGxe.js";
import { r as add } from "./rms-norm-DGbW-n_s.js";
// src/models/stablelm.ts
const config = hfConfig((f) => ({
	hiddenSize: f.int(),
	intermediateSize: f.int(),
	numHiddenLayers: f.int(),
	heads: f.heads(),
	rope: f.rope({
		partialFrom: ["partial_rotary_factor", "rope_pct"],
		partialRotaryFactor: .25
	}),
	vocabSize: f.int(),
	hiddenAct: f.oneOf(activationKinds, "silu"),
	layerNormEps: f.number(1e-5),
	useQkvBias: f.boolean(false),
	qkLayernorm: f.boolean(false),
	useParallelResidual: f.boolean(false),
	tieWordEmbeddings: f.boolean(false)
}));
const normOptions = (c) => ({
	hiddenSize: c.hiddenSize,
	eps: c.layerNormEps
});
var StableLmAttention = class extends Module {
	c = this.config;
	qkvProj = new QKVParallelLinear(this.at("qkv_proj"), {
		inputSize: this.c.hiddenSize,
		...this.c.heads,
		bias: this.c.useQkvBias
	});
	oProj = new RowParallelLinear(this.at("o_proj"), {
		inputSize: this.c.heads.size,
		outputSize: this.c.hiddenSize
	});
	headNorm = {
		...this.c.heads,
		eps: this.c.layerNormEps,
		list: "norms"
	};
	qLayernorm = this.c.qkLayernorm ? new HeadLayerNorm(this.at("q_layernorm"), {
		...this.headNorm,
		of: "query"
	}) : void 0;
	kLayernorm = this.c.qkLayernorm ? new HeadLayerNorm(this.at("k_layernorm"), {
		...this.headNorm,
		of: "key"
	}) : void 0;
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
		return this.oProj.forward(this.attention.forward(...this.rotaryEmb.forward(positions, q, k), v));
	}
};
var StableLmDecoderLayer = class extends Module {
	c = this.config;
	selfAttn = new StableLmAttention(this.at("self_attn"));
	mlp = new GatedMLP(this.at("mlp"), this.c);
	inputLayernorm = new LayerNorm(this.at("input_layernorm"), normOptions(this.c));
	postAttentionLayernorm = this.c.useParallelResidual ? void 0 : new LayerNorm(this.at("post_attention_layernorm"), normOptions(this.c));
	/** With a parallel residual both blocks read the same norm. */
	forward(positions, x) {
		const h = this.inputLayernorm.forward(x);
		const attended = this.selfAttn.forward(positions, h);
		if (!this.postAttentionLayernorm) return add(x, add(attended, this.mlp.forward(h)));
		x = add(x, attended);
		return add(x, this.mlp.forward(this.postAttentionLayernorm.forward(x)));
	}
};
var StableLmModel = class extends Module {
	embedTokens = new VocabParallelEmbedding(this.at("embed_tokens"), this.config);
	layers = this.list("layers", this.config.numHiddenLayers, StableLmDecoderLayer);
	norm = new LayerNorm(this.at("norm"), normOptions(this.config));
	forward({ inputIds, positions }) {
		let x = this.embedTokens.forward(inputIds);
		for (const layer of this.layers) x = layer.forward(positions, x);
		return this.norm.forward(x);
	}
};
var StableLmForCausalLM = class extends CausalLM {
	static config = config;
	model = new StableLmModel(this.at("model"));
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
export { StableLmForCausalLM, config };
