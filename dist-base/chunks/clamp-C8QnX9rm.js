import { l as ShapeError } from "./errors-CjlPyKrT.js";
import { o as checkDType, s as checkDenseRows } from "./linear-DwAms2kL.js";
import { n as programOf } from "./program-Dlln9x5O.js";
// src/ops/clamp.ts
/**
* Every element brought into min .. max; NaN stays NaN.
*
* @param x   [numTokens, size] (or [numTokens, heads, headDim]) f32, rows may be strided
* @param min lower limit; -Infinity: none
* @param max upper limit, not below min; Infinity: none
* @returns   shape of x, f32, dense, in the program of x
* @throws ShapeError if min is above max, or one is NaN
* Source: torch.clamp; HF OlmoAttention, clip_qkv.
*/
function clamp(x, min, max) {
	checkDType("clamp", "x", x, "f32");
	checkDenseRows("clamp", "x", x);
	if (!(min <= max)) throw new ShapeError(`clamp: min must be at most max, got ${min} and ${max}`);
	return programOf("clamp", x).record("clamp", [x], [{
		shape: x.shape,
		dtype: "f32"
	}], {
		min,
		max
	})[0];
}
export { clamp as t };
