import { c as ResourceError } from "./errors-CjlPyKrT.js";
import { t as messageOf } from "./text-eUgHTlLT.js";
import { availableParallelism, cpus, release, totalmem } from "node:os";
import { writeFileSync } from "node:fs";
// src/tools/bench/report.ts
/** A benchmark's result as a file: figures with everything that is needed to read them later. */
function benchReport(benchmark, quire, settings, result) {
	const machine = {
		os: `${process.platform} ${release()}`,
		arch: process.arch,
		cpu: cpus()[0]?.model.trim() ?? "unknown",
		cores: availableParallelism(),
		memoryBytes: totalmem()
	};
	return {
		benchmark,
		date: (/* @__PURE__ */ new Date()).toISOString(),
		quire,
		node: process.version,
		machine,
		settings,
		result
	};
}
/** The report as JSON: numbers with six significant digits after the point at most, infinity as "inf". */
function reportJson(report) {
	const show = (_, value) => {
		if (value === Infinity) return "inf";
		return typeof value === "number" && !Number.isInteger(value) ? Number(value.toFixed(6)) : value;
	};
	return `${JSON.stringify(report, show, 2).replace(/\[\s+(-?[\d.e+-]+(?:,\s+-?[\d.e+-]+)*)\s+\]/g, onOneLine)}\n`;
}
/** Lists of plain numbers take one line. */
function onOneLine(list) {
	return list.replace(/\s+/g, " ").replace("[ ", "[").replace(" ]", "]");
}
/** @throws ResourceError if the file cannot be written */
function writeResultFile(path, text) {
	try {
		writeFileSync(path, text);
	} catch (cause) {
		throw new ResourceError(`${path}: cannot be written: ${messageOf(cause)}`, { cause });
	}
}
export { reportJson as n, writeResultFile as r, benchReport as t };
