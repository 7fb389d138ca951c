import { a as ParallelLMHead, f as RowParallelLinear, l as QKVParallelLinear, n as LayerNorm, o as VocabParallelEmbedding, y as hfConfig } from "./norm-DyVvi7nN.js";
import { t as Attention } from "./attention-Bj9sAKJL.js";
import { n as Module, t as CausalLM } from "./causal-lm-DFVGEESM.js";
import { t as MLP } from "./mlp-CccJnq-2.js";
import { t as RotaryEmbedding } from "./rotary-DM0Bgsfh.js";
import { n as activationKinds } from "./activation-BsHeAGxe.js";
import { r as add } from "./rms-norm-DGbW-n_s.js";
// src/models/gptj.ts
const config = hfConfig((f) => ({
	hiddenSize: f.int(void 0, { from: ["n_embd", "hidden_size"] }),
	innerSize: f.optionalInt({ from: "n_inner" }),
	numHiddenLayers: f.int(void 0, { from: ["n_layer", "num_hidden_layers"] }),
	heads: f.heads(),
	rope: f.rope({ rotaryDimFrom: "rotary_dim" }),
	vocabSize: f.int(),
	activationFunction: f.oneOf(activationKinds, "gelu_new"),
	layerNormEpsilon: f.number(1e-5),
	tieWordEmbeddings: f.boolean(false)
}));
const normOptions = (c) => ({
	hiddenSize: c.hiddenSize,
	eps: c.layerNormEpsilon
});
var GPTJAttention = class extends Module {
	c = this.config;
	qkvProj = new QKVParallelLinear(this.at("qkv_proj"), {
		inputSize: this.c.hiddenSize,
		...this.c.heads
	});
	outProj = new RowParallelLinear(this.at("out_proj"), {
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
		return this.outProj.forward(this.attention.forward(...this.rotaryEmb.forward(positions, q, k), v));
	}
};
var GPTJBlock = class extends Module {
	c = this.config;
	ln1 = new LayerNorm(this.at("ln_1"), normOptions(this.c));
	attn = new GPTJAttention(this.at("attn"));
	mlp = new MLP(this.at("mlp"), {
		hiddenSize: this.c.hiddenSize,
		intermediateSize: this.c.innerSize ?? 4 * this.c.hiddenSize,
		hiddenAct: this.c.activationFunction,
		names: ["fc_in", "fc_out"],
		bias: true
	});
	forward(positions, x) {
		const h = this.ln1.forward(x);
		return add(x, add(this.attn.forward(positions, h), this.mlp.forward(h)));
	}
};
var GPTJModel = class extends Module {
	wte = new VocabParallelEmbedding(this.at("wte"), this.config);
	h = this.list("h", this.config.numHiddenLayers, GPTJBlock);
	lnF = new LayerNorm(this.at("ln_f"), normOptions(this.config));
	forward({ inputIds, positions }) {
		let x = this.wte.forward(inputIds);
		for (const block of this.h) x = block.forward(positions, x);
		return this.lnF.forward(x);
	}
};
var GPTJForCausalLM = class extends CausalLM {
	static config = config;
	/** The causal mask, once a parameter. */
	static ignored = [/\.attn\.bias$/];
	transformer = new GPTJModel(this.at("transformer"));
	lmHead = new ParallelLMHead(this.at("lm_head"), {
		...this.config,
		bias: true,
		tiedTo: this.transformer.wte
	});
	forward(step) {
		return this.transformer.forward(step);
	}
	computeLogits(rows) {
		return this.lmHead.forward(rows);
	}
};
export { GPTJForCausalLM, config };
