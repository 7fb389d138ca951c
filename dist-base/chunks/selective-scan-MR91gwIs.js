import { c as checkRank, l as checkSameShape, o as checkDType, s as checkDenseRows, u as checkSize } from "./linear-DwAms2kL.js";
import { n as programOf } from "./program-Dlln9x5O.js";
import { r as stateInputs } from "./causal-conv1d-OKN7kiNt.js";
// src/ops/selective-scan.ts
/**
* For each request, token by token, channel by channel, with s = softplus(dt[t]):
* h[n] = exp(s * a[n]) * h[n] + (s * x[t]) * b[t, n]; y[t] = (sum over n of h[n] * c[t, n] + d * x[t]) * silu(z[t]).
*
* @param state [numSlots, stateSize, channels] f32; read and written. A request whose first row of the step stands at
*              position 0 starts from zeros
* @returns     y: [numTokens, channels] f32, dense, in the program of x; rows of no request are zeros
* @throws ShapeError if shapes do not fit
* The recurrence is computed as it stands, also for many tokens at once; n ascending, one accumulator, in f32. So results do
* not depend on how tokens are cut into steps. Source: Gu and Dao 2023, algorithm 2; HF mamba_selective_scan.
*/
function selectiveScan(inputs, state, metadata) {
	const op = "selectiveScan";
	const { x, dt, a, b, c, d, z } = inputs;
	for (const [name, tensor] of Object.entries({
		x,
		dt,
		b,
		c,
		...z && { z }
	})) {
		checkRank(op, name, tensor, 2);
		checkDType(op, name, tensor, "f32");
		checkDenseRows(op, name, tensor);
		checkSize(op, name, tensor, 0, x.size(0));
	}
	const [stateSize, channels] = [a.size(0), x.size(1)];
	checkSize(op, "a", a, 1, channels);
	checkSize(op, "d", d, 0, channels);
	checkSameShape(op, "dt", dt, "x", x);
	if (z) checkSameShape(op, "z", z, "x", x);
	checkSize(op, "b", b, 1, stateSize);
	checkSize(op, "c", c, 1, stateSize);
	const tensors = [
		x,
		dt,
		a,
		b,
		c,
		d,
		...stateInputs(op, state, [stateSize, channels], metadata),
		...z ? [z] : []
	];
	return programOf(op, x, dt, b, c).record(op, tensors, [{
		shape: x.shape,
		dtype: "f32"
	}])[0];
}
export { selectiveScan as t };
