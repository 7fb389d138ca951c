// src/tools/bench/text-table.ts
/** Plain text for terminals: tables, and figures with few digits. */
/** Columns as wide as their widest cell; the first one to the left, the others to the right. Two spaces between. */
function textTable(rows) {
	const widths = [];
	for (const row of rows) row.forEach((cell, i) => widths[i] = Math.max(widths[i] ?? 0, cell.length));
	return rows.map((row) => row.map((cell, i) => i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i])).join("  ")).map((line) => line.trimEnd()).join("\n");
}
/** Four significant digits, no exponent: 1234, 123.4, 0.1234. "-" where there is no value. */
function figure(value) {
	if (value === void 0 || Number.isNaN(value)) return "-";
	if (!Number.isFinite(value)) return "inf";
	const digits = value === 0 ? 0 : Math.floor(Math.log10(Math.abs(value))) + 1;
	return value.toFixed(Math.min(4, Math.max(0, 4 - Math.max(digits, 1))));
}
export { textTable as n, figure as t };
