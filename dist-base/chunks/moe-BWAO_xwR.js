import { i as gatedActivation, n as activationKinds } from "./activation-BsHeAGxe.js";
import { a as clampedSwiglu, i as topkRouting, n as routingProblem, r as scoringFuncs, t as groupScores } from "./topk-routing-BHjuHnEs.js";
import { r as combineExperts } from "./linear-DwAms2kL.js";
import { a as checkOneOf, c as shardRange, i as checkNumber, n as Module, o as checkSizes, r as Source } from "./causal-lm-DFVGEESM.js";
import { r as ConfigError, u as UnsupportedError } from "./errors-CjlPyKrT.js";
import { i as expertBiasSource } from "./linear-method-BE0KrVb1.js";
// src/layers/moe.ts
/** A mixture of experts: each token goes through its best few of many gated feed-forward blocks. */
/**
* The experts of one layer, and the choice among them. Takes the router's logits: `new RouterLinear(this.at("gate"), …)`; shared
* experts are the model's own, added to the result. Source: Shazeer et al. 2017; HF MixtralSparseMoeBlock; vLLM FusedMoE.
*/
var FusedMoE = class extends Module {
	options;
	gateUp;
	down;
	correctionBias;
	constructor(prefix, options) {
		super(prefix);
		this.options = options;
		checkOptions(prefix, options);
		const { numExperts, hiddenSize, intermediateSize, bias = false } = options;
		const { gateUp, down } = partsOf(prefix, options);
		const sizes = {
			numExperts,
			bias,
			parallelSize: prefix.context.parallel.worldSize
		};
		this.gateUp = declareProjection(prefix, "gate_up_proj", gateUp, {
			...sizes,
			inputSize: hiddenSize
		});
		const inputSize = intermediateSize / sizes.parallelSize;
		this.down = declareProjection(prefix, "down_proj", down, {
			...sizes,
			inputSize
		});
		if (options.correctionBias !== void 0) this.correctionBias = declareVector(prefix, prefix.sibling(options.correctionBias), numExperts);
	}
	/** x [numTokens, hiddenSize] f32, routerLogits [numTokens, numExperts] f32 -> [numTokens, hiddenSize] f32 */
	forward(x, routerLogits) {
		const { hiddenAct } = this.options;
		const { worldSize } = this.prefix.context.parallel;
		if (worldSize > 1) throw new UnsupportedError(`${this.prefix.name}: summing over ${worldSize} ranks is not in this version; use --tensor-parallel-size 1`);
		const { ids, weights } = topkRouting(routerLogits, this.options, this.correctionBias);
		const gateUp = this.gateUp.weight.apply(x, ids, this.gateUp.bias);
		const inner = typeof hiddenAct === "string" ? gatedActivation(gateUp, hiddenAct) : clampedSwiglu(gateUp, hiddenAct.alpha, hiddenAct.limit);
		return combineExperts(this.down.weight.apply(inner, ids, this.down.bias), weights);
	}
};
/** @throws ConfigError naming the option that is wrong */
function checkOptions(prefix, options) {
	const { numExperts, topK, hiddenSize, intermediateSize, hiddenAct } = options;
	checkSizes(prefix, {
		numExperts,
		topK,
		hiddenSize,
		intermediateSize
	});
	if (typeof hiddenAct === "object") {
		checkNumber(prefix, "hiddenAct.alpha", hiddenAct.alpha);
		checkNumber(prefix, "hiddenAct.limit", hiddenAct.limit);
	} else checkOneOf(prefix, "hiddenAct", hiddenAct, activationKinds);
	if (options.scoringFunc !== void 0) checkOneOf(prefix, "scoringFunc", options.scoringFunc, scoringFuncs);
	if (options.groupScore !== void 0) checkOneOf(prefix, "groupScore", options.groupScore, groupScores);
	if (options.routedScalingFactor !== void 0) checkNumber(prefix, "routedScalingFactor", options.routedScalingFactor);
	const problem = routingProblem(numExperts, options);
	if (problem) throw new ConfigError(`${prefix.name}: ${problem}`);
}
/** This rank's parts of the merged gate/up projection (intermediate rows are cut) and of the down projection (columns are cut). */
function partsOf(prefix, options) {
	const { numExperts, hiddenSize, intermediateSize } = options;
	const names = options.names ?? {
		gate: "gate_proj",
		up: "up_proj",
		down: "down_proj"
	};
	const rows = shardRange(`${prefix.name}: intermediateSize`, intermediateSize, prefix.context.parallel);
	const whole = {
		start: 0,
		count: hiddenSize
	};
	const [gateUp, down] = [[], []];
	for (let expert = 0; expert < numExperts; expert++) {
		const places = "gateUp" in names ? stackedParts(prefix, names, options, rows) : matrixParts(prefix, names, options, expert, rows);
		gateUp.push(...places.gateUp.map((part, i) => ({
			...part,
			expert,
			outputStart: i * rows.count
		})));
		down.push({
			...places.down,
			expert,
			outputStart: 0,
			rows: whole,
			columns: rows
		});
	}
	return {
		gateUp,
		down
	};
}
/** Parts of one expert with matrices of its own. */
function matrixParts(prefix, { gate, up, down }, { hiddenSize, intermediateSize }, expert, rows) {
	const nameOf = (name) => prefix.join(`${expert}.${name}`);
	const size = [intermediateSize, hiddenSize];
	return {
		gateUp: [gate, up].map((name) => ({
			name: nameOf(name),
			size,
			rows
		})),
		down: {
			name: nameOf(down),
			size: [hiddenSize, intermediateSize]
		}
	};
}
/** Parts of any expert, of tensors that hold all of them. */
function stackedParts(prefix, { gateUp, down, transposed = false, alternating = false }, { hiddenSize, intermediateSize, numExperts: stacked }, rows) {
	const size = [2 * intermediateSize, hiddenSize];
	const name = prefix.join(gateUp);
	return {
		gateUp: [0, 1].map((half) => alternating ? {
			name,
			stacked,
			transposed,
			size,
			alternating: half,
			rows
		} : {
			name,
			stacked,
			transposed,
			size,
			rows: {
				start: half * intermediateSize + rows.start,
				count: rows.count
			}
		}),
		down: {
			name: prefix.join(down),
			stacked,
			transposed,
			size: [hiddenSize, intermediateSize]
		}
	};
}
/** @throws UnsupportedError where the quantization of this prefix does not store experts */
function declareProjection(prefix, name, parts, sizes) {
	const { context } = prefix;
	const method = context.linearMethod(prefix.name);
	if (!method.createExperts) throw new UnsupportedError(`${prefix.name}: quantization "${method.name}" has no form for experts; leave these layers unquantized`);
	const { numExperts, inputSize, bias } = sizes;
	const outputSize = parts.filter(({ expert }) => expert === 0).reduce((sum, { rows }) => sum + rows.count, 0);
	const full = prefix.join(name);
	return {
		weight: method.createExperts({
			prefix: full,
			numExperts,
			inputSize,
			outputSize,
			parts,
			context
		}),
		bias: bias && (context.parallel.rank === 0 || parts[0]?.columns === void 0) ? declareBias(prefix, full, parts, numExperts, outputSize) : void 0
	};
}
function declareBias(prefix, name, parts, numExperts, outputSize) {
	return prefix.context.parameters.declare({
		name: `${name}.bias`,
		shape: [numExperts * outputSize],
		dtype: "f32",
		layout: "rowMajor",
		parts: parts.map((part) => ({
			source: expertBiasSource(part),
			rowStart: part.expert * outputSize + part.outputStart,
			rowCount: part.rows.count
		}))
	});
}
function declareVector(prefix, name, size) {
	return prefix.context.parameters.declare({
		name,
		shape: [size],
		dtype: "f32",
		layout: "rowMajor",
		parts: [{
			source: new Source(name, [size]),
			rowStart: 0,
			rowCount: size
		}]
	});
}
export { FusedMoE as t };
