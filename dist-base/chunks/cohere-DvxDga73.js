import { a as ParallelLMHead, f as RowParallelLinear, l as QKVParallelLinear, n as LayerNorm, o as VocabParallelEmbedding, t as HeadLayerNorm, y as hfConfig } from "./norm-DyVvi7nN.js";
import { t as Attention } from "./attention-Bj9sAKJL.js";
import { n as Module, t as CausalLM } from "./causal-lm-DFVGEESM.js";
import { t as GatedMLP } from "./gated-mlp-Diu9rZLi.js";
import { t as RotaryEmbedding } from "./rotary-DM0Bgsfh.js";
import { n as activationKinds } from "./activation-BsHeAGxe.js";
import { i as scale, r as add } from "./rms-norm-DGbW-n_s.js";
// src/models/cohere.ts
const config = hfConfig((f) => ({
	hiddenSize: f.int(),
	intermediateSize: f.int(),
	numHiddenLayers: f.int(),
	heads: f.heads(),
	rope: f.rope({ theta: 5e5 }),
	vocabSize: f.int(),
	hiddenAct: f.oneOf(activationKinds, "silu"),
	layerNormEps: f.number(1e-5),
	attentionBias: f.boolean(false),
	useQkNorm: f.boolean(false),
	logitScale: f.number(.0625),
	tieWordEmbeddings: f.boolean(true)
}));
const normOptions = (c) => ({
	hiddenSize: c.hiddenSize,
	eps: c.layerNormEps,
	bias: false
});
var CohereAttention = class extends Module {
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
	headNorm = {
		...this.c.heads,
		eps: this.c.layerNormEps
	};
	qNorm = this.c.useQkNorm ? new HeadLayerNorm(this.at("q_norm"), {
		...this.headNorm,
		of: "query"
	}) : void 0;
	kNorm = this.c.useQkNorm ? new HeadLayerNorm(this.at("k_norm"), {
		...this.headNorm,
		of: "key"
	}) : void 0;
	rotaryEmb = new RotaryEmbedding(this.at("rotary_emb"), this.c.rope, { style: "gptj" });
	attention = new Attention(this.at("attn"), {
		...this.c.heads,
		scale: this.c.heads.headDim ** -.5
	});
	/** positions [numTokens] i32, x [numTokens, hiddenSize] -> [numTokens, hiddenSize] */
	forward(positions, x) {
		let [q, k, v] = this.qkvProj.forward(x);
		if (this.qNorm && this.kNorm) [q, k] = [this.qNorm.forward(q), this.kNorm.forward(k)];
		return this.oProj.forward(this.attention.forward(...this.rotaryEmb.forward(positions, q, k), v));
	}
};
var CohereDecoderLayer = class extends Module {
	inputLayernorm = new LayerNorm(this.at("input_layernorm"), normOptions(this.config));
	selfAttn = new CohereAttention(this.at("self_attn"));
	mlp = new GatedMLP(this.at("mlp"), this.config);
	/** Both blocks read the same norm. */
	forward(positions, x) {
		const h = this.inputLayernorm.forward(x);
		x = add(x, this.selfAttn.forward(positions, h));
		return add(x, this.mlp.forward(h));
	}
};
var CohereModel = class extends Module {
	embedTokens = new VocabParallelEmbedding(this.at("embed_tokens"), this.config);
	layers = this.list("layers", this.config.numHiddenLayers, CohereDecoderLayer);
	norm = new LayerNorm(this.at("norm"), normOptions(this.config));
	forward({ inputIds, positions }) {
		let x = this.embedTokens.forward(inputIds);
		for (const layer of this.layers) x = layer.forward(positions, x);
		return this.norm.forward(x);
	}
};
var CohereForCausalLM = class extends CausalLM {
	static config = config;
	model = new CohereModel(this.at("model"));
	lmHead = new ParallelLMHead(this.at("lm_head"), {
		...this.config,
		tiedTo: this.model.embedTokens
	});
	forward(step) {
		return this.model.forward(step);
	}
	computeLogits(rows) {
		return scale(this.lmHead.forward(rows), this.config.logitScale);
	}
};
export { CohereForCausalLM, config };
