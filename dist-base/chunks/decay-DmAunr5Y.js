import { a as checkOneOf, c as shardRange, n as Module, o as checkSizes, r as Source } from "./causal-lm-DFVGEESM.js";
import { d as rawValue, f as wrongField, l as isObject } from "./linear-method-BE0KrVb1.js";
import { n as activationKinds } from "./activation-BsHeAGxe.js";
import { n as convStateShape, t as causalConv1d } from "./causal-conv1d-OKN7kiNt.js";
// src/config/hf-mamba.ts
/** A positive integer below 2^31. */
function count(raw, name, fallback) {
	const value = rawValue(raw, name) ?? fallback;
	if (!Number.isSafeInteger(value) || value < 1 || value >= 2 ** 31) wrongField(name, "a positive integer", value, raw);
	return value;
}
/** expand * hidden_size, rounded down. */
function expanded(raw) {
	const expand = rawValue(raw, "expand") ?? 2;
	if (typeof expand !== "number" || !(expand > 0) || expand > 1e6) wrongField("expand", "a positive number", expand);
	return Math.floor(expand * count(raw, "hidden_size"));
}
/**
* intermediate_size (default: expand * hidden_size) and time_step_rank ("auto": hidden_size / 16, rounded up).
* Source: HF MambaConfig. @throws ConfigError
*/
function mambaSizes(raw) {
	const intermediateSize = count(raw, "intermediate_size", expanded(raw));
	const rank = rawValue(raw, "time_step_rank") ?? "auto";
	if (rank === "auto") return {
		intermediateSize,
		timeStepRank: Math.ceil(count(raw, "hidden_size") / 16)
	};
	if (typeof rank !== "number" || !Number.isSafeInteger(rank) || rank < 1 || rank >= 2 ** 31) wrongField("time_step_rank", "a positive integer or \"auto\"", rank);
	return {
		intermediateSize,
		timeStepRank: rank
	};
}
/**
* num_heads, head_dim and n_groups. Source: HF Mamba2Config.
* @throws ConfigError unless num_heads * head_dim is expand * hidden_size, and n_groups divides num_heads
*/
function mamba2Heads(raw) {
	const numHeads = count(raw, "num_heads", 128);
	const headDim = count(raw, "head_dim", 64);
	const nGroups = count(raw, "n_groups", 8);
	const inner = expanded(raw);
	if (numHeads * headDim !== inner) wrongField("num_heads", `expand * hidden_size / head_dim (${inner} / ${headDim})`, numHeads);
	if (numHeads % nGroups !== 0) wrongField("n_groups", `a divisor of num_heads (${numHeads})`, nGroups);
	return {
		numHeads,
		headDim,
		nGroups
	};
}
/** Python's float("inf"): as JSON that Python writes alone, or as Transformers 5 writes it. */
function numberOf(value) {
	if (!isObject(value)) return value;
	return value["__float__"] === "Infinity" ? Infinity : value["__float__"] === "-Infinity" ? -Infinity : value;
}
/**
* time_step_limit, [least, greatest] time step, default [0, infinity]; infinity is `Infinity` or {"__float__": "Infinity"}.
* @throws ConfigError unless they are two numbers in order
*/
function timeStepLimit(raw) {
	const value = rawValue(raw, "time_step_limit") ?? [0, Infinity];
	const [min, max, ...more] = Array.isArray(value) ? value.map(numberOf) : [];
	if (typeof min !== "number" || typeof max !== "number" || more.length > 0 || !(min <= max)) wrongField("time_step_limit", "two numbers in ascending order, the second may be Infinity", value);
	return [min, max];
}
// src/layers/causal-conv1d.ts
/** Depthwise causal convolution, as in state-space layers; its state belongs to the layer that contains it. */
/** This rank's channels of each part: where they begin in the checkpoint's tensor, and in this rank's. */
function rankChannels(prefix, channels) {
	let [before, target] = [0, 0];
	return channels.map((size) => {
		const { start, count } = shardRange(prefix.name, size, prefix.context.parallel);
		const range = {
			start: before + start,
			count,
			target
		};
		before += size;
		target += count;
		return range;
	});
}
/** `nn.Conv1d(channels, channels, kernelSize, groups=channels)` over the tokens of each request, then an activation. */
var CausalConv1d = class extends Module {
	/** What it keeps of a request: `declareState(prefix, { conv: conv1d.stateShape })`. */
	stateShape;
	weight;
	bias;
	activation;
	constructor(prefix, { channels, kernelSize, bias, activation }) {
		super(prefix);
		checkSizes(prefix, { kernelSize });
		channels.forEach((size, i) => checkSizes(prefix, { [`channels[${i}]`]: size }));
		checkOneOf(prefix, "activation", activation, activationKinds);
		const whole = channels.reduce((sum, size) => sum + size, 0);
		const ranges = rankChannels(prefix, channels);
		const own = ranges.reduce((sum, { count }) => sum + count, 0);
		const taps = new Source(prefix.join("weight"), [
			whole,
			1,
			kernelSize
		]).reshape(whole, kernelSize);
		this.weight = prefix.context.parameters.declare({
			name: prefix.join("weight"),
			shape: [kernelSize * own],
			dtype: "f32",
			layout: "rowMajor",
			parts: Array.from({ length: kernelSize }, (_, k) => ranges.map(({ start, count, target }) => ({
				source: taps.rows(start, count).columns(k, 1).reshape(count),
				rowStart: k * own + target,
				rowCount: count
			}))).flat()
		});
		if (bias) this.bias = prefix.context.parameters.declare({
			name: prefix.join("bias"),
			shape: [own],
			dtype: "f32",
			layout: "rowMajor",
			parts: ranges.map(({ start, count, target }) => ({
				source: new Source(prefix.join("bias"), [whole]).rows(start, count),
				rowStart: target,
				rowCount: count
			}))
		});
		this.stateShape = convStateShape(kernelSize, own);
		this.activation = activation;
	}
	/** x [numTokens, channels of this rank] f32 -> the same shape; `state`: the tensor of stateShape's state */
	forward(x, state, metadata) {
		return causalConv1d(x, this.weight, this.bias, state, metadata, { activation: this.activation });
	}
};
// src/layers/decay.ts
/**
* A f32 parameter that becomes -exp of what the checkpoint stores, whatever dtype that has.
*
* @param name   full name of the parameter, `….mixer.A_log`
* @param shape  this rank's
* @param source of all its rows
*/
function declareDecay(prefix, name, shape, source) {
	const parameter = prefix.context.parameters.declare({
		name,
		shape,
		dtype: "f32",
		layout: "rowMajor",
		parts: [{
			source,
			rowStart: 0,
			rowCount: shape[0]
		}],
		sink: (writer, rowStart, rows) => writer.writeRows(parameter, rowStart, rows.map(negativeExp))
	});
	return parameter;
}
function negativeExp(value) {
	return -Math.exp(value);
}
export { timeStepLimit as a, mambaSizes as i, CausalConv1d as n, mamba2Heads as r, declareDecay as t };
