import { l as ShapeError } from "./errors-CjlPyKrT.js";
import { c as checkRank, o as checkDType, u as checkSize } from "./linear-DwAms2kL.js";
import { n as programOf } from "./program-Dlln9x5O.js";
// src/ops/rotary-embedding.ts
/**
* Rotates the first rotaryDim elements of every head by its row's position; the rest is copied.
*
* @param positions [numTokens] i32
* @param x         [numTokens, heads, headDim] f32, rows may be strided, heads dense
* @param cosSin    [maxPositions, rotaryDim] f32: rotaryDim / 2 cosines, then as many sines
* @param style     which elements form a pair
* @returns         shape of x, f32, dense, in the program of x
* @throws ShapeError if rotaryDim is odd or larger than headDim
* (a, b) becomes (a cos - b sin, b cos + a sin), in f32. Source: Su et al. 2021; HF apply_rotary_pos_emb.
*/
function rotaryEmbedding(positions, x, cosSin, style) {
	checkRank("rotaryEmbedding", "x", x, 3);
	checkDType("rotaryEmbedding", "x", x, "f32");
	checkRank("rotaryEmbedding", "cosSin", cosSin, 2);
	checkSize("rotaryEmbedding", "positions", positions, 0, x.size(0));
	const rotaryDim = cosSin.size(1);
	if (rotaryDim % 2 !== 0 || rotaryDim > x.size(2)) throw new ShapeError(`rotaryEmbedding: rotaryDim ${rotaryDim} must be even and at most headDim ${x.size(2)}`);
	return programOf("rotaryEmbedding", positions, x).record("rotaryEmbedding", [
		positions,
		x,
		cosSin
	], [{
		shape: x.shape,
		dtype: "f32"
	}], { style })[0];
}
export { rotaryEmbedding as t };
