import { a as ParallelLMHead, o as VocabParallelEmbedding, r as RMSNorm, y as hfConfig } from "./norm-DyVvi7nN.js";
import { a as timeStepLimit, r as mamba2Heads } from "./decay-DmAunr5Y.js";
import { n as Module, t as CausalLM } from "./causal-lm-DFVGEESM.js";
import { t as Mamba2Mixer } from "./mamba2-mixer-BQiBfLTO.js";
import { n as activationKinds } from "./activation-BsHeAGxe.js";
import { r as add } from "./rms-norm-DGbW-n_s.js";
// src/models/mamba2.ts
const config = hfConfig((f) => ({
	hiddenSize: f.int(),
	numHiddenLayers: f.int(),
	vocabSize: f.int(),
	heads: mamba2Heads,
	stateSize: f.int(128),
	timeStepLimit,
	convKernel: f.int(4),
	useBias: f.boolean(false),
	useConvBias: f.boolean(true),
	hiddenAct: f.oneOf(activationKinds, "silu"),
	rmsNormEps: f.number(1e-5, { from: "layer_norm_epsilon" }),
	tieWordEmbeddings: f.boolean(false)
}));
/** The residual stream is f32 whatever residual_in_fp32 says. */
var Mamba2Block = class extends Module {
	norm = new RMSNorm(this.at("norm"), this.config);
	mixer = new Mamba2Mixer(this.at("mixer"), {
		...this.config,
		...this.config.heads
	});
	forward(x) {
		return add(x, this.mixer.forward(this.norm.forward(x)));
	}
};
var Mamba2Model = class extends Module {
	embeddings = new VocabParallelEmbedding(this.at("embeddings"), this.config);
	layers = this.list("layers", this.config.numHiddenLayers, Mamba2Block);
	normF = new RMSNorm(this.at("norm_f"), this.config);
	forward({ inputIds }) {
		let x = this.embeddings.forward(inputIds);
		for (const layer of this.layers) x = layer.forward(x);
		return this.normF.forward(x);
	}
};
var Mamba2ForCausalLM = class extends CausalLM {
	static config = config;
	/** Older checkpoints have the singular. */
	static renames = [[/^backbone\.embedding\./, "backbone.embeddings."]];
	backbone = new Mamba2Model(this.at("backbone"));
	lmHead = new ParallelLMHead(this.at("lm_head"), {
		...this.config,
		tiedTo: this.backbone.embeddings
	});
	forward(step) {
		return this.backbone.forward(step);
	}
	computeLogits(rows) {
		return this.lmHead.forward(rows);
	}
};
export { Mamba2ForCausalLM, config };
