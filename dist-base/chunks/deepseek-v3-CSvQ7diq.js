import { a as ParallelLMHead, d as RouterLinear, o as VocabParallelEmbedding, r as RMSNorm, v as fields, y as hfConfig } from "./norm-DyVvi7nN.js";
import { n as Module, t as CausalLM } from "./causal-lm-DFVGEESM.js";
import { t as GatedMLP } from "./gated-mlp-Diu9rZLi.js";
import { t as MLABlock } from "./mla-block-DMl5aiSJ.js";
import { t as FusedMoE } from "./moe-BWAO_xwR.js";
import { n as activationKinds } from "./activation-BsHeAGxe.js";
import { r as add } from "./rms-norm-DGbW-n_s.js";
// src/models/deepseek-v3.ts
const config = hfConfig((f) => ({
	hiddenSize: f.int(),
	intermediateSize: f.int(),
	moeIntermediateSize: f.int(2048),
	numHiddenLayers: f.int(),
	numAttentionHeads: f.int(),
	numKeyValueHeads: f.optionalInt(),
	kvLoraRank: f.int(512),
	qLoraRank: f.optionalInt({ fallback: 1536 }),
	qkNopeHeadDim: f.int(128),
	qkRopeHeadDim: f.int(64),
	vHeadDim: f.int(128),
	rope: (raw) => f.rope({ headDim: fields.int(64)(raw, "qkRopeHeadDim") })(raw, "rope"),
	vocabSize: f.int(),
	hiddenAct: f.oneOf(activationKinds, "silu"),
	rmsNormEps: f.number(1e-6),
	attentionBias: f.boolean(false),
	ropeInterleave: f.boolean(true),
	firstKDenseReplace: f.count(3),
	moeLayerFreq: f.int(1),
	nRoutedExperts: f.int(256),
	nSharedExperts: f.int(1),
	numExpertsPerTok: f.int(8),
	nGroup: f.int(8),
	topkGroup: f.int(4),
	topkMethod: f.only("noaux_tc"),
	scoringFunc: f.only("sigmoid"),
	normTopkProb: f.boolean(true),
	routedScalingFactor: f.number(2.5),
	numNextnPredictLayers: f.count(1),
	tieWordEmbeddings: f.boolean(false)
}));
var DeepseekV3MoE = class extends Module {
	c = this.config;
	gate = new RouterLinear(this.at("gate"), {
		inputSize: this.c.hiddenSize,
		outputSize: this.c.nRoutedExperts
	});
	experts = new FusedMoE(this.at("experts"), {
		...this.c,
		numExperts: this.c.nRoutedExperts,
		topK: this.c.numExpertsPerTok,
		intermediateSize: this.c.moeIntermediateSize,
		renormalize: this.c.normTopkProb,
		scoringFunc: "sigmoid",
		numExpertGroup: this.c.nGroup,
		groupScore: "topTwo",
		correctionBias: "gate.e_score_correction_bias"
	});
	sharedExperts = new GatedMLP(this.at("shared_experts"), {
		...this.c,
		intermediateSize: this.c.moeIntermediateSize * this.c.nSharedExperts
	});
	/** x [numTokens, hiddenSize] -> [numTokens, hiddenSize] */
	forward(x) {
		return add(this.experts.forward(x, this.gate.forward(x)), this.sharedExperts.forward(x));
	}
};
var DeepseekV3DecoderLayer = class extends Module {
	inputLayernorm = new RMSNorm(this.at("input_layernorm"), this.config);
	selfAttn = new MLABlock(this.at("self_attn"), {
		...this.config,
		ropeStyle: this.config.ropeInterleave ? "gptj" : "neox"
	});
	postAttentionLayernorm = new RMSNorm(this.at("post_attention_layernorm"), this.config);
	mlp;
	constructor(prefix, layer) {
		super(prefix);
		const { firstKDenseReplace, moeLayerFreq } = this.config;
		const isSparse = layer >= firstKDenseReplace && layer % moeLayerFreq === 0;
		this.mlp = isSparse ? new DeepseekV3MoE(this.at("mlp")) : new GatedMLP(this.at("mlp"), this.config);
	}
	forward(positions, x) {
		x = add(x, this.selfAttn.forward(positions, this.inputLayernorm.forward(x)));
		return add(x, this.mlp.forward(this.postAttentionLayernorm.forward(x)));
	}
};
var DeepseekV3Model = class extends Module {
	embedTokens = new VocabParallelEmbedding(this.at("embed_tokens"), this.config);
	layers = this.list("layers", this.config.numHiddenLayers, DeepseekV3DecoderLayer);
	norm = new RMSNorm(this.at("norm"), this.config);
	forward({ inputIds, positions }) {
		let x = this.embedTokens.forward(inputIds);
		for (const layer of this.layers) x = layer.forward(positions, x);
		return this.norm.forward(x);
	}
};
var DeepseekV3ForCausalLM = class extends CausalLM {
	static config = config;
	/** Layers behind the last predict further tokens for speculation. */
	static ignoredBy = ({ numHiddenLayers, numNextnPredictLayers }) => Array.from({ length: numNextnPredictLayers }, (_, i) => new RegExp(`^model\\.layers\\.${numHiddenLayers + i}\\.`));
	model = new DeepseekV3Model(this.at("model"));
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
export { DeepseekV3ForCausalLM, config };
