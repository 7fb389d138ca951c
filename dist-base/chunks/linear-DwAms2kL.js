import { l as ShapeError } from "./errors-CjlPyKrT.js";
import { i as sameShape, t as formatShape } from "./shape-fqbSRAhU.js";
import { n as programOf } from "./program-Dlln9x5O.js";
// src/ops/check.ts
/** @throws ShapeError unless `tensor` has exactly `rank` dimensions */
function checkRank(op, name, tensor, rank) {
	if (tensor.shape.length !== rank) throw new ShapeError(`${op}: ${name} needs ${rank} dimensions, got ${formatShape(tensor.shape)} (${tensor})`);
}
/** @throws ShapeError unless dimension `i` of `tensor` is `size` */
function checkSize(op, name, tensor, i, size) {
	if (tensor.size(i) !== size) throw new ShapeError(`${op}: dimension ${i} of ${name} must be ${size}, got ${formatShape(tensor.shape)} (${tensor})`);
}
/** @throws ShapeError unless both have the same shape */
function checkSameShape(op, aName, a, bName, b) {
	if (!sameShape(a.shape, b.shape)) throw new ShapeError(`${op}: ${aName} ${formatShape(a.shape)} and ${bName} ${formatShape(b.shape)} must have one shape`);
}
/** @throws ShapeError unless the dtype is one of `dtypes` */
function checkDType(op, name, tensor, ...dtypes) {
	if (!dtypes.includes(tensor.dtype)) throw new ShapeError(`${op}: ${name} must be ${dtypes.join(" or ")}, got ${tensor.dtype} (${tensor})`);
}
/** @throws ShapeError unless elements of each row lie side by side; rows may be apart */
function checkDenseRows(op, name, tensor) {
	if (tensor.size(-1) > 1 && tensor.strides[tensor.shape.length - 1] !== 1) throw new ShapeError(`${op}: the last dimension of ${name} must be dense, strides are ${formatShape(tensor.strides)}`);
}
// src/ops/expert-linear.ts
/**
* Row t * topK + j of the result is token t's row times the weight of its j-th expert: y = x weight[ids[t, j]]^T + bias[ids[t, j]].
*
* @param x      [numTokens, inputSize] f32: each row goes to all of its token's experts; or [numTokens * topK, inputSize] f32: a row
*               for each expert, in the order of the result. Rows may be strided.
* @param weight [numExperts, outputSize, inputSize] f32 | bf16, matrix layout: an expert's matrix after the other
* @param ids    [numTokens, topK] i32, each in 0 .. numExperts - 1
* @param bias   [numExperts * outputSize] f32, expert after expert, optional
* @returns      [numTokens * topK, outputSize] f32, in the program of x
* @throws ShapeError if sizes differ
* Rounding and summation as of `linear`, whatever other rows go to the same expert. A platform reads the weights of an expert once
* for all of its rows, and not at all if it has none.
*/
function expertLinear(x, weight, ids, bias) {
	checkExperts("expertLinear", x, weight, ids, bias);
	checkDType("expertLinear", "weight", weight, "f32", "bf16");
	const inputs = bias ? [
		x,
		weight,
		ids,
		bias
	] : [
		x,
		weight,
		ids
	];
	const shape = [ids.numElements, weight.size(1)];
	return programOf("expertLinear", x).record("expertLinear", inputs, [{
		shape,
		dtype: "f32"
	}])[0];
}
/**
* As expertLinear, weight-only int8 with one scale per expert and output channel: y = (x weight^T) * scale + bias.
*
* @param weight     [numExperts, outputSize, inputSize] i8, matrix layout
* @param scale      [numExperts * outputSize] f32, expert after expert
* @param activation "f32": x as it is; "bf16": x is rounded to bf16 (nearest even) first
* @throws ShapeError if sizes differ
*/
function expertLinearInt8(x, weight, scale, ids, bias, activation) {
	checkExperts("expertLinearInt8", x, weight, ids, bias);
	checkDType("expertLinearInt8", "weight", weight, "i8");
	checkSize("expertLinearInt8", "scale", scale, 0, weight.size(0) * weight.size(1));
	const inputs = bias ? [
		x,
		weight,
		ids,
		scale,
		bias
	] : [
		x,
		weight,
		ids,
		scale
	];
	const outputs = [{
		shape: [ids.numElements, weight.size(1)],
		dtype: "f32"
	}];
	return programOf("expertLinearInt8", x).record("expertLinearInt8", inputs, outputs, { activation })[0];
}
/**
* Adds up what a token's experts gave: out[t] = sum over j of weights[t, j] * y[t * topK + j].
*
* @param y       [numTokens * topK, size] f32, rows may be strided
* @param weights [numTokens, topK] f32
* @returns       [numTokens, size] f32, dense, in the program of y
* @throws ShapeError if there are not topK rows for each token
* In f32, one accumulator an element, j ascending.
*/
function combineExperts(y, weights) {
	checkRank("combineExperts", "y", y, 2);
	checkDType("combineExperts", "y", y, "f32");
	checkDenseRows("combineExperts", "y", y);
	checkRank("combineExperts", "weights", weights, 2);
	checkDType("combineExperts", "weights", weights, "f32");
	checkDenseRows("combineExperts", "weights", weights);
	checkSize("combineExperts", "y", y, 0, weights.numElements);
	const shape = [weights.size(0), y.size(1)];
	return programOf("combineExperts", y, weights).record("combineExperts", [y, weights], [{
		shape,
		dtype: "f32"
	}])[0];
}
function checkExperts(op, x, weight, ids, bias) {
	checkRank(op, "x", x, 2);
	checkDType(op, "x", x, "f32");
	checkDenseRows(op, "x", x);
	checkRank(op, "weight", weight, 3);
	checkSize(op, "x", x, 1, weight.size(2));
	checkRank(op, "ids", ids, 2);
	checkDType(op, "ids", ids, "i32");
	if (!ids.isDense) throw new ShapeError(`${op}: ids must be dense, got strides ${ids.strides.join(", ")} (${ids})`);
	const rows = x.size(0);
	if (rows !== ids.size(0) && rows !== ids.numElements) throw new ShapeError(`${op}: x needs a row for each token (${ids.size(0)}) or for each of their experts (${ids.numElements}), got ${x}`);
	if (bias) checkSize(op, "bias", bias, 0, weight.size(0) * weight.size(1));
}
// src/ops/linear.ts
/**
* y = x weight^T + bias.
*
* @param x      [numTokens, inputSize] f32, rows may be strided
* @param weight [outputSize, inputSize] f32 | bf16, matrix layout
* @param bias   [outputSize] f32, optional
* @returns      [numTokens, outputSize] f32, in the program of x
* @throws ShapeError if sizes differ
* With a bf16 weight, x is rounded to bf16 (nearest even) first; products are summed in f32, one accumulator per
* output, inputs in ascending order, whatever numTokens is. The bias is added last.
*/
function linear(x, weight, bias) {
	checkLinear("linear", x, weight, bias);
	checkDType("linear", "weight", weight, "f32", "bf16");
	const inputs = bias ? [
		x,
		weight,
		bias
	] : [x, weight];
	return programOf("linear", x).record("linear", inputs, [{
		shape: [x.size(0), weight.size(0)],
		dtype: "f32"
	}])[0];
}
/**
* y = (x weight^T) * scale + bias, weight-only int8 with one scale per output channel.
*
* @param x          [numTokens, inputSize] f32, rows may be strided
* @param weight     [outputSize, inputSize] i8, matrix layout
* @param scale      [outputSize] f32
* @param bias       [outputSize] f32, optional
* @param activation "f32": x as it is; "bf16": x is rounded to bf16 (nearest even) first
* @returns          [numTokens, outputSize] f32, in the program of x
* @throws ShapeError if sizes differ
* Summed in f32, one accumulator per output, inputs in ascending order; then scaled, then the bias is added.
*/
function linearInt8(x, weight, scale, bias, activation) {
	checkLinear("linearInt8", x, weight, bias);
	checkDType("linearInt8", "weight", weight, "i8");
	checkSize("linearInt8", "scale", scale, 0, weight.size(0));
	const inputs = bias ? [
		x,
		weight,
		scale,
		bias
	] : [
		x,
		weight,
		scale
	];
	const shape = [x.size(0), weight.size(0)];
	return programOf("linearInt8", x).record("linearInt8", inputs, [{
		shape,
		dtype: "f32"
	}], { activation })[0];
}
function checkLinear(op, x, weight, bias) {
	checkRank(op, "x", x, 2);
	checkDType(op, "x", x, "f32");
	checkDenseRows(op, "x", x);
	checkRank(op, "weight", weight, 2);
	checkSize(op, "x", x, 1, weight.size(1));
	if (bias) checkSize(op, "bias", bias, 0, weight.size(0));
}
export { expertLinearInt8 as a, checkRank as c, expertLinear as i, checkSameShape as l, linearInt8 as n, checkDType as o, combineExperts as r, checkDenseRows as s, linear as t, checkSize as u };
