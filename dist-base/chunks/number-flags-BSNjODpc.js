import { t as UsageError } from "./exit-Bl2g91cb.js";
// src/cli/number-flags.ts
/** Flags that take numbers: what is read from their text, and how a wrong one is told. */
/** Reads a whole number. @throws UsageError (in the function that comes back) naming the flag */
function integer(flag, range = {}) {
	return (text) => {
		const value = /^[+-]?\d+$/.test(text.trim()) ? Number(text) : NaN;
		return inRange(flag, "an integer", range, value, text, Number.isSafeInteger(value));
	};
}
/** Reads any number, with `allowInfinity` also "inf". @throws UsageError (in the function that comes back) naming the flag */
function number(flag, range = {}) {
	return (text) => {
		const isInfinity = range.allowInfinity === true && /^\+?inf(inity)?$/i.test(text.trim());
		const value = isInfinity ? Infinity : text.trim() === "" ? NaN : Number(text);
		return inRange(flag, "a number", range, value, text, isInfinity || Number.isFinite(value));
	};
}
/** Reads a comma list. @throws UsageError (in the function that comes back) naming the flag */
function listOf(flag, item) {
	return (text) => {
		const parts = text.split(",").map((part) => part.trim());
		if (parts.some((part) => part === "")) throw new UsageError(`${flag}: expected values with commas between them; got ${JSON.stringify(text)}`);
		return parts.map(item);
	};
}
function inRange(flag, what, range, value, text, isRead) {
	const { min = -Infinity, max = Infinity, isAbove = false, allowInfinity = false } = range;
	if (isRead && value <= max && (isAbove ? value > min : value >= min)) return value;
	const low = min === -Infinity ? "" : isAbove ? ` above ${min}` : ` from ${min}`;
	const high = max === Infinity ? "" : `${low === "" ? " up" : ""} to ${max}`;
	throw new UsageError(`${flag}: expected ${what}${low}${high}${allowInfinity ? ", or \"inf\"" : ""}; got ${JSON.stringify(text)}`);
}
export { listOf as n, number as r, integer as t };
