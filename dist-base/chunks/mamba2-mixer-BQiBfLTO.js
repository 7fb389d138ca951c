import { n as gatedRmsNorm, t as ssdScan } from "./ssd-scan-Dm29emrf.js";
import { c as shardRange, i as checkNumber, n as Module, o as checkSizes, r as Source } from "./causal-lm-DFVGEESM.js";
import { r as ConfigError, u as UnsupportedError } from "./errors-CjlPyKrT.js";
import { n as CausalConv1d, t as declareDecay } from "./decay-DmAunr5Y.js";
import { _ as stateOf, c as MergedColumnParallelLinear, f as RowParallelLinear, h as declareState } from "./norm-DyVvi7nN.js";
// src/layers/gated-rms-norm.ts
/** The norm at the end of a Mamba-2 mixer. */
/** RMS norm of x * silu(gate), over groups of columns. HF MambaRMSNormGated; Zamba2RMSNormGated has groups. */
var GatedRMSNorm = class extends Module {
	weight;
	eps;
	groupSize;
	constructor(prefix, { hiddenSize, rmsNormEps, groupSize = hiddenSize }) {
		super(prefix);
		checkSizes(prefix, {
			hiddenSize,
			groupSize
		});
		checkNumber(prefix, "rmsNormEps", rmsNormEps);
		if (hiddenSize % groupSize !== 0) throw new ConfigError(`${prefix.name}: groupSize must be a divisor of hiddenSize ${hiddenSize}, got ${groupSize}`);
		const { start, count } = shardRange(prefix.name, hiddenSize, prefix.context.parallel);
		const name = prefix.join("weight");
		this.weight = prefix.context.parameters.declare({
			name,
			shape: [count],
			dtype: "f32",
			layout: "rowMajor",
			parts: [{
				source: new Source(name, [hiddenSize]).rows(start, count),
				rowStart: 0,
				rowCount: count
			}]
		});
		this.eps = rmsNormEps;
		this.groupSize = groupSize;
	}
	/** x, gate [numTokens, hiddenSize / worldSize] f32 -> the same shape */
	forward(x, gate) {
		const { worldSize } = this.prefix.context.parallel;
		if (x.size(1) % this.groupSize !== 0) throw new UnsupportedError(`${this.prefix.name}: a mean over ${this.groupSize} columns that lie on several of ${worldSize} ranks is not in this version; use --tensor-parallel-size 1`);
		return gatedRmsNorm(x, gate, this.weight, this.eps, this.groupSize);
	}
};
// src/layers/mamba2-mixer.ts
/**
* Names in the checkpoint: in_proj, conv1d, dt_bias, A_log, D, norm, out_proj. Heads and groups are cut over ranks.
* Source: Dao and Gu 2024; HF Mamba2Mixer.
*/
var Mamba2Mixer = class extends Module {
	options;
	/** Columns of this rank. */
	sizes;
	inProj;
	conv1d;
	dtBias;
	a;
	d;
	norm;
	outProj;
	constructor(prefix, options) {
		super(prefix);
		const { hiddenSize, numHeads, headDim, nGroups, stateSize, useBias: bias } = options;
		checkSizes(prefix, {
			hiddenSize,
			numHeads,
			headDim,
			nGroups,
			stateSize
		});
		if (numHeads % nGroups !== 0) throw new ConfigError(`${prefix.name}: nGroups must be a divisor of numHeads ${numHeads}, got ${nGroups}`);
		this.options = options;
		const { parallel } = prefix.context;
		const [inner, states] = [numHeads * headDim, nGroups * stateSize];
		const heads = shardRange(`${prefix.name}: heads`, numHeads, parallel);
		const groups = shardRange(`${prefix.name}: groups`, nGroups, parallel);
		this.sizes = {
			inner: heads.count * headDim,
			states: groups.count * stateSize,
			heads: heads.count
		};
		this.inProj = new MergedColumnParallelLinear(this.at("in_proj"), {
			inputSize: hiddenSize,
			outputSizes: [
				inner,
				inner,
				states,
				states,
				numHeads
			],
			fused: "stacked",
			bias
		});
		this.conv1d = new CausalConv1d(this.at("conv1d"), {
			channels: [
				inner,
				states,
				states
			],
			kernelSize: options.convKernel,
			bias: options.useConvBias,
			activation: options.hiddenAct
		});
		const perHead = (name) => new Source(prefix.join(name), [numHeads]).rows(heads.start, heads.count);
		this.dtBias = this.declareVector("dt_bias", perHead("dt_bias"));
		this.a = declareDecay(prefix, prefix.join("A_log"), [heads.count], perHead("A_log"));
		this.d = this.declareVector("D", perHead("D"));
		this.norm = new GatedRMSNorm(this.at("norm"), {
			hiddenSize: inner,
			rmsNormEps: options.rmsNormEps,
			groupSize: options.normGroupSize ?? inner
		});
		this.outProj = new RowParallelLinear(this.at("out_proj"), {
			inputSize: inner,
			outputSize: hiddenSize,
			bias
		});
		declareState(prefix, {
			conv: this.conv1d.stateShape,
			scan: [
				heads.count,
				stateSize,
				headDim
			]
		});
	}
	/** x [numTokens, hiddenSize] f32 -> the same shape */
	forward(x) {
		const { tensors, metadata } = stateOf(this.prefix, x);
		const { headDim, stateSize, timeStepLimit } = this.options;
		const { inner, states, heads } = this.sizes;
		const projected = this.inProj.forward(x);
		const [gate, mixed] = [projected.columns(0, inner), projected.columns(inner, inner + 2 * states)];
		const dt = projected.columns(2 * inner + 2 * states, heads);
		const u = this.conv1d.forward(mixed, tensors["conv"], metadata);
		const grouped = (first) => u.columns(first, states).splitLast(states / stateSize, stateSize);
		const [b, c] = [grouped(inner), grouped(inner + states)];
		const scanned = ssdScan({
			x: u.columns(0, inner).splitLast(heads, headDim),
			dt,
			dtBias: this.dtBias,
			a: this.a,
			b,
			c,
			d: this.d
		}, tensors["scan"], metadata, {
			dtMin: timeStepLimit[0],
			dtMax: timeStepLimit[1]
		});
		return this.outProj.forward(this.norm.forward(scanned, gate));
	}
	declareVector(name, source) {
		const rowCount = this.sizes.heads;
		return this.prefix.context.parameters.declare({
			name: this.prefix.join(name),
			shape: [rowCount],
			dtype: "f32",
			layout: "rowMajor",
			parts: [{
				source,
				rowStart: 0,
				rowCount
			}]
		});
	}
};
export { GatedRMSNorm as n, Mamba2Mixer as t };
