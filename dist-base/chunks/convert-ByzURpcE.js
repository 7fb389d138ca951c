import { l as ShapeError } from "./errors-CjlPyKrT.js";
// src/tensor/convert.ts
/** Conversions between 16-bit and 32-bit floats, array to array. Widening is exact; narrowing rounds to nearest, ties to even. */
let table;
/** The value of every float16, indexed by its bits; made on first use (256 KiB). Do not write to it. */
function f16Values() {
	if (table !== void 0) return table;
	table = /* @__PURE__ */ new Float32Array(65536);
	for (let bits = 0; bits < 65536; bits++) {
		const sign = bits & 32768 ? -1 : 1;
		const exponent = bits >> 10 & 31;
		const fraction = bits & 1023;
		if (exponent === 31) table[bits] = fraction === 0 ? sign * Infinity : NaN;
		else if (exponent === 0) table[bits] = sign * fraction * 2 ** -24;
		else table[bits] = sign * (1024 + fraction) * 2 ** (exponent - 25);
	}
	return table;
}
/** Widens float16 bits to float32. `target` is at least as long as `source`. @throws ShapeError if it is not */
function f16ToF32(source, target) {
	checkLength(source, target);
	const values = f16Values();
	for (let i = 0; i < source.length; i++) target[i] = values[source[i]];
}
/** Widens bfloat16 bits to float32, NaN payloads kept. @throws ShapeError if `target` is shorter than `source` */
function bf16ToF32(source, target) {
	checkLength(source, target);
	const bits = new Uint32Array(target.buffer, target.byteOffset, source.length);
	for (let i = 0; i < source.length; i++) bits[i] = source[i] << 16;
}
/** Rounds float32 to bfloat16 bits; too large values become infinite, NaN stays a quiet NaN. @throws ShapeError if `target` is shorter */
function f32ToBf16(source, target) {
	checkLength(source, target);
	const bits = new Uint32Array(source.buffer, source.byteOffset, source.length);
	for (let i = 0; i < bits.length; i++) {
		const x = bits[i];
		if ((x & 2147483647) > 2139095040) target[i] = x >>> 16 | 64;
		else target[i] = x + 32767 + (x >>> 16 & 1) >>> 16;
	}
}
function checkLength(source, target) {
	if (target.length < source.length) throw new ShapeError(`convert: ${source.length} elements do not fit into a target of ${target.length}`);
}
export { f32ToBf16 as i, f16ToF32 as n, f16Values as r, bf16ToF32 as t };
