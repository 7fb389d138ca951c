import { n as activationKinds, t as activation } from "./activation-BsHeAGxe.js";
import { a as checkOneOf, n as Module, o as checkSizes } from "./causal-lm-DFVGEESM.js";
import { f as RowParallelLinear, s as ColumnParallelLinear } from "./norm-DyVvi7nN.js";
// src/layers/mlp.ts
/** The feed-forward block without a gate, of older decoders: down(act(up(x))). */
/** Source: Vaswani et al. 2017; HF GPT2MLP and its like. */
var MLP = class extends Module {
	up;
	down;
	kind;
	constructor(prefix, options) {
		super(prefix);
		const { hiddenSize, intermediateSize, bias, transposed, names } = options;
		checkSizes(prefix, {
			hiddenSize,
			intermediateSize
		});
		checkOneOf(prefix, "hiddenAct", options.hiddenAct, activationKinds);
		const up = {
			inputSize: hiddenSize,
			outputSize: intermediateSize,
			bias,
			transposed
		};
		const down = {
			inputSize: intermediateSize,
			outputSize: hiddenSize,
			bias,
			transposed
		};
		this.up = new ColumnParallelLinear(this.at(names[0]), up);
		this.down = new RowParallelLinear(this.at(names[1]), down);
		this.kind = options.hiddenAct;
	}
	/** x [numTokens, hiddenSize] f32 -> the same shape */
	forward(x) {
		return this.down.forward(activation(this.up.forward(x), this.kind));
	}
};
export { MLP as t };
