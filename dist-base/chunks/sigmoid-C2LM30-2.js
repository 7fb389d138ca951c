import { l as ShapeError } from "./errors-CjlPyKrT.js";
import { i as sameShape, t as formatShape } from "./shape-fqbSRAhU.js";
import { n as programOf } from "./program-Dlln9x5O.js";
import { o as checkDType, s as checkDenseRows } from "./linear-DwAms2kL.js";
import { t as activation } from "./activation-BsHeAGxe.js";
// src/ops/mul.ts
/** Element-wise product of two tensors. */
/**
* a * b, element by element, in f32: gates. A last dimension of 1 in b is spread over a's: one gate a row.
*
* @param a [numTokens, size] (or [numTokens, heads, headDim]) f32, rows may be strided
* @param b shape of a, or that with a last dimension of 1; f32, rows may be strided
* @returns shape of a, f32, dense, in the program of a
* @throws ShapeError if b has another shape
*/
function mul(a, b) {
	const perRow = [...a.shape.slice(0, -1), 1];
	if (!sameShape(a.shape, b.shape) && !sameShape(perRow, b.shape)) throw new ShapeError(`mul: b must be ${formatShape(a.shape)} like a, or ${formatShape(perRow)}, got ${b}`);
	checkDType("mul", "a", a, "f32");
	checkDType("mul", "b", b, "f32");
	checkDenseRows("mul", "a", a);
	checkDenseRows("mul", "b", b);
	return programOf("mul", a, b).record("mul", [a, b], [{
		shape: a.shape,
		dtype: "f32"
	}])[0];
}
// src/ops/sigmoid.ts
/** 1 / (1 + e^-x), element by element: gates. x and result as of `activation`, which records it. */
function sigmoid(x) {
	return activation(x, "sigmoid");
}
export { mul as n, sigmoid as t };
