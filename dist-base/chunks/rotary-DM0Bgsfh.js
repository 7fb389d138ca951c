import { t as rotaryEmbedding } from "./rotary-embedding-BBJLDoJG.js";
import { n as Module, o as checkSizes } from "./causal-lm-DFVGEESM.js";
import { c as ResourceError } from "./errors-CjlPyKrT.js";
// src/layers/rope-frequencies.ts
/** Elements of the largest table: 2 GiB. */
const MAX_TABLE_ELEMENTS = 2 ** 29;
/** dim may be odd: the last pair is then rotated, too. */
function baseFrequencies(theta, dim) {
	return Float32Array.from({ length: Math.ceil(dim / 2) }, (_, i) => 1 / Math.fround(theta ** Math.fround(2 * i / dim)));
}
function llama3(rope) {
	const lowWavelength = rope.originalMaxPositionEmbeddings / rope.lowFreqFactor;
	const highWavelength = rope.originalMaxPositionEmbeddings / rope.highFreqFactor;
	return baseFrequencies(rope.theta, rope.frequencyDim).map((frequency) => {
		const wavelength = 2 * Math.PI / frequency;
		if (wavelength < highWavelength) return frequency;
		if (wavelength > lowWavelength) return frequency / rope.factor;
		const smooth = (rope.originalMaxPositionEmbeddings / wavelength - rope.lowFreqFactor) / (rope.highFreqFactor - rope.lowFreqFactor);
		return (1 - smooth) * frequency / rope.factor + smooth * frequency;
	});
}
/** Peng et al. 2023, section 3.4; dimensions between the two corrections are mixed linearly. */
function yarn(rope) {
	const dim = rope.frequencyDim;
	const correction = (rotations) => dim * Math.log(rope.originalMaxPositionEmbeddings / (rotations * 2 * Math.PI)) / (2 * Math.log(rope.theta));
	let low = correction(rope.betaFast);
	let high = correction(rope.betaSlow);
	if (rope.truncate) [low, high] = [Math.floor(low), Math.ceil(high)];
	low = Math.max(low, 0);
	high = Math.min(high, dim - 1);
	if (low === high) high += .001;
	const inverse = baseFrequencies(rope.theta, dim).map((frequency, i) => {
		const ramp = Math.min(1, Math.max(0, (i - low) / (high - low)));
		return frequency / rope.factor * ramp + frequency * (1 - ramp);
	});
	const mscale = (factor, m) => factor <= 1 ? 1 : .1 * m * Math.log(factor) + 1;
	return {
		inverse,
		scaling: rope.attentionFactor ?? (rope.mscale && rope.mscaleAllDim ? mscale(rope.factor, rope.mscale) / mscale(rope.factor, rope.mscaleAllDim) : mscale(rope.factor, 1))
	};
}
function longrope(rope, maxModelLen) {
	const original = rope.originalMaxPositionEmbeddings;
	const factors = (maxModelLen > original ? rope.longFactor : rope.shortFactor) ?? [];
	const base = baseFrequencies(rope.theta, rope.frequencyDim);
	const scaling = rope.attentionFactor ?? (rope.factor <= 1 ? 1 : Math.sqrt(1 + Math.log(rope.factor) / Math.log(original)));
	return {
		inverse: base.map((frequency, i) => frequency / (factors[i] ?? 1)),
		scaling
	};
}
/**
* Frequencies for a run of at most maxModelLen tokens. `dynamic` and `longrope` depend on it, and on nothing else, so
* that results do not depend on chunking (HF chooses by the length of each call; vLLM by the run's limit, as here).
*/
function ropeFrequencies(rope, maxModelLen) {
	const { theta, frequencyDim, factor, maxPositionEmbeddings } = rope;
	switch (rope.ropeType) {
		case "default": return {
			inverse: baseFrequencies(theta, frequencyDim),
			scaling: 1
		};
		case "linear": return {
			inverse: baseFrequencies(theta, frequencyDim).map((f) => f / factor),
			scaling: 1
		};
		case "dynamic": return {
			inverse: baseFrequencies(theta * (factor * Math.max(maxModelLen, maxPositionEmbeddings) / maxPositionEmbeddings - (factor - 1)) ** (frequencyDim / (frequencyDim - 2)), frequencyDim),
			scaling: 1
		};
		case "llama3": return {
			inverse: llama3(rope),
			scaling: 1
		};
		case "yarn": return yarn(rope);
		case "longrope": return longrope(rope, maxModelLen);
	}
}
/**
* [maxPositions, rotaryDim] f32: per position rotaryDim / 2 cosines, then as many sines.
* @throws ResourceError above 2 GiB, which only a wrong config.json asks for
*/
function cosSinTable({ inverse, scaling }, maxPositions) {
	const half = inverse.length;
	if (maxPositions * 2 * half > MAX_TABLE_ELEMENTS) throw new ResourceError(`rotary embedding: a table of ${maxPositions} positions is too large; use at most --max-model-len ${Math.floor(MAX_TABLE_ELEMENTS / (2 * half))} (config.json: max_position_embeddings)`);
	const table = new Float32Array(maxPositions * 2 * half);
	for (let position = 0; position < maxPositions; position++) for (let i = 0; i < half; i++) {
		const angle = Math.fround(position * inverse[i]);
		table[position * 2 * half + i] = Math.cos(angle) * scaling;
		table[position * 2 * half + half + i] = Math.sin(angle) * scaling;
	}
	return table;
}
// src/layers/rotary.ts
/**
* Rotates queries and keys, `f.rope()` says how: type, base, stretching, and how many elements of a head (partial rotary).
* Layers with the same settings share one table.
*/
var RotaryEmbedding = class extends Module {
	cosSin;
	style;
	constructor(prefix, rope, options = {}) {
		super(prefix);
		checkSizes(prefix, { "rope.rotaryDim": rope?.rotaryDim });
		const { parameters, maxModelLen } = prefix.context;
		this.style = options.style ?? "neox";
		this.cosSin = parameters.constant(`rotary.${JSON.stringify(rope)}`, [maxModelLen, rope.rotaryDim], () => cosSinTable(ropeFrequencies(rope, maxModelLen), maxModelLen));
	}
	/** positions [numTokens] i32; q, k [numTokens, heads, headDim] f32 -> q, k rotated */
	forward(positions, q, k) {
		return [rotaryEmbedding(positions, q, this.cosSin, this.style), rotaryEmbedding(positions, k, this.cosSin, this.style)];
	}
};
export { RotaryEmbedding as t };
