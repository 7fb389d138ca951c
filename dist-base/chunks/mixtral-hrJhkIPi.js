import { a as ParallelLMHead, d as RouterLinear, f as RowParallelLinear, l as QKVParallelLinear, o as VocabParallelEmbedding, r as RMSNorm, y as hfConfig } from "./norm-DyVvi7nN.js";
import { t as Attention } from "./attention-Bj9sAKJL.js";
import { n as Module, t as CausalLM } from "./causal-lm-DFVGEESM.js";
import { t as FusedMoE } from "./moe-BWAO_xwR.js";
import { t as RotaryEmbedding } from "./rotary-DM0Bgsfh.js";
import { n as activationKinds } from "./activation-BsHeAGxe.js";
import { r as add } from "./rms-norm-DGbW-n_s.js";
// src/models/mixtral.ts
const config = hfConfig((f) => ({
	hiddenSize: f.int(),
	intermediateSize: f.int(),
	numHiddenLayers: f.int(),
	heads: f.heads(),
	rope: f.rope({ theta: 1e6 }),
	vocabSize: f.int(),
	hiddenAct: f.oneOf(activationKinds, "silu"),
	rmsNormEps: f.number(1e-5),
	slidingWindow: f.optionalInt(),
	numExperts: f.int(void 0, { from: ["num_local_experts", "num_experts"] }),
	numExpertsPerTok: f.int(2),
	tieWordEmbeddings: f.boolean(false)
}));
var MixtralAttention = class extends Module {
	c = this.config;
	qkvProj = new QKVParallelLinear(this.at("qkv_proj"), {
		inputSize: this.c.hiddenSize,
		...this.c.heads
	});
	oProj = new RowParallelLinear(this.at("o_proj"), {
		inputSize: this.c.heads.size,
		outputSize: this.c.hiddenSize
	});
	rotaryEmb = new RotaryEmbedding(this.at("rotary_emb"), this.c.rope);
	attention = new Attention(this.at("attn"), {
		...this.c.heads,
		scale: this.c.heads.headDim ** -.5,
		slidingWindow: this.c.slidingWindow
	});
	/** positions [numTokens] i32, x [numTokens, hiddenSize] -> [numTokens, hiddenSize] */
	forward(positions, x) {
		const [q, k, v] = this.qkvProj.forward(x);
		return this.oProj.forward(this.attention.forward(...this.rotaryEmb.forward(positions, q, k), v));
	}
};
var MixtralSparseMoeBlock = class extends Module {
	c = this.config;
	gate = new RouterLinear(this.at("gate"), {
		inputSize: this.c.hiddenSize,
		outputSize: this.c.numExperts
	});
	experts = new FusedMoE(this.at("experts"), {
		...this.c,
		topK: this.c.numExpertsPerTok,
		renormalize: true,
		names: {
			gate: "w1",
			up: "w3",
			down: "w2"
		}
	});
	/** x [numTokens, hiddenSize] -> the same shape */
	forward(x) {
		return this.experts.forward(x, this.gate.forward(x));
	}
};
var MixtralDecoderLayer = class extends Module {
	inputLayernorm = new RMSNorm(this.at("input_layernorm"), this.config);
	selfAttn = new MixtralAttention(this.at("self_attn"));
	postAttentionLayernorm = new RMSNorm(this.at("post_attention_layernorm"), this.config);
	blockSparseMoe = new MixtralSparseMoeBlock(this.at("block_sparse_moe"));
	forward(positions, x) {
		x = add(x, this.selfAttn.forward(positions, this.inputLayernorm.forward(x)));
		return add(x, this.blockSparseMoe.forward(this.postAttentionLayernorm.forward(x)));
	}
};
var MixtralModel = class extends Module {
	embedTokens = new VocabParallelEmbedding(this.at("embed_tokens"), this.config);
	layers = this.list("layers", this.config.numHiddenLayers, MixtralDecoderLayer);
	norm = new RMSNorm(this.at("norm"), this.config);
	forward({ inputIds, positions }) {
		let x = this.embedTokens.forward(inputIds);
		for (const layer of this.layers) x = layer.forward(positions, x);
		return this.norm.forward(x);
	}
};
var MixtralForCausalLM = class extends CausalLM {
	static config = config;
	model = new MixtralModel(this.at("model"));
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
export { MixtralForCausalLM, config };
