import { t as dtypeBytes } from "./dtype-BiNtEOSC.js";
import { c as ResourceError } from "./errors-CjlPyKrT.js";
import { i as sampleStatus, n as sampleFloats, r as sampleInts } from "./sample-layout-CpnAdfXW.js";
// src/platform/reference/bf16.ts
/** bfloat16 bits to numbers and back, for the reference kernels. */
const float = /* @__PURE__ */ new Float32Array(1);
const bits = new Uint32Array(float.buffer);
/** Value of bfloat16 bits. */
function fromBf16(value) {
	bits[0] = value << 16;
	return float[0];
}
/** Bits of the nearest bfloat16 (ties to even; NaN stays NaN). */
function toBf16(value) {
	float[0] = value;
	const u = bits[0];
	if ((u & 2147483647) > 2139095040) return u >>> 16 | 64;
	return u + 32767 + (u >>> 16 & 1) >>> 16;
}
/** The nearest bfloat16 value. */
function roundToBf16(value) {
	return fromBf16(toBf16(value));
}
// src/platform/reference/memory.ts
const segmentSize = 2 ** 32;
var ReferenceMemory = class {
	segments = /* @__PURE__ */ new Map();
	next = 1;
	allocatedBytes = 0;
	allocate(bytes, label) {
		const size = Math.max(64, Math.ceil(bytes / 64) * 64);
		let buffer;
		try {
			buffer = new ArrayBuffer(size);
		} catch (cause) {
			throw new ResourceError(`reference platform: ${label} needs ${bytes} bytes in one piece, which this JavaScript engine refuses; use the native cpu platform, a smaller --max-model-len or a smaller --kv-cache-memory-bytes`, { cause });
		}
		const segment = this.next++;
		this.segments.set(segment, buffer);
		this.allocatedBytes += size;
		return segment * segmentSize;
	}
	free(address) {
		const segment = Math.floor(address / segmentSize);
		this.allocatedBytes -= this.segments.get(segment)?.byteLength ?? 0;
		this.segments.delete(segment);
	}
	/** `bytes` bytes at an address. Throws a plain Error when the address is not allocated: a bug, not bad input. */
	bytes(address, bytes) {
		const segment = this.segments.get(Math.floor(address / segmentSize));
		const offset = address % segmentSize;
		if (!segment || offset + bytes > segment.byteLength) throw new Error(`reference memory: ${bytes} bytes at ${address} are not allocated`);
		return new Uint8Array(segment, offset, bytes);
	}
	clear() {
		this.segments.clear();
		this.allocatedBytes = 0;
	}
};
/** Views raw bytes as elements of a dtype. */
function elements(bytes, dtype) {
	const { buffer, byteOffset, byteLength } = bytes;
	switch (dtype) {
		case "f32": return new Float32Array(buffer, byteOffset, byteLength / 4);
		case "f64": return new Float64Array(buffer, byteOffset, byteLength / 8);
		case "i32": return new Int32Array(buffer, byteOffset, byteLength / 4);
		case "f16":
		case "bf16": return new Uint16Array(buffer, byteOffset, byteLength / 2);
		case "i8": return new Int8Array(buffer, byteOffset, byteLength);
		default: return bytes;
	}
}
/** Start of row `i` of a view in its data. */
function rowStart(view, i) {
	return view.offset + i * view.strides[0];
}
// src/platform/reference/attention.ts
/**
* References of writeKVCache and pagedAttention, writeLatents and mlaAttention. A block holds keys [blockSize][kv heads][headDim],
* then values alike, f32 or bf16 bits; a block of latents holds keys [blockSize][headDim], whose first elements are the values.
*/
function openCache(view, call) {
	const [blockSize, heads, headDim] = [
		call.number("blockSize"),
		call.number("numKvHeads"),
		call.number("headDim")
	];
	const isBf16 = call.text("cacheDtype") === "bf16";
	const latentDim = call.number("latentDim");
	const valueOffset = latentDim > 0 ? 0 : blockSize * heads * headDim;
	const stride = view.shape[1] / dtypeBytes[isBf16 ? "bf16" : "f32"];
	return {
		data: elements(view.data, isBf16 ? "bf16" : "f32"),
		isBf16,
		blockSize,
		key: (block, offset, head) => block * stride + (offset * heads + head) * headDim,
		valueOffset,
		headDim,
		valueDim: latentDim > 0 ? latentDim : headDim
	};
}
function writeKVCache(call) {
	const [k, v, cacheView, slots] = call.inputs;
	const cache = openCache(cacheView, call);
	const store = (value) => cache.isBf16 ? toBf16(value) : value;
	for (let t = 0; t < k.shape[0]; t++) {
		const slot = slots.data[slots.offset + t];
		if (slot < 0) continue;
		for (let h = 0; h < k.shape[1]; h++) {
			const at = cache.key(Math.floor(slot / cache.blockSize), slot % cache.blockSize, h);
			for (let d = 0; d < cache.headDim; d++) {
				cache.data[at + d] = store(k.data[rowStart(k, t) + h * k.strides[1] + d]);
				cache.data[at + cache.valueOffset + d] = store(v.data[rowStart(v, t) + h * v.strides[1] + d]);
			}
		}
	}
}
function writeLatents(call) {
	const [latent, rope, cacheView, slots] = call.inputs;
	const cache = openCache(cacheView, call);
	for (let t = 0; t < latent.shape[0]; t++) {
		const slot = slots.data[slots.offset + t];
		if (slot < 0) continue;
		const at = cache.key(Math.floor(slot / cache.blockSize), slot % cache.blockSize, 0);
		[latent, rope].flatMap((x) => Array.from({ length: x.shape[1] }, (_, d) => x.data[rowStart(x, t) + d])).forEach((value, d) => cache.data[at + d] = cache.isBf16 ? toBf16(value) : value);
	}
}
function pagedAttention(call) {
	attendRows(call, call.inputs.slice(0, 1), call.inputs.slice(1));
}
function mlaAttention(call) {
	attendRows(call, call.inputs.slice(0, 2), call.inputs.slice(2));
}
/** Attention of queries whose heads are the views' heads one after the other. */
function attendRows(call, queries, inputs) {
	const [cacheView, numSeqs, queryStartLoc, seqLens, blockTable, ...perHead] = inputs;
	const q = queries[0];
	const cache = openCache(cacheView, call);
	const out = call.outputs[0];
	const group = q.shape[1] / call.number("numKvHeads");
	const [window, chunk] = [call.number("slidingWindow"), call.number("attentionChunkSize")];
	const rules = scoreRules(call, perHead);
	out.data.fill(0, out.offset, out.offset + q.shape[0] * out.strides[0]);
	for (let s = 0; s < numSeqs.data[numSeqs.offset]; s++) {
		const start = queryStartLoc.data[queryStartLoc.offset + s];
		const end = queryStartLoc.data[queryStartLoc.offset + s + 1];
		const table = rowStart(blockTable, s);
		for (let row = start; row < end; row++) {
			const position = seqLens.data[seqLens.offset + s] - (end - row);
			const first = Math.max(0, window > 0 ? position - window + 1 : 0, chunk > 0 ? position - position % chunk : 0);
			for (let h = 0; h < q.shape[1]; h++) {
				const at = (p) => cache.key(blockTable.data[table + Math.floor(p / cache.blockSize)], p % cache.blockSize, Math.floor(h / group));
				const result = attend(scaledQuery(queries, row, h, call.number("scale"), cache), cache, first, position, at, rules(h, position));
				for (let d = 0; d < cache.valueDim; d++) out.data[rowStart(out, row) + h * cache.valueDim + d] = result[d];
			}
		}
	}
}
function scaledQuery(queries, row, head, scale, cache) {
	const query = new Float64Array(cache.headDim);
	let to = 0;
	for (const q of queries) {
		const from = rowStart(q, row) + head * q.strides[1];
		for (let d = 0; d < q.shape[2]; d++) {
			const value = Math.fround(q.data[from + d] * scale);
			query[to++] = cache.isBf16 ? roundToBf16(value) : value;
		}
	}
	return query;
}
/** The rule of a head and a query's position: soft cap, then linear bias. */
function scoreRules(call, perHead) {
	const [sinks, slopes] = call.number("sinks") ? perHead : [void 0, ...perHead];
	const [cap, alibiScale] = [call.number("logitSoftcap"), call.number("alibiScale")];
	const round = call.text("alibi") === "bf16" ? roundToBf16 : (x) => x;
	return (head, position) => ({
		adjust(score, p) {
			const capped = cap > 0 ? cap * Math.tanh(score / cap) : score;
			if (!slopes) return capped;
			const slope = round(slopes.data[slopes.offset + head]);
			return capped + alibiScale * (round(slope * round(p)) - round(slope * round(position)));
		},
		sink: sinks ? sinks.data[sinks.offset + head] : -Infinity
	});
}
/** One head of one row over positions first..last, partition by partition. */
function attend(query, cache, first, last, at, rule) {
	const load = (i) => cache.isBf16 ? fromBf16(cache.data[i]) : cache.data[i];
	const total = new Float64Array(cache.valueDim);
	let totalMax = -Infinity;
	let totalSum = 0;
	const scores = /* @__PURE__ */ new Float64Array(512);
	for (let from = Math.floor(first / 512) * 512; from <= last; from += 512) {
		const begin = Math.max(from, first);
		const end = Math.min(from + 512 - 1, last);
		let max = -Infinity;
		for (let p = begin; p <= end; p++) {
			let dot = 0;
			for (let d = 0; d < cache.headDim; d++) dot += query[d] * load(at(p) + d);
			scores[p - from] = rule.adjust(dot, p);
			max = Math.max(max, scores[p - from]);
		}
		let sum = 0;
		const part = new Float64Array(cache.valueDim);
		for (let p = begin; p <= end; p++) {
			const weight = Math.exp(scores[p - from] - max);
			sum += weight;
			const rounded = cache.isBf16 ? roundToBf16(weight) : weight;
			for (let d = 0; d < cache.valueDim; d++) part[d] = part[d] + rounded * load(at(p) + cache.valueOffset + d);
		}
		const merged = Math.max(totalMax, max);
		const [a, b] = [Math.exp(totalMax - merged), Math.exp(max - merged)];
		for (let d = 0; d < cache.valueDim; d++) total[d] = total[d] * a + part[d] * b;
		totalSum = totalSum * a + sum * b;
		totalMax = merged;
	}
	const merged = Math.max(totalMax, rule.sink);
	const factor = Math.exp(totalMax - merged);
	totalSum = totalSum * factor + Math.exp(rule.sink - merged);
	return total.map((value) => value * factor / totalSum);
}
// src/platform/reference/clamped-swiglu.ts
function clampedSwiglu({ inputs, outputs, number }) {
	const [x, out] = [inputs[0], outputs[0]];
	const [alpha, limit] = [number("alpha"), number("limit")];
	const half = out.shape[1];
	for (let t = 0; t < x.shape[0]; t++) {
		const from = rowStart(x, t);
		for (let k = 0; k < half; k++) {
			const gate = Math.min(x.data[from + k], limit);
			const up = Math.min(Math.max(x.data[from + half + k], -limit), limit);
			out.data[rowStart(out, t) + k] = (up + 1) * gate / (1 + Math.exp(-alpha * gate));
		}
	}
}
// src/platform/reference/elementwise.ts
/** Error function, Abramowitz and Stegun 7.1.26 is too coarse; this is the series and continued fraction to double. */
function erf(x) {
	const a = Math.abs(x);
	if (a > 6) return Math.sign(x);
	if (a < 2.5) {
		let term = a;
		let sum = a;
		for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum) && n < 200; n++) {
			term *= -a * a / n;
			sum += term / (2 * n + 1);
		}
		return Math.sign(x) * 2 * sum / Math.sqrt(Math.PI);
	}
	let fraction = a;
	for (let n = 60; n > 0; n--) fraction = a + n / 2 / fraction;
	return Math.sign(x) * (1 - Math.exp(-a * a) / (fraction * Math.sqrt(Math.PI)));
}
/** Activation functions by name, in double. */
const activationFunctions = {
	relu: (x) => Math.max(0, x),
	gelu: (x) => .5 * x * (1 + erf(x / Math.SQRT2)),
	gelu_pytorch_tanh: (x) => .5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + .044715 * x ** 3))),
	silu: (x) => x / (1 + Math.exp(-x)),
	quick_gelu: (x) => x / (1 + Math.exp(-1.702 * x)),
	relu2: (x) => Math.max(0, x) ** 2,
	tanh: Math.tanh,
	sigmoid: (x) => 1 / (1 + Math.exp(-x))
};
/** Offsets of all elements of a view in row-major order. */
function* offsets(view, dimension = 0, start = view.offset) {
	const stride = view.strides[dimension];
	for (let i = 0; i < view.shape[dimension]; i++) if (dimension === view.shape.length - 1) yield start + i * stride;
	else yield* offsets(view, dimension + 1, start + i * stride);
}
function mapElements(x, out, f) {
	let to = out.offset;
	for (const from of offsets(x)) out.data[to++] = f(x.data[from]);
}
function add({ inputs, outputs }) {
	const [a, b] = inputs;
	const right = offsets(b);
	mapElements(a, outputs[0], (value) => value + b.data[right.next().value]);
}
/** b may have one element a row. */
function mul({ inputs, outputs }) {
	const [a, b] = inputs;
	const width = a.shape[a.shape.length - 1];
	const isPerRow = b.shape[b.shape.length - 1] !== width;
	const right = offsets(b);
	let gate = 0;
	let k = 0;
	mapElements(a, outputs[0], (value) => {
		if (!isPerRow || k++ % width === 0) gate = b.data[right.next().value];
		return value * gate;
	});
}
function softcap({ inputs, outputs, number }) {
	const cap = number("cap");
	mapElements(inputs[0], outputs[0], (value) => cap * Math.tanh(value / cap));
}
function clamp({ inputs, outputs, number }) {
	const [min, max] = [number("min"), number("max")];
	mapElements(inputs[0], outputs[0], (value) => Math.min(max, Math.max(min, value)));
}
function scale({ inputs, outputs, number }) {
	mapElements(inputs[0], outputs[0], (value) => value * number("factor"));
}
function copy({ inputs, outputs }) {
	mapElements(inputs[0], outputs[0], (value) => value);
}
function activation({ inputs, outputs, text }) {
	mapElements(inputs[0], outputs[0], activationFunctions[text("kind")]);
}
function gatedActivation({ inputs, outputs, text }) {
	const x = inputs[0];
	const out = outputs[0];
	const f = activationFunctions[text("kind")];
	const half = out.shape[1];
	for (let t = 0; t < x.shape[0]; t++) {
		const from = rowStart(x, t);
		const to = rowStart(out, t);
		for (let k = 0; k < half; k++) out.data[to + k] = f(x.data[from + k]) * x.data[from + half + k];
	}
}
function gatherRows({ inputs, outputs }) {
	const [x, rows] = inputs;
	const out = outputs[0];
	const size = x.shape[1];
	for (let i = 0; i < rows.shape[0]; i++) {
		const from = rowStart(x, rows.data[rows.offset + i]);
		for (let k = 0; k < size; k++) out.data[rowStart(out, i) + k] = x.data[from + k];
	}
}
// src/platform/reference/embedding.ts
/** Reference of embedding: out[i] = weight[ids[i] - rowStart], zeros for rows that are not there. */
function embedding({ inputs, outputs, number }) {
	const [ids, weight] = inputs;
	const out = outputs[0];
	const [numRows, hiddenSize] = weight.shape;
	const isBf16 = weight.tensor.dtype === "bf16";
	for (let i = 0; i < ids.shape[0]; i++) {
		const row = ids.data[ids.offset + i] - number("rowStart");
		const target = rowStart(out, i);
		for (let k = 0; k < hiddenSize; k++) {
			const value = row >= 0 && row < numRows ? weight.data[rowStart(weight, row) + k] : 0;
			out.data[target + k] = isBf16 ? fromBf16(value) : value;
		}
	}
}
// src/platform/reference/experts.ts
/** References of expertLinear, expertLinearInt8 and combineExperts. */
function expertLinear({ inputs, outputs }) {
	const [x, weight, ids, bias] = inputs;
	product$1(x, weight, ids, outputs[0], weight.tensor.dtype === "bf16", void 0, bias);
}
function expertLinearInt8({ inputs, outputs, text }) {
	const [x, weight, ids, scale, bias] = inputs;
	product$1(x, weight, ids, outputs[0], text("activation") === "bf16", scale, bias);
}
function product$1(x, weight, ids, y, roundX, scale, bias) {
	const [, outputSize, inputSize] = weight.shape;
	const isBf16 = weight.tensor.dtype === "bf16";
	const rowsOfX = y.shape[0] / x.shape[0];
	const row = new Float64Array(inputSize);
	for (let r = 0; r < y.shape[0]; r++) {
		const expert = ids.data[ids.offset + r];
		const from = rowStart(x, Math.floor(r / rowsOfX));
		for (let k = 0; k < inputSize; k++) row[k] = roundX ? roundToBf16(x.data[from + k]) : x.data[from + k];
		const to = rowStart(y, r);
		for (let n = 0; n < outputSize; n++) {
			const start = weight.offset + (expert * outputSize + n) * inputSize;
			let sum = 0;
			for (let k = 0; k < inputSize; k++) sum += row[k] * (isBf16 ? fromBf16(weight.data[start + k]) : weight.data[start + k]);
			const factor = scale ? scale.data[scale.offset + expert * outputSize + n] : 1;
			y.data[to + n] = sum * factor + (bias ? bias.data[bias.offset + expert * outputSize + n] : 0);
		}
	}
}
function combineExperts({ inputs, outputs }) {
	const [y, weights] = inputs;
	const out = outputs[0];
	const topK = weights.shape[1];
	for (let t = 0; t < out.shape[0]; t++) for (let k = 0; k < out.shape[1]; k++) {
		let sum = 0;
		for (let j = 0; j < topK; j++) sum += weights.data[rowStart(weights, t) + j] * y.data[rowStart(y, t * topK + j) + k];
		out.data[rowStart(out, t) + k] = sum;
	}
}
// src/platform/reference/head-linear.ts
/** Reference of headLinear: y[t, h] = x[t, h] weight[h]^T; weights row-major here. */
function headLinear({ inputs, outputs }) {
	const [x, weight] = inputs;
	const y = outputs[0];
	const isBf16 = weight.tensor.dtype === "bf16";
	const [numHeads, outputSize, inputSize] = weight.shape;
	for (let t = 0; t < x.shape[0]; t++) for (let h = 0; h < numHeads; h++) {
		const from = rowStart(x, t) + h * x.strides[1];
		for (let n = 0; n < outputSize; n++) {
			const row = rowStart(weight, h) + n * weight.strides[1];
			let sum = 0;
			for (let k = 0; k < inputSize; k++) {
				const a = x.data[from + k];
				const w = weight.data[row + k];
				sum += isBf16 ? roundToBf16(a) * fromBf16(w) : a * w;
			}
			y.data[rowStart(y, t) + h * y.strides[1] + n] = sum;
		}
	}
}
// src/platform/reference/linear.ts
/** Reference of linear and linearInt8: y = x weight^T (* scale) + bias; weights row-major here. */
function linear({ inputs, outputs }) {
	const [x, weight, bias] = inputs;
	product(x, weight, outputs[0], weight.tensor.dtype === "bf16", void 0, bias);
}
function linearInt8({ inputs, outputs, text }) {
	const [x, weight, scale, bias] = inputs;
	product(x, weight, outputs[0], text("activation") === "bf16", scale, bias);
}
function product(x, weight, y, roundX, scale, bias) {
	const [numTokens, inputSize] = x.shape;
	const outputSize = weight.shape[0];
	const rows = [];
	for (let t = 0; t < numTokens; t++) {
		const row = Float64Array.from(x.data.subarray(rowStart(x, t), rowStart(x, t) + inputSize));
		if (roundX) for (let k = 0; k < inputSize; k++) row[k] = roundToBf16(row[k]);
		rows.push(row);
	}
	const isBf16 = weight.tensor.dtype === "bf16";
	const w = new Float64Array(inputSize);
	for (let n = 0; n < outputSize; n++) {
		const start = rowStart(weight, n);
		for (let k = 0; k < inputSize; k++) w[k] = isBf16 ? fromBf16(weight.data[start + k]) : weight.data[start + k];
		const factor = scale ? scale.data[scale.offset + n] : 1;
		const offset = bias ? bias.data[bias.offset + n] : 0;
		for (let t = 0; t < numTokens; t++) {
			const row = rows[t];
			let sum = 0;
			for (let k = 0; k < inputSize; k++) sum += row[k] * w[k];
			y.data[rowStart(y, t) + n] = sum * factor + offset;
		}
	}
}
// src/platform/reference/norm.ts
/** Calls `visit` with the start of every row of the last dimension in x and in out, and its head. */
function forEachRow(x, out, visit) {
	const heads = x.shape.length === 3 ? x.shape[1] : 1;
	for (let t = 0; t < x.shape[0]; t++) for (let h = 0; h < heads; h++) {
		const inner = x.shape.length === 3 ? h * x.strides[1] : 0;
		const innerOut = x.shape.length === 3 ? h * out.strides[1] : 0;
		visit(x.offset + t * x.strides[0] + inner, out.offset + t * out.strides[0] + innerOut, h);
	}
}
function rmsNorm({ inputs, outputs, number }) {
	const [x, weight] = inputs;
	const out = outputs[0];
	const size = x.shape[x.shape.length - 1];
	forEachRow(x, out, (from, to) => {
		let squares = 0;
		for (let k = 0; k < size; k++) squares += x.data[from + k] ** 2;
		const factor = 1 / Math.sqrt(squares / size + number("eps"));
		for (let k = 0; k < size; k++) out.data[to + k] = x.data[from + k] * factor * (number("weightOffset") + weight.data[weight.offset + k]);
	});
}
function layerNorm({ inputs, outputs, number }) {
	const [x, weight, bias] = inputs;
	const out = outputs[0];
	const size = x.shape[x.shape.length - 1];
	const perHead = weight.shape.length === 2 ? size : 0;
	forEachRow(x, out, (from, to, head) => {
		let sum = 0;
		for (let k = 0; k < size; k++) sum += x.data[from + k];
		const mean = sum / size;
		let squares = 0;
		for (let k = 0; k < size; k++) squares += (x.data[from + k] - mean) ** 2;
		const factor = 1 / Math.sqrt(squares / size + number("eps"));
		for (let k = 0; k < size; k++) {
			const i = head * perHead + k;
			const offset = bias ? bias.data[bias.offset + i] : 0;
			out.data[to + k] = (x.data[from + k] - mean) * factor * weight.data[weight.offset + i] + offset;
		}
	});
}
// src/platform/reference/rotary-embedding.ts
function rotaryEmbedding({ inputs, outputs, text }) {
	const [positions, x, cosSin] = inputs;
	const out = outputs[0];
	const [numTokens, heads, headDim] = x.shape;
	const half = cosSin.shape[1] / 2;
	const neox = text("style") === "neox";
	for (let t = 0; t < numTokens; t++) {
		const table = rowStart(cosSin, positions.data[positions.offset + t]);
		for (let h = 0; h < heads; h++) {
			const from = rowStart(x, t) + h * x.strides[1];
			const to = rowStart(out, t) + h * out.strides[1];
			for (let k = 2 * half; k < headDim; k++) out.data[to + k] = x.data[from + k];
			for (let i = 0; i < half; i++) {
				const first = neox ? i : 2 * i;
				const second = neox ? i + half : 2 * i + 1;
				const cos = cosSin.data[table + i];
				const sin = cosSin.data[table + half + i];
				const a = x.data[from + first];
				const b = x.data[from + second];
				out.data[to + first] = a * cos - b * sin;
				out.data[to + second] = b * cos + a * sin;
			}
		}
	}
}
// src/platform/reference/philox.ts
/** Philox4x32-10: random words as a function of a counter and a key (Salmon et al. 2011). Nothing is kept between calls. */
/** High 32 bits of a * b, both unsigned. */
function multiplyHigh(a, b) {
	const [aHigh, aLow, bHigh, bLow] = [
		a >>> 16,
		a & 65535,
		b >>> 16,
		b & 65535
	];
	const middle = aHigh * bLow + (aLow * bLow >>> 16);
	const carried = aLow * bHigh + middle % 65536;
	return aHigh * bHigh + Math.floor(middle / 65536) + Math.floor(carried / 65536) >>> 0;
}
/** Four random words of a 128-bit counter and a 64-bit key, each given as unsigned 32-bit words. */
function philox(counter, key) {
	let [c0, c1, c2, c3] = counter;
	let [k0, k1] = key;
	for (let round = 0; round < 10; round++) {
		const next0 = (multiplyHigh(3449720151, c2) ^ c1 ^ k0) >>> 0;
		const next2 = (multiplyHigh(3528531795, c0) ^ c3 ^ k1) >>> 0;
		c1 = Math.imul(3449720151, c2) >>> 0;
		c3 = Math.imul(3528531795, c0) >>> 0;
		c0 = next0;
		c2 = next2;
		k0 = k0 + 2654435769 >>> 0;
		k1 = k1 + 3144134277 >>> 0;
	}
	return [
		c0,
		c1,
		c2,
		c3
	];
}
/**
* An exponential variate with mean 1, of a seed, a draw and a token id alone.
*
* Tokens go in blocks of 64: word (id / 16) % 4 of the counter id / 64 * 16 + id % 16, so that 16 lanes make 64 neighbours.
* Two such words (third counter word 0 and 1) give 52 bits: u = (word0 * 2^20 + (word1 >> 12) + 1/2) / 2^52, and the
* variate is -ln(1 - u). Always finite and above 0.
*/
function exponential(seed, drawIndex, tokenId) {
	const counter = (tokenId >>> 6) * 16 + (tokenId & 15);
	const word = tokenId >>> 4 & 3;
	const high = philox([
		counter,
		drawIndex >>> 0,
		0,
		0
	], seed)[word];
	const low = philox([
		counter,
		drawIndex >>> 0,
		1,
		0
	], seed)[word];
	return -Math.log1p(-((high * 2 ** 20 + (low >>> 12) + .5) / 2 ** 52));
}
// src/platform/reference/sample.ts
/** Reference of sample: one token per row of logits, and log-probabilities. The specification of the sampler. */
const outputNames = [
	"tokenIds",
	"ranks",
	"statuses",
	"logprobs",
	"topTokenIds",
	"topLogprobs"
];
function sample({ inputs, text }) {
	const [logits, ints, floats, lists, ...rest] = inputs;
	const outputs = Object.fromEntries(outputNames.map((name, i) => [name, rest[i].data]));
	const [numRows, vocabSize] = logits.shape;
	for (let i = 0; i < numRows; i++) {
		const row = {
			int: (name) => ints.data[rowStart(ints, i) + sampleInts[name]],
			float: (name) => floats.data[rowStart(floats, i) + sampleFloats[name]],
			list(start, count, width = 1) {
				const all = [];
				for (let k = Math.max(start, 0); all.length < count && k + width <= lists.data.length; k += width) all.push([...lists.data.subarray(k, k + width)]);
				return all.filter(([id]) => id >= 0 && id < vocabSize);
			}
		};
		const start = rowStart(logits, i);
		sampleRow(i, row, logits.data.slice(start, start + vocabSize), outputs, text("logprobsMode"));
	}
}
function sampleRow(i, row, raw, outputs, mode) {
	const forced = row.int("forcedTokenId");
	const wantsLogprobs = row.int("numLogprobs") >= 0;
	const reportsRaw = mode.startsWith("raw") || forced >= 0;
	const temperature = forced < 0 ? row.float("temperature") : 0;
	const x = raw.slice();
	if (forced < 0) applyLists(row, x);
	if (temperature > 0) x.forEach((value, id) => x[id] = value / temperature);
	const areFinite = (values) => values.every((value) => value < Infinity);
	let status = sampleStatus.ok;
	if (!areFinite(x) || wantsLogprobs && reportsRaw && !areFinite(raw)) status = sampleStatus.notFinite;
	else if (x.every((value) => value === -Infinity)) status = sampleStatus.nothingLeft;
	outputs.statuses[i] = status;
	outputs.tokenIds[i] = Math.max(forced, 0);
	if (status !== sampleStatus.ok) return;
	if (temperature > 0) dropTokens(row, x);
	const token = forced >= 0 ? forced : temperature > 0 ? draw(row, x) : indexOfLargest(x);
	outputs.tokenIds[i] = token;
	if (wantsLogprobs) report(i, row, reportsRaw ? raw : x, token, outputs, mode.endsWith("logits"));
}
/** Allowed ids, banned ids, bias, penalties; each value is rounded to f32 when it is stored. */
function applyLists(row, x) {
	if (row.int("allowedCount") >= 0) {
		const allowed = new Set(row.list(row.int("allowedStart"), row.int("allowedCount")).map(([id]) => id));
		x.forEach((_, id) => allowed.has(id) || (x[id] = -Infinity));
	}
	for (const [id] of row.list(row.int("bannedStart"), row.int("bannedCount"))) x[id] = -Infinity;
	for (const [id, bits] of row.list(row.int("biasStart"), row.int("biasCount"), 2)) x[id] += floatOfBits(bits);
	const [repetition, frequency, presence] = [
		"repetitionPenalty",
		"frequencyPenalty",
		"presencePenalty"
	].map((name) => row.float(name));
	for (const [id, count] of row.list(row.int("penaltyStart"), row.int("penaltyCount"), 2)) {
		x[id] = x[id] > 0 ? x[id] / repetition : x[id] * repetition;
		x[id] -= Math.fround(frequency * count);
		if (count > 0) x[id] -= presence;
	}
}
/** Min-p, top-k, top-p: what is dropped becomes -infinity. The largest logit always stays. */
function dropTokens(row, x) {
	const largest = x[indexOfLargest(x)];
	const atLeast = (limit) => x.forEach((value, id) => value < limit && (x[id] = -Infinity));
	if (row.float("minP") > 0) atLeast(largest + Math.log(row.float("minP")));
	const topK = row.int("topK");
	if (topK > 0 && topK < x.length) atLeast(x.slice().sort()[x.length - topK]);
	const topP = row.float("topP");
	if (topP >= 1) return;
	const weights = Array.from(x, (value) => Math.exp(value - largest));
	const total = weights.reduce((sum, weight) => sum + weight, 0);
	let before = 0;
	for (const id of descending(x)) {
		if (before >= topP * total) x[id] = -Infinity;
		before += weights[id];
	}
}
/** The exponential race: argmax of x - ln(e), in double. */
function draw(row, x) {
	const seed = [row.int("seedLow") >>> 0, row.int("seedHigh") >>> 0];
	let best = -Infinity;
	let token = 0;
	x.forEach((value, id) => {
		if (value === -Infinity) return;
		const score = value - Math.log(exponential(seed, row.int("drawIndex"), id));
		if (score > best) [best, token] = [score, id];
	});
	return token;
}
/** Log-softmax (or the values themselves) of the token and of the numLogprobs likeliest; the token's rank. */
function report(i, row, x, token, outputs, asLogits) {
	const largest = x[indexOfLargest(x)];
	let shift = 0;
	if (!asLogits && largest > -Infinity) shift = largest + Math.log(x.reduce((sum, value) => sum + Math.exp(value - largest), 0));
	const value = x[token] ?? -Infinity;
	outputs.logprobs[i] = value - shift;
	outputs.ranks[i] = x.reduce((count, other) => count + (other >= value ? 1 : 0), 0);
	const numTop = Math.min(row.int("numLogprobs"), x.length);
	const start = row.int("topStart");
	for (const [k, id] of descending(x).slice(0, numTop).entries()) {
		if (start < 0 || start + k >= outputs.topTokenIds.length) break;
		outputs.topTokenIds[start + k] = id;
		outputs.topLogprobs[start + k] = x[id] - shift;
	}
}
/** The lowest index of the largest value. */
function indexOfLargest(x) {
	let best = 0;
	for (let id = 1; id < x.length; id++) if (x[id] > x[best]) best = id;
	return best;
}
/** Indices by value, largest first; lower indices first among equals. */
function descending(x) {
	return Uint32Array.from(x.keys()).sort((a, b) => x[b] - x[a] || a - b);
}
function floatOfBits(bits) {
	return new Float32Array(Int32Array.of(bits).buffer)[0];
}
// src/platform/reference/state-space.ts
/** References of causalConv1d, selectiveScan, ssdScan and gatedRmsNorm. States are f32 between tokens. */
/** The requests of a step; clears the states of those that begin, and the output of rows that are nobody's. */
function openRequests(views, out) {
	const [state, numSeqs, queryStartLoc, seqLens, stateSlots] = views;
	out.data.fill(0, out.offset, out.offset + out.shape[0] * out.strides[0]);
	const at = (view, i) => view.data[view.offset + i];
	const requests = [];
	for (let s = 0; s < at(numSeqs, 0); s++) {
		const [start, end] = [at(queryStartLoc, s), at(queryStartLoc, s + 1)];
		if (end === start) continue;
		const slot = rowStart(state, at(stateSlots, s));
		if (at(seqLens, s) === end - start) state.data.fill(0, slot, slot + state.shape[1]);
		requests.push({
			start,
			end,
			state: slot
		});
	}
	return requests;
}
function causalConv1d({ inputs, outputs, text }) {
	const [x, weight, ...rest] = inputs;
	const [state, , , , , bias] = rest;
	const out = outputs[0];
	const channels = x.shape[1];
	const kernelSize = weight.shape[0] / channels;
	const f = text("kind") === "none" ? (value) => value : activationFunctions[text("kind")];
	const past = kernelSize - 1;
	for (const { start, end, state: slot } of openRequests(rest, out)) for (let c = 0; c < channels; c++) {
		/** The input at row t; rows before `start` lie in the state. */
		const input = (t) => t < start ? state.data[slot + (t - start + past) * channels + c] : x.data[rowStart(x, t) + c];
		for (let t = start; t < end; t++) {
			let sum = bias ? bias.data[bias.offset + c] : 0;
			for (let k = 0; k < kernelSize; k++) sum += weight.data[weight.offset + k * channels + c] * input(t - past + k);
			out.data[rowStart(out, t) + c] = f(sum);
		}
		Array.from({ length: past }, (_, j) => input(end - past + j)).forEach((value, j) => state.data[slot + j * channels + c] = value);
	}
}
const softplus = (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
function selectiveScan({ inputs, outputs }) {
	const [x, dt, a, b, c, d, ...rest] = inputs;
	const [state, , , , , z] = rest;
	const out = outputs[0];
	const [stateSize, channels] = a.shape;
	for (const { start, end, state: slot } of openRequests(rest, out)) for (let t = start; t < end; t++) for (let i = 0; i < channels; i++) {
		const value = x.data[rowStart(x, t) + i];
		const step = softplus(dt.data[rowStart(dt, t) + i]);
		let y = 0;
		for (let n = 0; n < stateSize; n++) {
			const h = slot + n * channels + i;
			const decay = Math.exp(step * a.data[rowStart(a, n) + i]);
			state.data[h] = decay * state.data[h] + step * value * b.data[rowStart(b, t) + n];
			y += state.data[h] * c.data[rowStart(c, t) + n];
		}
		y += d.data[d.offset + i] * value;
		const gate = z ? activationFunctions["silu"](z.data[rowStart(z, t) + i]) : 1;
		out.data[rowStart(out, t) + i] = y * gate;
	}
}
function ssdScan({ inputs, outputs, number }) {
	const [x, dt, dtBias, a, b, c, d, ...rest] = inputs;
	const state = rest[0];
	const out = outputs[0];
	const [, heads, headDim] = x.shape;
	const [, groups, stateSize] = b.shape;
	for (const { start, end, state: slot } of openRequests(rest, out)) for (let t = start; t < end; t++) for (let head = 0; head < heads; head++) {
		const group = Math.floor(head / (heads / groups));
		const raw = softplus(dt.data[rowStart(dt, t) + head] + dtBias.data[dtBias.offset + head]);
		const step = Math.min(Math.max(raw, number("dtMin")), number("dtMax"));
		const decay = Math.exp(step * a.data[a.offset + head]);
		for (let p = 0; p < headDim; p++) {
			const value = x.data[rowStart(x, t) + head * x.strides[1] + p];
			let y = 0;
			for (let n = 0; n < stateSize; n++) {
				const h = slot + (head * stateSize + n) * headDim + p;
				const entering = step * value * b.data[rowStart(b, t) + group * b.strides[1] + n];
				state.data[h] = decay * state.data[h] + entering;
				y += state.data[h] * c.data[rowStart(c, t) + group * c.strides[1] + n];
			}
			out.data[rowStart(out, t) + head * headDim + p] = y + d.data[d.offset + head] * value;
		}
	}
}
function gatedRmsNorm({ inputs, outputs, number }) {
	const [x, gate, weight] = inputs;
	const out = outputs[0];
	const [numTokens, size] = x.shape;
	const groupSize = number("groupSize");
	for (let t = 0; t < numTokens; t++) for (let first = 0; first < size; first += groupSize) {
		const gated = Float64Array.from({ length: groupSize }, (_, k) => {
			const open = activationFunctions["silu"](gate.data[rowStart(gate, t) + first + k]);
			return x.data[rowStart(x, t) + first + k] * open;
		});
		const squares = gated.reduce((sum, value) => sum + value ** 2, 0);
		const factor = 1 / Math.sqrt(squares / groupSize + number("eps"));
		gated.forEach((value, k) => {
			out.data[rowStart(out, t) + first + k] = value * factor * weight.data[weight.offset + first + k];
		});
	}
}
// src/platform/reference/topk-routing.ts
/** Indices of the `count` largest keys, largest first, of equals the lower index first. */
function largest(keys, indices, count) {
	return [...indices].sort((a, b) => keys[b] - keys[a] || a - b).slice(0, count);
}
function topkRouting({ inputs, outputs, number, text }) {
	const [logits, bias] = inputs;
	const [ids, weights] = outputs;
	const [numTokens, numExperts] = logits.shape;
	const topK = number("topK");
	const [numGroups, topkGroup] = [number("numExpertGroup"), number("topkGroup")];
	const byTopTwo = numGroups > 1 && text("groupScore") === "topTwo";
	const groupSize = numExperts / numGroups;
	const groups = Array.from({ length: numGroups }, (_, g) => Array.from({ length: groupSize }, (_, i) => g * groupSize + i));
	for (let t = 0; t < numTokens; t++) {
		const row = Array.from(logits.data.subarray(rowStart(logits, t), rowStart(logits, t) + numExperts));
		const scores = text("scoringFunc") === "sigmoid" ? row.map((x) => 1 / (1 + Math.exp(-x))) : softmax(row);
		const keys = bias || byTopTwo ? scores.map((score, e) => score + (bias ? bias.data[bias.offset + e] : 0)) : row;
		const chosen = largest(keys, largest(groups.map((members) => {
			const best = largest(keys, members, 2).map((e) => keys[e]);
			return byTopTwo ? best[0] + best[1] : best[0];
		}), [...groups.keys()], topkGroup).sort((a, b) => a - b).flatMap((g) => groups[g]), topK);
		const sum = chosen.reduce((total, e) => total + scores[e], 0) + 1e-20;
		chosen.forEach((e, j) => {
			ids.data[rowStart(ids, t) + j] = e;
			const weight = number("renormalize") ? scores[e] / sum : scores[e];
			weights.data[rowStart(weights, t) + j] = weight * number("routedScalingFactor");
		});
	}
}
function softmax(row) {
	const max = row.reduce((a, b) => Math.max(a, b), -Infinity);
	const exponentials = row.map((x) => Math.exp(x - max));
	const sum = exponentials.reduce((a, b) => a + b, 0);
	return exponentials.map((x) => x / sum);
}
// src/platform/reference/kernels.ts
/** The reference kernel of every op. This table is the list of ops that Quire has. */
const referenceKernels = {
	activation,
	add,
	causalConv1d,
	clamp,
	clampedSwiglu,
	combineExperts,
	copy,
	embedding,
	expertLinear,
	expertLinearInt8,
	gatedActivation,
	gatedRmsNorm,
	gatherRows,
	headLinear,
	layerNorm,
	linear,
	linearInt8,
	mlaAttention,
	mul,
	pagedAttention,
	rmsNorm,
	rotaryEmbedding,
	sample,
	scale,
	selectiveScan,
	softcap,
	ssdScan,
	topkRouting,
	writeKVCache,
	writeLatents
};
export { toBf16 as a, fromBf16 as i, ReferenceMemory as n, elements as r, referenceKernels as t };
