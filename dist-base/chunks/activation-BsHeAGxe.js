import { l as ShapeError } from "./errors-CjlPyKrT.js";
import { o as checkDType, s as checkDenseRows } from "./linear-DwAms2kL.js";
import { n as programOf } from "./program-Dlln9x5O.js";
// src/ops/activation.ts
/**
* The functions that platforms have, under HF's names (ACT2FN): `gelu` uses erf, `gelu_pytorch_tanh` the tanh approximation,
* `quick_gelu` is x sigmoid(1.702 x), `relu2` the square of relu.
*/
const activationFunctions = [
	"relu",
	"gelu",
	"gelu_pytorch_tanh",
	"silu",
	"quick_gelu",
	"relu2",
	"tanh",
	"sigmoid"
];
/** Other names of ACT2FN for the same function of real numbers; their roundings in f32 differ by 1e-7. */
const otherNames = {
	gelu_new: "gelu_pytorch_tanh",
	gelu_fast: "gelu_pytorch_tanh",
	gelu_accurate: "gelu_pytorch_tanh",
	gelu_python_tanh: "gelu_pytorch_tanh",
	gelu_python: "gelu",
	swish: "silu"
};
const activationKinds = [...activationFunctions, ...Object.keys(otherNames)];
/** The platform's function for any of its names. */
function functionOf(kind) {
	return Object.hasOwn(otherNames, kind) ? otherNames[kind] : kind;
}
/**
* f(x), element by element.
*
* @param x    [numTokens, size] f32, rows may be strided
* @param kind which function
* @returns    shape of x, f32, dense, in the program of x
*/
function activation(x, kind) {
	checkDType("activation", "x", x, "f32");
	checkDenseRows("activation", "x", x);
	return programOf("activation", x).record("activation", [x], [{
		shape: x.shape,
		dtype: "f32"
	}], { kind: functionOf(kind) })[0];
}
/**
* Gated activation of a merged gate/up product: f(x[:, :n]) * x[:, n:].
*
* @param x    [numTokens, 2 n] f32: gate columns, then up columns; rows may be strided
* @param kind f
* @returns    [numTokens, n] f32, dense, in the program of x
* @throws ShapeError if the last dimension is odd
* Source: Shazeer 2020 (SwiGLU); HF LlamaMLP.
*/
function gatedActivation(x, kind) {
	checkDType("gatedActivation", "x", x, "f32");
	checkDenseRows("gatedActivation", "x", x);
	if (x.size(-1) % 2 !== 0) throw new ShapeError(`gatedActivation: x needs an even last dimension, got ${x}`);
	const shape = [x.size(0), x.size(-1) / 2];
	return programOf("gatedActivation", x).record("gatedActivation", [x], [{
		shape,
		dtype: "f32"
	}], { kind: functionOf(kind) })[0];
}
export { gatedActivation as i, activationKinds as n, functionOf as r, activation as t };
