import { l as ShapeError } from "./errors-CjlPyKrT.js";
import { r as functionOf } from "./activation-BsHeAGxe.js";
import { c as checkRank, o as checkDType, s as checkDenseRows, u as checkSize } from "./linear-DwAms2kL.js";
import { n as programOf } from "./program-Dlln9x5O.js";
import { n as numElements } from "./shape-fqbSRAhU.js";
// src/ops/state-rows.ts
/** What ops over per-request states share: checks, and the inputs that say which rows and slots are whose. */
/**
* The last five inputs of an op with a state, in the order that kernels expect: state, numSeqs, queryStartLoc, seqLens,
* stateSlots. The state becomes [numSlots, elements of a slot].
*
* @param state [numSlots, ...shape] f32; slots may lie apart, a slot is dense
* @param shape of one slot
* @throws ShapeError if the state has another shape
*/
function stateInputs(op, state, shape, metadata) {
	checkRank(op, "state", state, shape.length + 1);
	checkDType(op, "state", state, "f32");
	shape.forEach((size, i) => checkSize(op, "state", state, i + 1, size));
	const flat = state.flattenInner();
	checkSize(op, "state", flat, 1, numElements(shape));
	const { numSeqs, queryStartLoc, seqLens, stateSlots } = metadata;
	return [
		flat,
		numSeqs,
		queryStartLoc,
		seqLens,
		stateSlots
	];
}
// src/ops/causal-conv1d.ts
/** Shape of one request's state: the inputs of its last kernelSize - 1 tokens (at least one row, which may be unused). */
function convStateShape(kernelSize, channels) {
	return [Math.max(1, kernelSize - 1), channels];
}
/**
* f(bias[c] + sum over k of weight[k * channels + c] * x[t - kernelSize + 1 + k, c]), where t walks over the tokens of a request and
* inputs before its first token are zeros. Inputs of earlier steps come from the state, which takes the step's last ones.
*
* @param x       [numTokens, channels] f32, rows may be strided
* @param weight  [kernelSize * channels] f32, tap by tap: the last channels elements are multiplied with the token itself
* @param bias    [channels] f32, optional
* @param state   [numSlots, ...convStateShape] f32, oldest first; read and written. A request whose first row of the step
*                stands at position 0 starts from zeros
* @param options activation: f; undefined: none
* @returns       [numTokens, channels] f32, dense, in the program of x; rows of no request are zeros
* @throws ShapeError if weight, bias or state do not fit x
* One accumulator: the bias (or 0), then products in the order of k, in f32. Source: Gu and Dao 2023; HF causal_conv1d_fn.
*/
function causalConv1d(x, weight, bias, state, metadata, options = {}) {
	const op = "causalConv1d";
	checkRank(op, "x", x, 2);
	checkDType(op, "x", x, "f32");
	checkDenseRows(op, "x", x);
	checkRank(op, "weight", weight, 1);
	const channels = x.size(1);
	const kernelSize = weight.size(0) / channels;
	if (!Number.isInteger(kernelSize) || kernelSize < 1) throw new ShapeError(`${op}: weight must have a multiple of x's ${channels} channels, got ${weight}`);
	if (bias) checkSize(op, "bias", bias, 0, channels);
	const inputs = [
		x,
		weight,
		...stateInputs(op, state, convStateShape(kernelSize, channels), metadata)
	];
	if (bias) inputs.push(bias);
	const kind = options.activation ? functionOf(options.activation) : "none";
	return programOf(op, x).record(op, inputs, [{
		shape: x.shape,
		dtype: "f32"
	}], { kind })[0];
}
export { convStateShape as n, stateInputs as r, causalConv1d as t };
