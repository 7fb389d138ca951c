import { a as ParallelLMHead, f as RowParallelLinear, l as QKVParallelLinear, o as VocabParallelEmbedding, r as RMSNorm, y as hfConfig } from "./norm-DyVvi7nN.js";
import { t as Attention } from "./attention-Bj9sAKJL.js";
import { n as Module, t as CausalLM } from "./causal-lm-DFVGEESM.js";
import { t as GatedMLP } from "./gated-mlp-Diu9rZLi.js";
import { t as RotaryEmbedding } from "./rotary-DM0Bgsfh.js";
import { n as activationKinds } from "./activation-BsHeAGxe.js";
import { r as add } from "./rms-norm-DGbW-n_s.js";
// src/models/exaone4.ts
const config = hfConfig((f) => ({
	hiddenSize: f.int(),
	intermediateSize: f.int(),
	numHiddenLayers: f.int(),
	heads: f.heads(),
	rope: f.rope(),
	vocabSize: f.int(),
	hiddenAct: f.oneOf(activationKinds, "silu"),
	rmsNormEps: f.number(1e-5),
	slidingWindow: f.optionalInt({ fallback: 4096 }),
	slidingWindows: f.slidingWindows({
		window: 4096,
		pattern: 4
	}),
	tieWordEmbeddings: f.boolean(false)
}));
var Exaone4Attention = class extends Module {
	c = this.config;
	qkvProj = new QKVParallelLinear(this.at("qkv_proj"), {
		inputSize: this.c.hiddenSize,
		...this.c.heads
	});
	oProj = new RowParallelLinear(this.at("o_proj"), {
		inputSize: this.c.heads.size,
		outputSize: this.c.hiddenSize
	});
	qNorm = new RMSNorm(this.at("q_norm"), {
		...this.c,
		hiddenSize: this.c.heads.headDim
	});
	kNorm = new RMSNorm(this.at("k_norm"), {
		...this.c,
		hiddenSize: this.c.heads.headDim
	});
	rotaryEmb;
	attention;
	/** Where layers have windows, those that see everything do not rotate; without windows all do. */
	constructor(prefix, layer) {
		super(prefix);
		const { heads, rope } = this.c;
		const slidingWindow = this.c.slidingWindows[layer];
		if (this.c.slidingWindow === void 0 || slidingWindow !== void 0) this.rotaryEmb = new RotaryEmbedding(this.at("rotary_emb"), rope);
		this.attention = new Attention(this.at("attn"), {
			...heads,
			scale: heads.headDim ** -.5,
			slidingWindow
		});
	}
	/** positions [numTokens] i32, x [numTokens, hiddenSize] -> [numTokens, hiddenSize] */
	forward(positions, x) {
		const [query, key, v] = this.qkvProj.forward(x);
		let [q, k] = [this.qNorm.forward(query), this.kNorm.forward(key)];
		if (this.rotaryEmb) [q, k] = this.rotaryEmb.forward(positions, q, k);
		return this.oProj.forward(this.attention.forward(q, k, v));
	}
};
var Exaone4DecoderLayer = class extends Module {
	selfAttn;
	postAttentionLayernorm = new RMSNorm(this.at("post_attention_layernorm"), this.config);
	mlp = new GatedMLP(this.at("mlp"), this.config);
	postFeedforwardLayernorm = new RMSNorm(this.at("post_feedforward_layernorm"), this.config);
	constructor(prefix, layer) {
		super(prefix);
		this.selfAttn = new Exaone4Attention(this.at("self_attn"), layer);
	}
	/** Norms stand after each block. */
	forward(positions, x) {
		x = add(x, this.postAttentionLayernorm.forward(this.selfAttn.forward(positions, x)));
		return add(x, this.postFeedforwardLayernorm.forward(this.mlp.forward(x)));
	}
};
var Exaone4Model = class extends Module {
	embedTokens = new VocabParallelEmbedding(this.at("embed_tokens"), this.config);
	layers = this.list("layers", this.config.numHiddenLayers, Exaone4DecoderLayer);
	norm = new RMSNorm(this.at("norm"), this.config);
	forward({ inputIds, positions }) {
		let x = this.embedTokens.forward(inputIds);
		for (const layer of this.layers) x = layer.forward(positions, x);
		return this.norm.forward(x);
	}
};
var Exaone4ForCausalLM = class extends CausalLM {
	static config = config;
	model = new Exaone4Model(this.at("model"));
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
export { Exaone4ForCausalLM, config };
