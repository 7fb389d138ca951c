import { t as selectiveScan } from "./selective-scan-MR91gwIs.js";
import { c as shardRange, n as Module, o as checkSizes, r as Source } from "./causal-lm-DFVGEESM.js";
import { n as CausalConv1d, t as declareDecay } from "./decay-DmAunr5Y.js";
import { _ as stateOf, c as MergedColumnParallelLinear, f as RowParallelLinear, h as declareState, r as RMSNorm, s as ColumnParallelLinear } from "./norm-DyVvi7nN.js";
// src/layers/mamba-mixer.ts
/**
* Names in the checkpoint: in_proj, conv1d, x_proj, dt_proj, A_log, D, out_proj. Channels are cut over ranks.
* Source: Gu and Dao 2023; HF MambaMixer, FalconMambaMixer.
*/
var MambaMixer = class extends Module {
	options;
	inProj;
	conv1d;
	xProj;
	dtProj;
	norms;
	a;
	d;
	outProj;
	constructor(prefix, options) {
		super(prefix);
		const { hiddenSize, intermediateSize: inner, stateSize, timeStepRank, useBias, mixerRmsEps } = options;
		checkSizes(prefix, {
			hiddenSize,
			intermediateSize: inner,
			stateSize,
			timeStepRank
		});
		this.options = options;
		this.inProj = new MergedColumnParallelLinear(this.at("in_proj"), {
			inputSize: hiddenSize,
			outputSizes: [inner, inner],
			fused: "stacked",
			bias: useBias
		});
		this.conv1d = new CausalConv1d(this.at("conv1d"), {
			channels: [inner],
			kernelSize: options.convKernel,
			bias: options.useConvBias,
			activation: options.hiddenAct
		});
		const projected = {
			inputSize: inner,
			outputSize: timeStepRank + 2 * stateSize
		};
		this.xProj = new RowParallelLinear(this.at("x_proj"), projected);
		const steps = {
			inputSize: timeStepRank,
			outputSize: inner,
			bias: true
		};
		this.dtProj = new ColumnParallelLinear(this.at("dt_proj"), steps);
		const norm = (name, size) => new RMSNorm(this.at(name), {
			hiddenSize: size,
			rmsNormEps: mixerRmsEps,
			affine: false
		});
		if (mixerRmsEps !== void 0) this.norms = [
			norm("dt_layernorm", timeStepRank),
			norm("b_layernorm", stateSize),
			norm("c_layernorm", stateSize)
		];
		const { start, count } = shardRange(prefix.name, inner, prefix.context.parallel);
		const decays = new Source(prefix.join("A_log"), [inner, stateSize]).rows(start, count).transpose();
		this.a = declareDecay(prefix, prefix.join("A_log"), [stateSize, count], decays);
		this.d = prefix.context.parameters.declare({
			name: prefix.join("D"),
			shape: [count],
			dtype: "f32",
			layout: "rowMajor",
			parts: [{
				source: new Source(prefix.join("D"), [inner]).rows(start, count),
				rowStart: 0,
				rowCount: count
			}]
		});
		this.outProj = new RowParallelLinear(this.at("out_proj"), {
			inputSize: inner,
			outputSize: hiddenSize,
			bias: useBias
		});
		declareState(prefix, {
			conv: this.conv1d.stateShape,
			scan: [stateSize, count]
		});
	}
	/** x [numTokens, hiddenSize] f32 -> the same shape */
	forward(x) {
		const { tensors, metadata } = stateOf(this.prefix, x);
		const { stateSize, timeStepRank } = this.options;
		const projected = this.inProj.forward(x);
		const inner = projected.size(1) / 2;
		const u = this.conv1d.forward(projected.columns(0, inner), tensors["conv"], metadata);
		const selected = this.xProj.forward(u);
		let steps = selected.columns(0, timeStepRank);
		let b = selected.columns(timeStepRank, stateSize);
		let c = selected.columns(timeStepRank + stateSize, stateSize);
		if (this.norms) [steps, b, c] = [
			this.norms[0].forward(steps),
			this.norms[1].forward(b),
			this.norms[2].forward(c)
		];
		const scanned = selectiveScan({
			x: u,
			dt: this.dtProj.forward(steps),
			a: this.a,
			b,
			c,
			d: this.d,
			z: projected.columns(inner, inner)
		}, tensors["scan"], metadata);
		return this.outProj.forward(scanned);
	}
};
export { MambaMixer as t };
