// src/config/human-number.ts
/** Numbers as people write them: 1k, 2K, 25.6k tokens; 4GiB, 4G, 500MB. */
/** Lower case counts in thousands, upper case in 1024s, as vLLM reads them. */
const FACTORS = {
	"": 1,
	k: 1e3,
	m: 1e6,
	g: 1e9,
	t: 0xe8d4a51000,
	K: 1024,
	M: 2 ** 20,
	G: 2 ** 30,
	T: 2 ** 40
};
/**
* "4096" -> 4096, "1k" -> 1000, "1K" -> 1024, "25.6k" -> 25600; m, g, t and M, G, T alike. Undefined when the text is no
* such number or its value is not whole.
*/
function parseHumanInteger(text) {
	const match = /^(\d+(?:\.\d+)?)([kmgtKMGT]?)$/.exec(text.trim());
	return match === null ? void 0 : whole(match[1], FACTORS[match[2]]);
}
/** The same for bytes, and with a unit: "4GiB" and "4G" are 4 * 2^30, "4GB" and "4g" are 4 * 10^9. */
function parseHumanBytes(text) {
	const match = /^(\d+(?:\.\d+)?)\s*(?:([kmgt])(i?)b|b)$/i.exec(text.trim());
	if (match === null) return parseHumanInteger(text);
	const letter = match[2] ?? "";
	return whole(match[1], FACTORS[match[3] ? letter.toUpperCase() : letter.toLowerCase()]);
}
/** 1610612736 -> "1.5 GiB". */
function showBytes(bytes) {
	const units = [
		"B",
		"KiB",
		"MiB",
		"GiB",
		"TiB"
	];
	let unit = 0;
	let value = bytes;
	while (value >= 1024 && unit < units.length - 1) {
		value /= 1024;
		unit++;
	}
	return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
}
function whole(digits, factor) {
	const value = Number(digits) * factor;
	const rounded = Math.round(value);
	return Math.abs(value - rounded) < 1e-6 && Number.isSafeInteger(rounded) ? rounded : void 0;
}
export { parseHumanInteger as n, showBytes as r, parseHumanBytes as t };
