import { a as ParallelLMHead, f as RowParallelLinear, l as QKVParallelLinear, o as VocabParallelEmbedding, r as RMSNorm, y as hfConfig } from "./norm-DyVvi7nN.js";
import { t as Attention } from "./attention-Bj9sAKJL.js";
import { n as Module, t as CausalLM } from "./causal-lm-DFVGEESM.js";
import { t as GatedMLP } from "./gated-mlp-Diu9rZLi.js";
import { t as RotaryEmbedding } from "./rotary-DM0Bgsfh.js";
import { n as activationKinds } from "./activation-BsHeAGxe.js";
import { r as add } from "./rms-norm-DGbW-n_s.js";
// src/models/smollm3.ts
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
	noRopeLayers: f.ints([]),
	noRopeLayerInterval: f.int(4),
	useSlidingWindow: f.boolean(false),
	slidingWindow: f.optionalInt(),
	layerTypes: f.strings([]),
	tieWordEmbeddings: f.boolean(true)
}));
/** no_rope_layers holds 1 where a layer rotates. Without the list every noRopeLayerInterval-th layer does not. */
function rotates(c, layer) {
	return (c.noRopeLayers[layer] ?? ((layer + 1) % c.noRopeLayerInterval === 0 ? 0 : 1)) !== 0;
}
/** The window of one layer; undefined: it sees everything. */
function windowOf(c, layer) {
	if (!c.useSlidingWindow) return void 0;
	return (c.layerTypes.length > 0 ? c.layerTypes[layer] === "sliding_attention" : !rotates(c, layer)) ? c.slidingWindow : void 0;
}
var SmolLM3Attention = class extends Module {
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
		if (rotates(this.c, layer)) this.rotaryEmb = new RotaryEmbedding(this.at("rotary_emb"), this.c.rope);
		const { heads } = this.c;
		this.attention = new Attention(this.at("attn"), {
			...heads,
			scale: heads.headDim ** -.5,
			slidingWindow: windowOf(this.c, layer)
		});
	}
	/** positions [numTokens] i32, x [numTokens, hiddenSize] -> [numTokens, hiddenSize] */
	forward(positions, x) {
		let [q, k, v] = this.qkvProj.forward(x);
		if (this.rotaryEmb) [q, k] = this.rotaryEmb.forward(positions, q, k);
		return this.oProj.forward(this.attention.forward(q, k, v));
	}
};
var SmolLM3DecoderLayer = class extends Module {
	inputLayernorm = new RMSNorm(this.at("input_layernorm"), this.config);
	selfAttn;
	postAttentionLayernorm = new RMSNorm(this.at("post_attention_layernorm"), this.config);
	mlp = new GatedMLP(this.at("mlp"), this.config);
	constructor(prefix, layer) {
		super(prefix);
		this.selfAttn = new SmolLM3Attention(this.at("self_attn"), layer);
	}
	forward(positions, x) {
		x = add(x, this.selfAttn.forward(positions, this.inputLayernorm.forward(x)));
		return add(x, this.mlp.forward(this.postAttentionLayernorm.forward(x)));
	}
};
var SmolLM3Model = class extends Module {
	embedTokens = new VocabParallelEmbedding(this.at("embed_tokens"), this.config);
	layers = this.list("layers", this.config.numHiddenLayers, SmolLM3DecoderLayer);
	norm = new RMSNorm(this.at("norm"), this.config);
	forward({ inputIds, positions }) {
		let x = this.embedTokens.forward(inputIds);
		for (const layer of this.layers) x = layer.forward(positions, x);
		return this.norm.forward(x);
	}
};
var SmolLM3ForCausalLM = class extends CausalLM {
	static config = config;
	model = new SmolLM3Model(this.at("model"));
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
export { SmolLM3ForCausalLM, config };
