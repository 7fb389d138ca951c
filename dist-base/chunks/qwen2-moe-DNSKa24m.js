import { a as ParallelLMHead, d as RouterLinear, f as RowParallelLinear, l as QKVParallelLinear, o as VocabParallelEmbedding, r as RMSNorm, y as hfConfig } from "./norm-DyVvi7nN.js";
import { t as Attention } from "./attention-Bj9sAKJL.js";
import { n as Module, t as CausalLM } from "./causal-lm-DFVGEESM.js";
import { t as GatedMLP } from "./gated-mlp-Diu9rZLi.js";
import { t as FusedMoE } from "./moe-BWAO_xwR.js";
import { t as RotaryEmbedding } from "./rotary-DM0Bgsfh.js";
import { n as activationKinds } from "./activation-BsHeAGxe.js";
import { r as add } from "./rms-norm-DGbW-n_s.js";
import { n as mul, t as sigmoid } from "./sigmoid-C2LM30-2.js";
// src/models/qwen2-moe.ts
const config = hfConfig((f) => ({
	hiddenSize: f.int(),
	intermediateSize: f.int(),
	numHiddenLayers: f.int(),
	heads: f.heads(),
	rope: f.rope(),
	vocabSize: f.int(),
	hiddenAct: f.oneOf(activationKinds, "silu"),
	rmsNormEps: f.number(1e-6),
	qkvBias: f.boolean(true),
	slidingWindows: f.slidingWindows({
		window: 4096,
		enabledBy: "use_sliding_window",
		pattern: 2,
		end: {
			from: "max_window_layers",
			fallback: 28
		}
	}),
	numExperts: f.int(void 0, { from: ["num_experts", "num_local_experts"] }),
	numExpertsPerTok: f.int(),
	moeIntermediateSize: f.int(),
	/** 0: none */
	sharedExpertIntermediateSize: f.number(),
	normTopkProb: f.boolean(false),
	mlpOnlyLayers: f.ints([]),
	decoderSparseStep: f.int(1),
	tieWordEmbeddings: f.boolean(false)
}));
var Qwen2MoeAttention = class extends Module {
	c = this.config;
	qkvProj = new QKVParallelLinear(this.at("qkv_proj"), {
		inputSize: this.c.hiddenSize,
		...this.c.heads,
		bias: this.c.qkvBias
	});
	oProj = new RowParallelLinear(this.at("o_proj"), {
		inputSize: this.c.heads.size,
		outputSize: this.c.hiddenSize
	});
	rotaryEmb = new RotaryEmbedding(this.at("rotary_emb"), this.c.rope);
	attention;
	constructor(prefix, layer) {
		super(prefix);
		const { heads } = this.c;
		this.attention = new Attention(this.at("attn"), {
			...heads,
			scale: heads.headDim ** -.5,
			slidingWindow: this.c.slidingWindows[layer]
		});
	}
	/** positions [numTokens] i32, x [numTokens, hiddenSize] -> [numTokens, hiddenSize] */
	forward(positions, x) {
		const [q, k, v] = this.qkvProj.forward(x);
		return this.oProj.forward(this.attention.forward(...this.rotaryEmb.forward(positions, q, k), v));
	}
};
var Qwen2MoeSparseMoeBlock = class extends Module {
	c = this.config;
	gate = new RouterLinear(this.at("gate"), {
		inputSize: this.c.hiddenSize,
		outputSize: this.c.numExperts
	});
	experts = new FusedMoE(this.at("experts"), {
		...this.c,
		topK: this.c.numExpertsPerTok,
		intermediateSize: this.c.moeIntermediateSize,
		renormalize: this.c.normTopkProb
	});
	sharedExpert;
	sharedExpertGate;
	constructor(prefix) {
		super(prefix);
		const { hiddenSize, sharedExpertIntermediateSize: intermediateSize } = this.c;
		if (intermediateSize === 0) return;
		this.sharedExpert = new GatedMLP(this.at("shared_expert"), {
			...this.c,
			intermediateSize
		});
		this.sharedExpertGate = new RouterLinear(this.at("shared_expert_gate"), {
			inputSize: hiddenSize,
			outputSize: 1
		});
	}
	/** x [numTokens, hiddenSize] -> the same shape */
	forward(x) {
		const routed = this.experts.forward(x, this.gate.forward(x));
		if (!this.sharedExpert || !this.sharedExpertGate) return routed;
		return add(routed, mul(this.sharedExpert.forward(x), sigmoid(this.sharedExpertGate.forward(x))));
	}
};
/** Every decoderSparseStep-th layer has experts, unless mlp_only_layers names it. */
function isSparse(c, layer) {
	return !c.mlpOnlyLayers.includes(layer) && (layer + 1) % c.decoderSparseStep === 0;
}
var Qwen2MoeDecoderLayer = class extends Module {
	inputLayernorm = new RMSNorm(this.at("input_layernorm"), this.config);
	selfAttn;
	postAttentionLayernorm = new RMSNorm(this.at("post_attention_layernorm"), this.config);
	mlp;
	constructor(prefix, layer) {
		super(prefix);
		this.selfAttn = new Qwen2MoeAttention(this.at("self_attn"), layer);
		this.mlp = isSparse(this.config, layer) ? new Qwen2MoeSparseMoeBlock(this.at("mlp")) : new GatedMLP(this.at("mlp"), this.config);
	}
	forward(positions, x) {
		x = add(x, this.selfAttn.forward(positions, this.inputLayernorm.forward(x)));
		return add(x, this.mlp.forward(this.postAttentionLayernorm.forward(x)));
	}
};
var Qwen2MoeModel = class extends Module {
	embedTokens = new VocabParallelEmbedding(this.at("embed_tokens"), this.config);
	layers = this.list("layers", this.config.numHiddenLayers, Qwen2MoeDecoderLayer);
	norm = new RMSNorm(this.at("norm"), this.config);
	forward({ inputIds, positions }) {
		let x = this.embedTokens.forward(inputIds);
		for (const layer of this.layers) x = layer.forward(positions, x);
		return this.norm.forward(x);
	}
};
var Qwen2MoeForCausalLM = class extends CausalLM {
	static config = config;
	model = new Qwen2MoeModel(this.at("model"));
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
export { Qwen2MoeForCausalLM, config };
