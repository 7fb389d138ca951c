import { l as ShapeError } from "./errors-CjlPyKrT.js";
import { n as programOf } from "./program-Dlln9x5O.js";
import { c as checkRank, l as checkSameShape, o as checkDType, s as checkDenseRows, u as checkSize } from "./linear-DwAms2kL.js";
import { r as stateInputs } from "./causal-conv1d-OKN7kiNt.js";
// src/ops/gated-rms-norm.ts
/**
* With g = x * silu(gate): g / sqrt(mean(g^2) + eps) * weight, the mean over each groupSize neighbours of a row.
*
* @param x         [numTokens, size] f32, rows may be strided
* @param gate      shape of x, f32, rows may be strided
* @param weight    [size] f32
* @param eps       added to the mean square, before the root
* @param groupSize a divisor of size; default: size, one group
* @returns         shape of x, f32, dense, in the program of x
* @throws ShapeError if shapes do not fit, or groupSize does not divide size
* Sums in f32 on every platform. Source: HF MambaRMSNormGated; Dao and Gu 2024, section 7.
*/
function gatedRmsNorm(x, gate, weight, eps, groupSize = x.size(-1)) {
	const op = "gatedRmsNorm";
	checkRank(op, "x", x, 2);
	checkSameShape(op, "x", x, "gate", gate);
	for (const [name, tensor] of [["x", x], ["gate", gate]]) {
		checkDType(op, name, tensor, "f32");
		checkDenseRows(op, name, tensor);
	}
	checkSize(op, "weight", weight, 0, x.size(-1));
	if (!Number.isSafeInteger(groupSize) || groupSize < 1 || x.size(-1) % groupSize !== 0) throw new ShapeError(`${op}: groupSize must be a divisor of x's ${x.size(-1)} columns, got ${groupSize}`);
	const outputs = [{
		shape: x.shape,
		dtype: "f32"
	}];
	return programOf(op, x, gate).record(op, [
		x,
		gate,
		weight
	], outputs, {
		eps,
		groupSize
	})[0];
}
// src/ops/ssd-scan.ts
/**
* For each request, token by token, head by head, with s = min(max(softplus(dt[t] + dtBias), dtMin), dtMax):
* h[n, p] = exp(s * a) * h[n, p] + (s * x[t, p]) * b[t, n]; y[t, p] = sum over n of h[n, p] * c[t, n] + d * x[t, p].
*
* @param state   [numSlots, heads, stateSize, headDim] f32; read and written. A request whose first row of the step stands
*                at position 0 starts from zeros
* @param options dtMin, dtMax: limits of the time step, default 0 and infinity
* @returns       y: [numTokens, heads * headDim] f32, dense, in the program of x; rows of no request are zeros
* @throws ShapeError if shapes do not fit
* The recurrence is computed as it stands, also for many tokens at once (the chunked form would round otherwise, by chunk);
* n ascending, one accumulator, in f32. So results do not depend on how tokens are cut into steps.
* Source: Dao and Gu 2024, section 6; HF mamba2_chunk_scan.
*/
function ssdScan(inputs, state, metadata, options = {}) {
	const op = "ssdScan";
	const { x, dt, dtBias, a, b, c, d } = inputs;
	for (const [name, tensor, rank] of [
		[
			"x",
			x,
			3
		],
		[
			"dt",
			dt,
			2
		],
		[
			"b",
			b,
			3
		],
		[
			"c",
			c,
			3
		]
	]) {
		checkRank(op, name, tensor, rank);
		checkDType(op, name, tensor, "f32");
		checkDenseRows(op, name, tensor);
		checkSize(op, name, tensor, 0, x.size(0));
	}
	const [heads, headDim, groups, stateSize] = [
		x.size(1),
		x.size(2),
		b.size(1),
		b.size(2)
	];
	if (heads % groups !== 0) throw new ShapeError(`${op}: ${heads} heads are not a multiple of ${groups} groups of b`);
	checkSize(op, "dt", dt, 1, heads);
	checkSize(op, "c", c, 1, groups);
	checkSize(op, "c", c, 2, stateSize);
	for (const [name, parameter] of Object.entries({
		dtBias,
		a,
		d
	})) checkSize(op, name, parameter, 0, heads);
	const tensors = [
		x,
		dt,
		dtBias,
		a,
		b,
		c,
		d,
		...stateInputs(op, state, [
			heads,
			stateSize,
			headDim
		], metadata)
	];
	const { dtMin = 0, dtMax = Infinity } = options;
	const output = {
		shape: [x.size(0), heads * headDim],
		dtype: "f32"
	};
	return programOf(op, x, dt, b, c).record(op, tensors, [output], {
		dtMin,
		dtMax
	})[0];
}
export { gatedRmsNorm as n, ssdScan as t };
