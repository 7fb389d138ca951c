import { a as ParallelLMHead, f as RowParallelLinear, i as Embedding, l as QKVParallelLinear, n as LayerNorm, o as VocabParallelEmbedding, y as hfConfig } from "./norm-DyVvi7nN.js";
import { t as Attention } from "./attention-Bj9sAKJL.js";
import { n as Module, t as CausalLM } from "./causal-lm-DFVGEESM.js";
import { t as MLP } from "./mlp-CccJnq-2.js";
import { n as activationKinds } from "./activation-BsHeAGxe.js";
import { r as add } from "./rms-norm-DGbW-n_s.js";
// src/models/gpt2.ts
const config = hfConfig((f) => ({
	hiddenSize: f.int(void 0, { from: ["n_embd", "hidden_size"] }),
	innerSize: f.optionalInt({ from: "n_inner" }),
	numHiddenLayers: f.int(void 0, { from: ["n_layer", "num_hidden_layers"] }),
	heads: f.heads(),
	vocabSize: f.int(),
	numPositions: f.int(1024, { from: ["n_positions", "max_position_embeddings"] }),
	activationFunction: f.oneOf(activationKinds, "gelu_new"),
	layerNormEpsilon: f.number(1e-5),
	scaleAttnWeights: f.boolean(true),
	scaleAttnByInverseLayerIdx: f.boolean(false),
	addCrossAttention: f.only(false),
	tieWordEmbeddings: f.boolean(true)
}));
const normOptions = (c) => ({
	hiddenSize: c.hiddenSize,
	eps: c.layerNormEpsilon
});
/** Of q k^T in one layer. reorder_and_upcast_attn says only in which order half precision is scaled. */
function attentionScale(c, layer) {
	const scale = c.scaleAttnWeights ? c.heads.headDim ** -.5 : 1;
	return c.scaleAttnByInverseLayerIdx ? scale / (layer + 1) : scale;
}
var GPT2Attention = class extends Module {
	c = this.config;
	cAttn = new QKVParallelLinear(this.at("c_attn"), {
		inputSize: this.c.hiddenSize,
		...this.c.heads,
		bias: true,
		fused: "stacked",
		transposed: true
	});
	cProj = new RowParallelLinear(this.at("c_proj"), {
		inputSize: this.c.heads.size,
		outputSize: this.c.hiddenSize,
		bias: true,
		transposed: true
	});
	attention;
	constructor(prefix, layer) {
		super(prefix);
		this.attention = new Attention(this.at("attn"), {
			...this.c.heads,
			scale: attentionScale(this.c, layer)
		});
	}
	/** x [numTokens, hiddenSize] -> [numTokens, hiddenSize] */
	forward(x) {
		return this.cProj.forward(this.attention.forward(...this.cAttn.forward(x)));
	}
};
var GPT2Block = class extends Module {
	c = this.config;
	ln1 = new LayerNorm(this.at("ln_1"), normOptions(this.c));
	attn;
	ln2 = new LayerNorm(this.at("ln_2"), normOptions(this.c));
	mlp = new MLP(this.at("mlp"), {
		hiddenSize: this.c.hiddenSize,
		intermediateSize: this.c.innerSize ?? 4 * this.c.hiddenSize,
		hiddenAct: this.c.activationFunction,
		names: ["c_fc", "c_proj"],
		bias: true,
		transposed: true
	});
	constructor(prefix, layer) {
		super(prefix);
		this.attn = new GPT2Attention(this.at("attn"), layer);
	}
	forward(x) {
		x = add(x, this.attn.forward(this.ln1.forward(x)));
		return add(x, this.mlp.forward(this.ln2.forward(x)));
	}
};
var GPT2Model = class extends Module {
	c = this.config;
	wte = new VocabParallelEmbedding(this.at("wte"), this.c);
	wpe = new Embedding(this.at("wpe"), {
		numEmbeddings: this.c.numPositions,
		embeddingDim: this.c.hiddenSize
	});
	h = this.list("h", this.c.numHiddenLayers, GPT2Block);
	lnF = new LayerNorm(this.at("ln_f"), normOptions(this.c));
	forward({ inputIds, positions }) {
		let x = add(this.wte.forward(inputIds), this.wpe.forward(positions));
		for (const block of this.h) x = block.forward(x);
		return this.lnF.forward(x);
	}
};
var GPT2LMHeadModel = class extends CausalLM {
	static config = config;
	/** Published files are those of the inner model. */
	static renames = [[/^(?=(wte|wpe|h|ln_f)\.)/, "transformer."]];
	/** The causal mask, once a parameter. */
	static ignored = [/\.attn\.bias$/];
	transformer = new GPT2Model(this.at("transformer"));
	lmHead = new ParallelLMHead(this.at("lm_head"), {
		...this.config,
		tiedTo: this.transformer.wte
	});
	forward(step) {
		return this.transformer.forward(step);
	}
	computeLogits(rows) {
		return this.lmHead.forward(rows);
	}
};
export { GPT2LMHeadModel, config };
