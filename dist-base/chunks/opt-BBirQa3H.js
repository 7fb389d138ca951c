import { a as ParallelLMHead, f as RowParallelLinear, i as Embedding, l as QKVParallelLinear, n as LayerNorm, o as VocabParallelEmbedding, s as ColumnParallelLinear, u as ReplicatedLinear, y as hfConfig } from "./norm-DyVvi7nN.js";
import { t as Attention } from "./attention-Bj9sAKJL.js";
import { n as Module, t as CausalLM } from "./causal-lm-DFVGEESM.js";
import { n as activationKinds, t as activation } from "./activation-BsHeAGxe.js";
import { r as add } from "./rms-norm-DGbW-n_s.js";
// src/models/opt.ts
const config = hfConfig((f) => ({
	hiddenSize: f.int(),
	ffnDim: f.int(),
	numHiddenLayers: f.int(),
	heads: f.heads(),
	vocabSize: f.int(),
	maxPositionEmbeddings: f.int(2048),
	wordEmbedProjDim: f.optionalInt(),
	activationFunction: f.oneOf(activationKinds, "relu"),
	doLayerNormBefore: f.boolean(true),
	removeFinalLayerNorm: f.boolean(false, { from: "_remove_final_layer_norm" }),
	layerNormElementwiseAffine: f.boolean(true),
	enableBias: f.boolean(true),
	tieWordEmbeddings: f.boolean(true)
}));
/** torch's default; config.json has no field for it. */
const layerNormEps = 1e-5;
function normOptions(c) {
	return {
		hiddenSize: c.hiddenSize,
		eps: layerNormEps,
		affine: c.layerNormElementwiseAffine
	};
}
var OPTAttention = class extends Module {
	c = this.config;
	qkvProj = new QKVParallelLinear(this.at("qkv_proj"), {
		inputSize: this.c.hiddenSize,
		...this.c.heads,
		bias: this.c.enableBias
	});
	outProj = new RowParallelLinear(this.at("out_proj"), {
		inputSize: this.c.heads.size,
		outputSize: this.c.hiddenSize,
		bias: this.c.enableBias
	});
	attention = new Attention(this.at("attn"), {
		...this.c.heads,
		scale: this.c.heads.headDim ** -.5
	});
	/** x [numTokens, hiddenSize] -> [numTokens, hiddenSize] */
	forward(x) {
		return this.outProj.forward(this.attention.forward(...this.qkvProj.forward(x)));
	}
};
var OPTDecoderLayer = class extends Module {
	c = this.config;
	selfAttn = new OPTAttention(this.at("self_attn"));
	selfAttnLayerNorm = new LayerNorm(this.at("self_attn_layer_norm"), normOptions(this.c));
	fc1 = new ColumnParallelLinear(this.at("fc1"), {
		inputSize: this.c.hiddenSize,
		outputSize: this.c.ffnDim,
		bias: this.c.enableBias
	});
	fc2 = new RowParallelLinear(this.at("fc2"), {
		inputSize: this.c.ffnDim,
		outputSize: this.c.hiddenSize,
		bias: this.c.enableBias
	});
	finalLayerNorm = new LayerNorm(this.at("final_layer_norm"), normOptions(this.c));
	/** The 350m model normalizes after each block, all others before. */
	forward(x) {
		const before = this.c.doLayerNormBefore;
		x = add(x, this.selfAttn.forward(before ? this.selfAttnLayerNorm.forward(x) : x));
		if (!before) x = this.selfAttnLayerNorm.forward(x);
		x = add(x, this.mlp(before ? this.finalLayerNorm.forward(x) : x));
		return before ? x : this.finalLayerNorm.forward(x);
	}
	mlp(x) {
		return this.fc2.forward(activation(this.fc1.forward(x), this.c.activationFunction));
	}
};
var OPTDecoder = class extends Module {
	c = this.config;
	embedDim = this.c.wordEmbedProjDim ?? this.c.hiddenSize;
	embedTokens = new VocabParallelEmbedding(this.at("embed_tokens"), {
		vocabSize: this.c.vocabSize,
		hiddenSize: this.embedDim
	});
	embedPositions = new Embedding(this.at("embed_positions"), {
		numEmbeddings: this.c.maxPositionEmbeddings + 2,
		embeddingDim: this.c.hiddenSize,
		offset: 2
	});
	projects = this.embedDim !== this.c.hiddenSize;
	projectIn = this.projects ? new ReplicatedLinear(this.at("project_in"), {
		inputSize: this.embedDim,
		outputSize: this.c.hiddenSize
	}) : void 0;
	projectOut = this.projects ? new ReplicatedLinear(this.at("project_out"), {
		inputSize: this.c.hiddenSize,
		outputSize: this.embedDim
	}) : void 0;
	layers = this.list("layers", this.c.numHiddenLayers, OPTDecoderLayer);
	finalLayerNorm = this.c.doLayerNormBefore && !this.c.removeFinalLayerNorm ? new LayerNorm(this.at("final_layer_norm"), normOptions(this.c)) : void 0;
	forward({ inputIds, positions }) {
		let x = this.embedTokens.forward(inputIds);
		if (this.projectIn) x = this.projectIn.forward(x);
		x = add(x, this.embedPositions.forward(positions));
		for (const layer of this.layers) x = layer.forward(x);
		if (this.finalLayerNorm) x = this.finalLayerNorm.forward(x);
		return this.projectOut ? this.projectOut.forward(x) : x;
	}
};
var OPTForCausalLM = class extends CausalLM {
	static config = config;
	/** opt-350m was published without the outer "model.". */
	static renames = [[/^decoder\./, "model.decoder."]];
	decoder = new OPTDecoder(this.at("model.decoder"));
	lmHead = new ParallelLMHead(this.at("lm_head"), {
		vocabSize: this.config.vocabSize,
		hiddenSize: this.decoder.embedDim,
		tieWordEmbeddings: this.config.tieWordEmbeddings,
		tiedTo: this.decoder.embedTokens
	});
	forward(step) {
		return this.decoder.forward(step);
	}
	computeLogits(rows) {
		return this.lmHead.forward(rows);
	}
};
export { OPTForCausalLM, config };
