import { a as ParallelLMHead, f as RowParallelLinear, l as QKVParallelLinear, o as VocabParallelEmbedding, r as RMSNorm, y as hfConfig } from "./norm-DyVvi7nN.js";
import { t as Attention } from "./attention-Bj9sAKJL.js";
import { n as Module, t as CausalLM } from "./causal-lm-DFVGEESM.js";
import { t as GatedMLP } from "./gated-mlp-Diu9rZLi.js";
import { t as RotaryEmbedding } from "./rotary-DM0Bgsfh.js";
import { n as activationKinds } from "./activation-BsHeAGxe.js";
import { r as add } from "./rms-norm-DGbW-n_s.js";
// src/models/glm4.ts
const config = hfConfig((f) => ({
	hiddenSize: f.int(),
	intermediateSize: f.int(),
	numHiddenLayers: f.int(),
	heads: f.heads({ headDim: 128 }),
	rope: f.rope({
		partialRotaryFactor: .5,
		defaultHeadDim: 128
	}),
	vocabSize: f.int(),
	hiddenAct: f.oneOf(activationKinds, "silu"),
	rmsNormEps: f.number(1.5625e-7),
	attentionBias: f.boolean(true),
	tieWordEmbeddings: f.boolean(false)
}));
var Glm4Attention = class extends Module {
	c = this.config;
	qkvProj = new QKVParallelLinear(this.at("qkv_proj"), {
		inputSize: this.c.hiddenSize,
		...this.c.heads,
		bias: this.c.attentionBias
	});
	oProj = new RowParallelLinear(this.at("o_proj"), {
		inputSize: this.c.heads.size,
		outputSize: this.c.hiddenSize
	});
	rotaryEmb = new RotaryEmbedding(this.at("rotary_emb"), this.c.rope, { style: "gptj" });
	attention = new Attention(this.at("attn"), {
		...this.c.heads,
		scale: this.c.heads.headDim ** -.5
	});
	/** positions [numTokens] i32, x [numTokens, hiddenSize] -> [numTokens, hiddenSize] */
	forward(positions, x) {
		const [q, k, v] = this.qkvProj.forward(x);
		return this.oProj.forward(this.attention.forward(...this.rotaryEmb.forward(positions, q, k), v));
	}
};
var Glm4DecoderLayer = class extends Module {
	inputLayernorm = new RMSNorm(this.at("input_layernorm"), this.config);
	selfAttn = new Glm4Attention(this.at("self_attn"));
	postSelfAttnLayernorm = new RMSNorm(this.at("post_self_attn_layernorm"), this.config);
	postAttentionLayernorm = new RMSNorm(this.at("post_attention_layernorm"), this.config);
	mlp = new GatedMLP(this.at("mlp"), {
		...this.config,
		fused: "stacked"
	});
	postMlpLayernorm = new RMSNorm(this.at("post_mlp_layernorm"), this.config);
	/** post_attention_layernorm stands before the second block, the other two "post" norms after a block. */
	forward(positions, x) {
		const attended = this.selfAttn.forward(positions, this.inputLayernorm.forward(x));
		x = add(x, this.postSelfAttnLayernorm.forward(attended));
		const fed = this.mlp.forward(this.postAttentionLayernorm.forward(x));
		return add(x, this.postMlpLayernorm.forward(fed));
	}
};
var Glm4Model = class extends Module {
	embedTokens = new VocabParallelEmbedding(this.at("embed_tokens"), this.config);
	layers = this.list("layers", this.config.numHiddenLayers, Glm4DecoderLayer);
	norm = new RMSNorm(this.at("norm"), this.config);
	forward({ inputIds, positions }) {
		let x = this.embedTokens.forward(inputIds);
		for (const layer of this.layers) x = layer.forward(positions, x);
		return this.norm.forward(x);
	}
};
var Glm4ForCausalLM = class extends CausalLM {
	static config = config;
	model = new Glm4Model(this.at("model"));
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
export { Glm4ForCausalLM, config };
