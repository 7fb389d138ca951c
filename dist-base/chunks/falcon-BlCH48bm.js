import { a as ParallelLMHead, f as RowParallelLinear, l as QKVParallelLinear, n as LayerNorm, o as VocabParallelEmbedding, y as hfConfig } from "./norm-DyVvi7nN.js";
import { c as readHeads } from "./linear-method-BE0KrVb1.js";
import { t as Attention } from "./attention-Bj9sAKJL.js";
import { n as Module, t as CausalLM } from "./causal-lm-DFVGEESM.js";
import { t as MLP } from "./mlp-CccJnq-2.js";
import { t as RotaryEmbedding } from "./rotary-DM0Bgsfh.js";
import { n as activationKinds } from "./activation-BsHeAGxe.js";
import { r as add } from "./rms-norm-DGbW-n_s.js";
import { r as ConfigError } from "./errors-CjlPyKrT.js";
// src/models/falcon.ts
/** num_kv_heads counts in the new architecture; before, there was one KV head, or one for each query head. */
function falconHeads(raw) {
	const { new_decoder_architecture: isNew, multi_query: isMultiQuery = true, num_kv_heads: numKvHeads } = raw;
	return readHeads({
		...raw,
		num_key_value_heads: isNew ? numKvHeads : isMultiQuery ? 1 : void 0
	});
}
const config = hfConfig((f) => ({
	hiddenSize: f.int(void 0, { from: ["hidden_size", "n_embed"] }),
	ffnHiddenSize: f.optionalInt(),
	numHiddenLayers: f.int(),
	heads: falconHeads,
	rope: f.rope(),
	vocabSize: f.int(),
	activation: f.oneOf(activationKinds, "gelu"),
	layerNormEpsilon: f.number(1e-5),
	alibi: f.boolean(false),
	bias: f.boolean(false),
	parallelAttn: f.boolean(true),
	multiQuery: f.boolean(true),
	newDecoderArchitecture: f.boolean(false),
	numLnInParallelAttn: f.optionalInt(),
	tieWordEmbeddings: f.boolean(true)
}));
const normOptions = (c) => ({
	hiddenSize: c.hiddenSize,
	eps: c.layerNormEpsilon
});
/** @throws ConfigError for combinations that HF cannot run either */
function blocksOf(c) {
	const { newDecoderArchitecture: isNew, parallelAttn, numLnInParallelAttn: norms = isNew ? 2 : 1 } = c;
	if (!isNew && !parallelAttn) return "sequential";
	if (isNew && parallelAttn && norms === 2) return "two norms";
	if (parallelAttn && norms === 1) return "shared norm";
	throw new ConfigError(`config.json: new_decoder_architecture ${isNew} with parallel_attn ${parallelAttn} and num_ln_in_parallel_attn ${norms} is no Falcon; the new architecture has parallel_attn and 1 or 2 norms, the old one has 1`);
}
var FalconAttention = class extends Module {
	c = this.config;
	queryKeyValue = new QKVParallelLinear(this.at("query_key_value"), {
		inputSize: this.c.hiddenSize,
		...this.c.heads,
		bias: this.c.bias,
		fused: "grouped"
	});
	dense = new RowParallelLinear(this.at("dense"), {
		inputSize: this.c.heads.size,
		outputSize: this.c.hiddenSize,
		bias: this.c.bias
	});
	rotaryEmb = this.c.alibi ? void 0 : new RotaryEmbedding(this.at("rotary_emb"), this.c.rope);
	scale = this.c.heads.headDim ** -.5;
	/** The biases are scaled with the products. HF's eager attention adds them twice, its default once, as the models learned. */
	attention = new Attention(this.at("attn"), {
		...this.c.heads,
		scale: this.scale,
		alibi: this.c.alibi ? {
			scale: this.scale,
			rounding: "bf16"
		} : false
	});
	/** positions [numTokens] i32, x [numTokens, hiddenSize] -> [numTokens, hiddenSize] */
	forward(positions, x) {
		let [q, k, v] = this.queryKeyValue.forward(x);
		if (this.rotaryEmb) [q, k] = this.rotaryEmb.forward(positions, q, k);
		return this.dense.forward(this.attention.forward(q, k, v));
	}
};
var FalconDecoderLayer = class extends Module {
	c = this.config;
	blocks = blocksOf(this.c);
	selfAttention = new FalconAttention(this.at("self_attention"));
	mlp = new MLP(this.at("mlp"), {
		hiddenSize: this.c.hiddenSize,
		intermediateSize: this.c.ffnHiddenSize ?? 4 * this.c.hiddenSize,
		hiddenAct: this.c.activation,
		names: ["dense_h_to_4h", "dense_4h_to_h"],
		bias: this.c.bias
	});
	lnAttn = new LayerNorm(this.at(this.blocks === "two norms" ? "ln_attn" : "input_layernorm"), normOptions(this.c));
	lnMlp = this.blocks === "shared norm" ? void 0 : new LayerNorm(this.at(this.blocks === "two norms" ? "ln_mlp" : "post_attention_layernorm"), normOptions(this.c));
	forward(positions, x) {
		const h = this.lnAttn.forward(x);
		const attended = this.selfAttention.forward(positions, h);
		if (this.blocks === "sequential") {
			x = add(x, attended);
			return add(x, this.mlp.forward(this.lnMlp.forward(x)));
		}
		return add(x, add(attended, this.mlp.forward(this.lnMlp ? this.lnMlp.forward(x) : h)));
	}
};
var FalconModel = class extends Module {
	wordEmbeddings = new VocabParallelEmbedding(this.at("word_embeddings"), this.config);
	h = this.list("h", this.config.numHiddenLayers, FalconDecoderLayer);
	lnF = new LayerNorm(this.at("ln_f"), normOptions(this.config));
	forward({ inputIds, positions }) {
		let x = this.wordEmbeddings.forward(inputIds);
		for (const layer of this.h) x = layer.forward(positions, x);
		return this.lnF.forward(x);
	}
};
var FalconForCausalLM = class extends CausalLM {
	static config = config;
	transformer = new FalconModel(this.at("transformer"));
	lmHead = new ParallelLMHead(this.at("lm_head"), {
		...this.config,
		bias: false,
		tiedTo: this.transformer.wordEmbeddings
	});
	forward(step) {
		return this.transformer.forward(step);
	}
	computeLogits(rows) {
		return this.lmHead.forward(rows);
	}
};
export { FalconForCausalLM, config };
