import { n as numElements, r as rowMajorStrides } from "./shape-fqbSRAhU.js";
import { l as ShapeError } from "./errors-CjlPyKrT.js";
// src/platform/custom-op.ts
/** Elements from the first to the last that a tensor has in its storage. */
function spanOf({ shape, strides }) {
	if (numElements(shape) === 0) return 0;
	return shape.reduce((span, size, i) => span + (size - 1) * strides[i], 1);
}
/** A dense copy of a view's elements; `data` begins with the first of them. */
function denseCopy(data, { shape, strides }) {
	const dense = rowMajorStrides(shape);
	if (strides.every((stride, i) => shape[i] === 1 || stride === dense[i])) return data.slice(0, numElements(shape));
	const out = new data.constructor(numElements(shape));
	const last = shape.length - 1;
	const rowSize = shape[last] ?? 1;
	for (let row = 0; row * rowSize < out.length; row++) {
		let from = 0;
		for (let i = last - 1, rest = row; i >= 0; i--) {
			from += rest % shape[i] * strides[i];
			rest = Math.floor(rest / shape[i]);
		}
		for (let k = 0; k < rowSize; k++) out[row * rowSize + k] = data[from + k * strides[last]];
	}
	return out;
}
/**
* Computes a record by its reference.
* @param read  a dense copy of a tensor's values
* @param write puts dense values into an output
*/
function runCustomOp({ op, inputs, outputs, attributes, custom }, read, write) {
	const made = outputs.map(({ shape, dtype }) => {
		const length = numElements(shape);
		return {
			shape,
			data: dtype === "i32" ? new Int32Array(length) : new Float32Array(length)
		};
	});
	custom.reference({
		inputs: inputs.map((tensor) => ({
			shape: tensor.shape,
			data: read(tensor)
		})),
		outputs: made,
		attributes
	});
	made.forEach(({ data }, i) => {
		if (data.length !== numElements(outputs[i].shape)) throw new ShapeError(`${op}: output ${i} was replaced; fill the array that is there`);
		write(outputs[i], data);
	});
}
export { runCustomOp as n, spanOf as r, denseCopy as t };
