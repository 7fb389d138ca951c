import { a as ParallelLMHead, d as RouterLinear, f as RowParallelLinear, l as QKVParallelLinear, o as VocabParallelEmbedding, r as RMSNorm, y as hfConfig } from "./norm-DyVvi7nN.js";
import { t as Attention } from "./attention-Bj9sAKJL.js";
import { n as Module, t as CausalLM } from "./causal-lm-DFVGEESM.js";
import { t as FusedMoE } from "./moe-BWAO_xwR.js";
import { t as RotaryEmbedding } from "./rotary-DM0Bgsfh.js";
import { n as activationKinds } from "./activation-BsHeAGxe.js";
import { r as add } from "./rms-norm-DGbW-n_s.js";
import { t as clamp } from "./clamp-C8QnX9rm.js";
// src/models/olmoe.ts
const config = hfConfig((f) => ({
	hiddenSize: f.int(),
	intermediateSize: f.int(),
	numHiddenLayers: f.int(),
	heads: f.heads(),
	rope: f.rope(),
	vocabSize: f.int(),
	hiddenAct: f.oneOf(activationKinds, "silu"),
	rmsNormEps: f.number(1e-5),
	attentionBias: f.boolean(false),
	clipQkv: f.optionalNumber(),
	numExperts: f.int(void 0, { from: ["num_experts", "num_local_experts"] }),
	numExpertsPerTok: f.int(8),
	normTopkProb: f.boolean(false),
	tieWordEmbeddings: f.boolean(false)
}));
var OlmoeAttention = class extends Module {
	c = this.config;
	kvSize = this.c.heads.numKvHeads * this.c.heads.headDim;
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
	qNorm = new RMSNorm(this.at("q_norm"), {
		...this.c,
		hiddenSize: this.c.heads.size
	});
	kNorm = new RMSNorm(this.at("k_norm"), {
		...this.c,
		hiddenSize: this.kvSize
	});
	rotaryEmb = new RotaryEmbedding(this.at("rotary_emb"), this.c.rope);
	attention = new Attention(this.at("attn"), {
		...this.c.heads,
		scale: this.c.heads.headDim ** -.5
	});
	/** positions [numTokens] i32, x [numTokens, hiddenSize] -> [numTokens, hiddenSize] */
	forward(positions, x) {
		const { numHeads, numKvHeads, headDim } = this.c.heads;
		const [q, k, v] = this.qkvProj.forward(x);
		const clippedQ = this.clip(this.qNorm.forward(q.flattenInner())).splitLast(numHeads, headDim);
		const clippedK = this.clip(this.kNorm.forward(k.flattenInner())).splitLast(numKvHeads, headDim);
		const rotated = this.rotaryEmb.forward(positions, clippedQ, clippedK);
		return this.oProj.forward(this.attention.forward(...rotated, this.clip(v)));
	}
	clip(x) {
		return this.c.clipQkv === void 0 ? x : clamp(x, -this.c.clipQkv, this.c.clipQkv);
	}
};
var OlmoeSparseMoeBlock = class extends Module {
	c = this.config;
	gate = new RouterLinear(this.at("gate"), {
		inputSize: this.c.hiddenSize,
		outputSize: this.c.numExperts
	});
	experts = new FusedMoE(this.at("experts"), {
		...this.c,
		topK: this.c.numExpertsPerTok,
		renormalize: this.c.normTopkProb
	});
	/** x [numTokens, hiddenSize] -> the same shape */
	forward(x) {
		return this.experts.forward(x, this.gate.forward(x));
	}
};
var OlmoeDecoderLayer = class extends Module {
	inputLayernorm = new RMSNorm(this.at("input_layernorm"), this.config);
	selfAttn = new OlmoeAttention(this.at("self_attn"));
	postAttentionLayernorm = new RMSNorm(this.at("post_attention_layernorm"), this.config);
	mlp = new OlmoeSparseMoeBlock(this.at("mlp"));
	forward(positions, x) {
		x = add(x, this.selfAttn.forward(positions, this.inputLayernorm.forward(x)));
		return add(x, this.mlp.forward(this.postAttentionLayernorm.forward(x)));
	}
};
var OlmoeModel = class extends Module {
	embedTokens = new VocabParallelEmbedding(this.at("embed_tokens"), this.config);
	layers = this.list("layers", this.config.numHiddenLayers, OlmoeDecoderLayer);
	norm = new RMSNorm(this.at("norm"), this.config);
	forward({ inputIds, positions }) {
		let x = this.embedTokens.forward(inputIds);
		for (const layer of this.layers) x = layer.forward(positions, x);
		return this.norm.forward(x);
	}
};
var OlmoeForCausalLM = class extends CausalLM {
	static config = config;
	model = new OlmoeModel(this.at("model"));
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
export { OlmoeForCausalLM, config };
