// src/tensor/shape.ts
/** Product of the sizes; 1 for a scalar. */
function numElements(shape) {
	let count = 1;
	for (const size of shape) count *= size;
	return count;
}
/** Strides in elements of a dense row-major tensor. */
function rowMajorStrides(shape) {
	const strides = new Array(shape.length);
	let stride = 1;
	for (let i = shape.length - 1; i >= 0; i--) {
		strides[i] = stride;
		stride *= shape[i];
	}
	return strides;
}
function sameShape(a, b) {
	return a.length === b.length && a.every((size, i) => size === b[i]);
}
/** `[3, 64]`, as shown in errors. */
function formatShape(shape) {
	return `[${shape.join(", ")}]`;
}
export { sameShape as i, numElements as n, rowMajorStrides as r, formatShape as t };
