import { a as ParallelLMHead, d as RouterLinear, f as RowParallelLinear, l as QKVParallelLinear, o as VocabParallelEmbedding, r as RMSNorm, y as hfConfig } from "./norm-DyVvi7nN.js";
import { t as Attention } from "./attention-Bj9sAKJL.js";
import { n as Module, t as CausalLM } from "./causal-lm-DFVGEESM.js";
import { t as FusedMoE } from "./moe-BWAO_xwR.js";
import { t as RotaryEmbedding } from "./rotary-DM0Bgsfh.js";
import { r as add } from "./rms-norm-DGbW-n_s.js";
// src/models/gpt-oss.ts
const config = hfConfig((f) => ({
	hiddenSize: f.int(),
	intermediateSize: f.int(),
	numHiddenLayers: f.int(),
	heads: f.heads({ headDim: 64 }),
	rope: f.rope({
		theta: 15e4,
		defaultHeadDim: 64
	}),
	vocabSize: f.int(),
	rmsNormEps: f.number(1e-5),
	attentionBias: f.boolean(true),
	slidingWindows: f.slidingWindows({
		window: 128,
		pattern: 2
	}),
	numExperts: f.int(void 0, { from: ["num_local_experts", "num_experts"] }),
	numExpertsPerTok: f.int(4),
	swigluAlpha: f.number(1.702),
	swigluLimit: f.number(7),
	tieWordEmbeddings: f.boolean(false)
}));
var GptOssAttention = class extends Module {
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
	rotaryEmb = new RotaryEmbedding(this.at("rotary_emb"), this.c.rope);
	attention;
	constructor(prefix, layer) {
		super(prefix);
		const { heads } = this.c;
		this.attention = new Attention(this.at("attn"), {
			...heads,
			scale: heads.headDim ** -.5,
			slidingWindow: this.c.slidingWindows[layer],
			sinks: "sinks"
		});
	}
	/** positions [numTokens] i32, x [numTokens, hiddenSize] -> [numTokens, hiddenSize] */
	forward(positions, x) {
		const [q, k, v] = this.qkvProj.forward(x);
		return this.oProj.forward(this.attention.forward(...this.rotaryEmb.forward(positions, q, k), v));
	}
};
var GptOssMLP = class extends Module {
	c = this.config;
	router = new RouterLinear(this.at("router"), {
		inputSize: this.c.hiddenSize,
		outputSize: this.c.numExperts,
		bias: true
	});
	experts = new FusedMoE(this.at("experts"), {
		...this.c,
		topK: this.c.numExpertsPerTok,
		hiddenAct: {
			alpha: this.c.swigluAlpha,
			limit: this.c.swigluLimit
		},
		renormalize: true,
		names: {
			gateUp: "gate_up_proj",
			down: "down_proj",
			transposed: true,
			alternating: true
		},
		bias: true
	});
	/** x [numTokens, hiddenSize] -> the same shape */
	forward(x) {
		return this.experts.forward(x, this.router.forward(x));
	}
};
var GptOssDecoderLayer = class extends Module {
	inputLayernorm = new RMSNorm(this.at("input_layernorm"), this.config);
	selfAttn;
	postAttentionLayernorm = new RMSNorm(this.at("post_attention_layernorm"), this.config);
	mlp = new GptOssMLP(this.at("mlp"));
	constructor(prefix, layer) {
		super(prefix);
		this.selfAttn = new GptOssAttention(this.at("self_attn"), layer);
	}
	forward(positions, x) {
		x = add(x, this.selfAttn.forward(positions, this.inputLayernorm.forward(x)));
		return add(x, this.mlp.forward(this.postAttentionLayernorm.forward(x)));
	}
};
var GptOssModel = class extends Module {
	embedTokens = new VocabParallelEmbedding(this.at("embed_tokens"), this.config);
	layers = this.list("layers", this.config.numHiddenLayers, GptOssDecoderLayer);
	norm = new RMSNorm(this.at("norm"), this.config);
	forward({ inputIds, positions }) {
		let x = this.embedTokens.forward(inputIds);
		for (const layer of this.layers) x = layer.forward(positions, x);
		return this.norm.forward(x);
	}
};
var GptOssForCausalLM = class extends CausalLM {
	static config = config;
	model = new GptOssModel(this.at("model"));
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
export { GptOssForCausalLM, config };
