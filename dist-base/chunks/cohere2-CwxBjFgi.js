import { a as ParallelLMHead, f as RowParallelLinear, l as QKVParallelLinear, n as LayerNorm, o as VocabParallelEmbedding, y as hfConfig } from "./norm-DyVvi7nN.js";
import { t as Attention } from "./attention-Bj9sAKJL.js";
import { n as Module, t as CausalLM } from "./causal-lm-DFVGEESM.js";
import { t as GatedMLP } from "./gated-mlp-Diu9rZLi.js";
import { t as RotaryEmbedding } from "./rotary-DM0Bgsfh.js";
import { n as activationKinds } from "./activation-BsHeAGxe.js";
import { i as scale, r as add } from "./rms-norm-DGbW-n_s.js";
// src/models/cohere2.ts
const config = hfConfig((f) => ({
	hiddenSize: f.int(),
	intermediateSize: f.int(),
	numHiddenLayers: f.int(),
	heads: f.heads(),
	rope: f.rope(),
	vocabSize: f.int(),
	hiddenAct: f.oneOf(activationKinds, "silu"),
	layerNormEps: f.number(1e-5),
	attentionBias: f.boolean(false),
	slidingWindows: f.slidingWindows({
		window: 4096,
		pattern: 4
	}),
	logitScale: f.number(.0625),
	tieWordEmbeddings: f.boolean(true)
}));
const normOptions = (c) => ({
	hiddenSize: c.hiddenSize,
	eps: c.layerNormEps,
	bias: false
});
var Cohere2Attention = class extends Module {
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
	rotaryEmb;
	attention;
	constructor(prefix, layer) {
		super(prefix);
		const { heads, rope } = this.c;
		const slidingWindow = this.c.slidingWindows[layer];
		if (slidingWindow) this.rotaryEmb = new RotaryEmbedding(this.at("rotary_emb"), rope, { style: "gptj" });
		this.attention = new Attention(this.at("attn"), {
			...heads,
			scale: heads.headDim ** -.5,
			slidingWindow
		});
	}
	/** positions [numTokens] i32, x [numTokens, hiddenSize] -> [numTokens, hiddenSize] */
	forward(positions, x) {
		let [q, k, v] = this.qkvProj.forward(x);
		if (this.rotaryEmb) [q, k] = this.rotaryEmb.forward(positions, q, k);
		return this.oProj.forward(this.attention.forward(q, k, v));
	}
};
var Cohere2DecoderLayer = class extends Module {
	inputLayernorm = new LayerNorm(this.at("input_layernorm"), normOptions(this.config));
	selfAttn;
	mlp = new GatedMLP(this.at("mlp"), this.config);
	constructor(prefix, layer) {
		super(prefix);
		this.selfAttn = new Cohere2Attention(this.at("self_attn"), layer);
	}
	/** Both blocks read the same norm. */
	forward(positions, x) {
		const h = this.inputLayernorm.forward(x);
		x = add(x, this.selfAttn.forward(positions, h));
		return add(x, this.mlp.forward(h));
	}
};
var Cohere2Model = class extends Module {
	embedTokens = new VocabParallelEmbedding(this.at("embed_tokens"), this.config);
	layers = this.list("layers", this.config.numHiddenLayers, Cohere2DecoderLayer);
	norm = new LayerNorm(this.at("norm"), normOptions(this.config));
	forward({ inputIds, positions }) {
		let x = this.embedTokens.forward(inputIds);
		for (const layer of this.layers) x = layer.forward(positions, x);
		return this.norm.forward(x);
	}
};
var Cohere2ForCausalLM = class extends CausalLM {
	static config = config;
	model = new Cohere2Model(this.at("model"));
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
export { Cohere2ForCausalLM, config };
