import { a as ParallelLMHead, d as RouterLinear, o as VocabParallelEmbedding, r as RMSNorm, v as fields, y as hfConfig } from "./norm-DyVvi7nN.js";
import { n as Module, t as CausalLM } from "./causal-lm-DFVGEESM.js";
import { t as GatedMLP } from "./gated-mlp-Diu9rZLi.js";
import { t as MLABlock } from "./mla-block-DMl5aiSJ.js";
import { t as FusedMoE } from "./moe-BWAO_xwR.js";
import { n as activationKinds } from "./activation-BsHeAGxe.js";
import { r as add } from "./rms-norm-DGbW-n_s.js";
// src/models/deepseek-v2.ts
const config = hfConfig((f) => ({
	hiddenSize: f.int(),
	intermediateSize: f.int(),
	moeIntermediateSize: f.int(1407),
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
	mlpBias: f.boolean(false),
	firstKDenseReplace: f.count(0),
	moeLayerFreq: f.int(1),
	nRoutedExperts: f.int(64),
	nSharedExperts: f.int(2),
	numExpertsPerTok: f.int(),
	nGroup: f.optionalInt(),
	topkGroup: f.optionalInt(),
	topkMethod: f.oneOf(["greedy", "group_limited_greedy"], "greedy"),
	scoringFunc: f.only("softmax"),
	routedScalingFactor: f.number(1),
	tieWordEmbeddings: f.boolean(false)
}));
/** norm_topk_prob is not read: HF's V2 does not renormalize, and all published checkpoints have false. */
var DeepseekV2MoE = class extends Module {
	c = this.config;
	isGrouped = this.c.topkMethod === "group_limited_greedy";
	gate = new RouterLinear(this.at("gate"), {
		inputSize: this.c.hiddenSize,
		outputSize: this.c.nRoutedExperts
	});
	experts = new FusedMoE(this.at("experts"), {
		...this.c,
		numExperts: this.c.nRoutedExperts,
		topK: this.c.numExpertsPerTok,
		intermediateSize: this.c.moeIntermediateSize,
		renormalize: false,
		...this.isGrouped && {
			numExpertGroup: this.c.nGroup ?? 1,
			topkGroup: this.c.topkGroup ?? 1
		}
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
var DeepseekV2DecoderLayer = class extends Module {
	inputLayernorm = new RMSNorm(this.at("input_layernorm"), this.config);
	selfAttn = new MLABlock(this.at("self_attn"), {
		...this.config,
		ropeStyle: "gptj"
	});
	postAttentionLayernorm = new RMSNorm(this.at("post_attention_layernorm"), this.config);
	mlp;
	constructor(prefix, layer) {
		super(prefix);
		const { firstKDenseReplace, moeLayerFreq } = this.config;
		const isSparse = layer >= firstKDenseReplace && layer % moeLayerFreq === 0;
		this.mlp = isSparse ? new DeepseekV2MoE(this.at("mlp")) : new GatedMLP(this.at("mlp"), this.config);
	}
	forward(positions, x) {
		x = add(x, this.selfAttn.forward(positions, this.inputLayernorm.forward(x)));
		return add(x, this.mlp.forward(this.postAttentionLayernorm.forward(x)));
	}
};
var DeepseekV2Model = class extends Module {
	embedTokens = new VocabParallelEmbedding(this.at("embed_tokens"), this.config);
	layers = this.list("layers", this.config.numHiddenLayers, DeepseekV2DecoderLayer);
	norm = new RMSNorm(this.at("norm"), this.config);
	forward({ inputIds, positions }) {
		let x = this.embedTokens.forward(inputIds);
		for (const layer of this.layers) x = layer.forward(positions, x);
		return this.norm.forward(x);
	}
};
var DeepseekV2ForCausalLM = class extends CausalLM {
	static config = config;
	model = new DeepseekV2Model(this.at("model"));
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
export { DeepseekV2ForCausalLM, config };
