import { i as gatedActivation, n as activationKinds } from "./activation-BsHeAGxe.js";
import { a as checkOneOf, n as Module, o as checkSizes } from "./causal-lm-DFVGEESM.js";
import { c as MergedColumnParallelLinear, f as RowParallelLinear } from "./norm-DyVvi7nN.js";
// src/layers/gated-mlp.ts
/** The gated feed-forward block that most decoders share: down(act(gate(x)) * up(x)). */
/**
* Names in the checkpoint: gate_proj, up_proj, down_proj; with `fused: "stacked"` gate_up_proj, down_proj. A config with
* hiddenSize, intermediateSize and hiddenAct fits as it is. Source: Shazeer 2020; HF LlamaMLP.
*/
var GatedMLP = class extends Module {
	gateUpProj;
	downProj;
	kind;
	constructor(prefix, options) {
		super(prefix);
		const { hiddenSize, intermediateSize, mlpBias: bias = false } = options;
		checkSizes(prefix, {
			hiddenSize,
			intermediateSize
		});
		checkOneOf(prefix, "hiddenAct", options.hiddenAct, activationKinds);
		this.gateUpProj = new MergedColumnParallelLinear(this.at("gate_up_proj"), {
			inputSize: hiddenSize,
			outputSizes: [intermediateSize, intermediateSize],
			fused: options.fused,
			bias
		});
		this.downProj = new RowParallelLinear(this.at("down_proj"), {
			inputSize: intermediateSize,
			outputSize: hiddenSize,
			bias
		});
		this.kind = options.hiddenAct;
	}
	/** x [numTokens, hiddenSize] f32 -> the same shape */
	forward(x) {
		return this.downProj.forward(gatedActivation(this.gateUpProj.forward(x), this.kind));
	}
};
export { GatedMLP as t };
