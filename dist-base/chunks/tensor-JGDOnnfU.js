import { l as ShapeError } from "./errors-CjlPyKrT.js";
import { t as dtypeBytes } from "./dtype-BiNtEOSC.js";
import { n as numElements, r as rowMajorStrides, t as formatShape } from "./shape-fqbSRAhU.js";
// src/tensor/tensor.ts
/** A tensor is a name for values: an id with shape, strides and dtype. It holds no data; platforms do. */
let nextStorageId = 1;
function createStorage(kind, bytes, label, address) {
	return {
		kind,
		id: nextStorageId++,
		bytes,
		address,
		label
	};
}
/**
* `shape` and `strides` count elements; `offset` is in elements from the storage's start. `owner` is the program,
* or undefined for parameters and other external values that any program may read.
*/
var Tensor = class Tensor {
	storage;
	shape;
	strides;
	offset;
	dtype;
	owner;
	constructor(storage, shape, dtype, owner, strides = rowMajorStrides(shape), offset = 0) {
		this.storage = storage;
		this.shape = shape;
		this.strides = strides;
		this.offset = offset;
		this.dtype = dtype;
		this.owner = owner;
	}
	get numElements() {
		return numElements(this.shape);
	}
	get bytes() {
		return this.numElements * dtypeBytes[this.dtype];
	}
	/** Size of dimension `i`; negative counts from the end. Throws ShapeError when there is no such dimension. */
	size(i) {
		const size = this.shape[i < 0 ? this.shape.length + i : i];
		if (size === void 0) throw new ShapeError(`tensor ${this}: has no dimension ${i}`);
		return size;
	}
	/** True when elements lie in row-major order without gaps. */
	get isDense() {
		const dense = rowMajorStrides(this.shape);
		return this.strides.every((stride, i) => this.shape[i] === 1 || stride === dense[i]);
	}
	/**
	* Columns [start, start + count) of the last dimension, as a view of the same storage.
	* @throws ShapeError if they are not all inside
	*/
	columns(start, count) {
		const last = this.shape.length - 1;
		if (start < 0 || count < 0 || start + count > this.size(-1)) throw new ShapeError(`columns ${start}..${start + count} of ${this}: the last dimension has ${this.size(-1)}`);
		const shape = [...this.shape.slice(0, last), count];
		return new Tensor(this.storage, shape, this.dtype, this.owner, this.strides, this.offset + start * this.strides[last]);
	}
	/**
	* Splits the last dimension into `sizes` (their product must be its size), as a view: [n, 128] -> [n, 2, 64].
	* @throws ShapeError if the sizes do not multiply to the last dimension
	*/
	splitLast(...sizes) {
		const last = this.shape.length - 1;
		if (numElements(sizes) !== this.size(-1)) throw new ShapeError(`splitLast(${sizes.join(", ")}) of ${this}: sizes must multiply to ${this.size(-1)}`);
		const inner = rowMajorStrides(sizes).map((stride) => stride * this.strides[last]);
		const shape = [...this.shape.slice(0, last), ...sizes];
		return new Tensor(this.storage, shape, this.dtype, this.owner, [...this.strides.slice(0, last), ...inner], this.offset);
	}
	/**
	* All but the first dimension as one, as a view: [n, 2, 64] -> [n, 128].
	* @throws ShapeError if the inner dimensions are not dense
	*/
	flattenInner() {
		if (this.shape.length === 2) return this;
		const inner = this.shape.slice(1);
		const dense = rowMajorStrides(inner);
		if (!this.strides.slice(1).every((stride, i) => inner[i] === 1 || stride === dense[i])) throw new ShapeError(`flattenInner of ${this}: inner dimensions are strided ${formatShape(this.strides)}`);
		return new Tensor(this.storage, [this.size(0), numElements(inner)], this.dtype, this.owner, [this.strides[0], 1], this.offset);
	}
	toString() {
		return `${this.storage.label} ${this.dtype}${formatShape(this.shape)}`;
	}
};
export { createStorage as n, Tensor as t };
