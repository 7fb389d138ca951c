import { l as ShapeError } from "./errors-CjlPyKrT.js";
import { o as checkDType, s as checkDenseRows } from "./linear-DwAms2kL.js";
import { n as programOf } from "./program-Dlln9x5O.js";
// src/ops/softcap.ts
/**
* cap * tanh(x / cap), element by element, in f32: nothing leaves -cap .. cap.
*
* @param x   [numTokens, size] f32, rows may be strided
* @param cap above 0
* @returns   shape of x, f32, dense, in the program of x
* @throws ShapeError if cap is not a number above 0
* Source: Gemma 2 (2024), section 2; HF Gemma2ForCausalLM, final_logit_softcapping.
*/
function softcap(x, cap) {
	checkDType("softcap", "x", x, "f32");
	checkDenseRows("softcap", "x", x);
	if (!(cap > 0) || !Number.isFinite(cap)) throw new ShapeError(`softcap: cap must be a number above 0, got ${cap}`);
	return programOf("softcap", x).record("softcap", [x], [{
		shape: x.shape,
		dtype: "f32"
	}], { cap })[0];
}
export { softcap as t };
