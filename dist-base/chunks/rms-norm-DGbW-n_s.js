import { l as ShapeError } from "./errors-CjlPyKrT.js";
import { t as formatShape } from "./shape-fqbSRAhU.js";
import { n as programOf } from "./program-Dlln9x5O.js";
import { c as checkRank, l as checkSameShape, o as checkDType, s as checkDenseRows, u as checkSize } from "./linear-DwAms2kL.js";
// src/ops/embedding.ts
/**
* Rows of an embedding matrix: out[i] = weight[ids[i] - rowStart], or zeros where the row is not in this matrix.
*
* @param ids      [numTokens] i32
* @param weight   [numRows, hiddenSize] f32 | bf16, matrix or row-major layout
* @param rowStart id of the matrix's first row: this rank's part of a vocabulary; an offset such as OPT's 2 is negative
* @returns        [numTokens, hiddenSize] f32, in the program of ids
* @throws ShapeError if ids is not a list of i32 or weight not a matrix
* Source: HF nn.Embedding; vLLM VocabParallelEmbedding for the masked rows.
*/
function embedding(ids, weight, rowStart = 0) {
	checkRank("embedding", "ids", ids, 1);
	checkDType("embedding", "ids", ids, "i32");
	checkRank("embedding", "weight", weight, 2);
	checkDType("embedding", "weight", weight, "f32", "bf16");
	const shape = [ids.size(0), weight.size(1)];
	return programOf("embedding", ids).record("embedding", [ids, weight], [{
		shape,
		dtype: "f32"
	}], {
		rowStart,
		layout: weight.layout
	})[0];
}
// src/ops/scale.ts
/**
* x * factor, element by element, in f32: embedding multipliers, logit scaling.
*
* @param x [numTokens, size] f32, rows may be strided
* @returns shape of x, f32, dense, in the program of x
*/
function scale(x, factor) {
	checkDType("scale", "x", x, "f32");
	checkDenseRows("scale", "x", x);
	return programOf("scale", x).record("scale", [x], [{
		shape: x.shape,
		dtype: "f32"
	}], { factor })[0];
}
// src/ops/add.ts
/**
* a + b, element by element: the residual connection.
*
* @param a [numTokens, hiddenSize] f32, rows may be strided
* @param b shape of a, f32, rows may be strided
* @returns shape of a, f32, dense, in the program of a
* @throws ShapeError if the shapes differ
*/
function add(a, b) {
	checkSameShape("add", "a", a, "b", b);
	checkDType("add", "a", a, "f32");
	checkDType("add", "b", b, "f32");
	checkDenseRows("add", "a", a);
	checkDenseRows("add", "b", b);
	return programOf("add", a, b).record("add", [a, b], [{
		shape: a.shape,
		dtype: "f32"
	}])[0];
}
// src/ops/layer-norm.ts
/**
* Layer norm over the last dimension: (x - mean) / sqrt(variance + eps) * weight + bias.
*
* @param x      [numTokens, hiddenSize] (or [numTokens, heads, headDim]) f32, rows may be strided
* @param weight [hiddenSize] f32; or [heads, headDim], a weight of its own for each head
* @param bias   shape of weight, f32, optional
* @param eps    added to the variance (of the whole row, not n - 1), before the root
* @returns      shape of x, f32, dense, in the program of x
* @throws ShapeError if weight or bias does not fit x
* Two passes, sums in f32: first the mean, then the squared distances. Source: Ba et al. 2016; torch LayerNorm.
*/
function layerNorm(x, weight, bias, eps) {
	checkDType("layerNorm", "x", x, "f32");
	checkDenseRows("layerNorm", "x", x);
	checkWeight("weight", weight, x);
	if (bias) checkWeight("bias", bias, x);
	if (bias && bias.shape.length !== weight.shape.length) throw new ShapeError(`layerNorm: bias ${formatShape(bias.shape)} must have the shape of weight ${weight}`);
	const inputs = bias ? [
		x,
		weight,
		bias
	] : [x, weight];
	return programOf("layerNorm", x).record("layerNorm", inputs, [{
		shape: x.shape,
		dtype: "f32"
	}], { eps })[0];
}
/** @throws ShapeError unless it has one element for each of a row's, or of a whole token's where x has heads */
function checkWeight(name, weight, x) {
	if (weight.shape.length === 2 && x.shape.length === 3) checkSize("layerNorm", name, weight, 0, x.size(1));
	else checkRank("layerNorm", name, weight, 1);
	checkSize("layerNorm", name, weight, -1, x.size(-1));
}
// src/ops/rms-norm.ts
/**
* Root-mean-square norm over the last dimension: x / sqrt(mean(x^2) + eps) * (weightOffset + weight).
*
* @param x            [numTokens, hiddenSize] (or [numTokens, heads, headDim]) f32, rows may be strided
* @param weight       [hiddenSize] f32
* @param eps          added to the mean square, before the root
* @param weightOffset added to every weight: 1 where a checkpoint stores distances from 1 (Gemma)
* @returns            shape of x, f32, dense, in the program of x
* @throws ShapeError if weight is not as long as x's last dimension
* Sums in f32 on every platform. Source: Zhang and Sennrich 2019, eq. 4; HF LlamaRMSNorm, GemmaRMSNorm.
*/
function rmsNorm(x, weight, eps, weightOffset = 0) {
	checkDType("rmsNorm", "x", x, "f32");
	checkDenseRows("rmsNorm", "x", x);
	checkSize("rmsNorm", "weight", weight, 0, x.size(-1));
	const attributes = {
		eps,
		weightOffset
	};
	return programOf("rmsNorm", x).record("rmsNorm", [x, weight], [{
		shape: x.shape,
		dtype: "f32"
	}], attributes)[0];
}
export { embedding as a, scale as i, layerNorm as n, add as r, rmsNorm as t };
