import { r as onSigint, t as UsageError } from "./exit-Bl2g91cb.js";
import { t as ProgressBar } from "./progress-bar-CXZQbj9R.js";
import { n as reportJson, r as writeResultFile, t as benchReport } from "./report-6-Uu1ojc.js";
import { dirname } from "node:path";
import { accessSync, constants, statSync } from "node:fs";
// src/cli/bench-progress.ts
/** What a benchmark's command shows while it runs, and how Ctrl-C ends it. */
/** From its making to close(), Ctrl-C aborts the signal instead of the process. */
var BenchProgress = class {
	bar = new ProgressBar();
	#stop = new AbortController();
	#restore = onSigint(() => this.#stop.abort());
	get signal() {
		return this.#stop.signal;
	}
	/** Shown on terminals alone. @param things "batches" */
	update(phase, done, total, things = "") {
		if (process.stderr.isTTY === true) this.bar.update(phase, done / total, `${done} of ${total} ${things}`.trimEnd());
	}
	close() {
		this.bar.clear();
		this.#restore();
	}
};
// src/cli/result-output.ts
/** Where a benchmark's figures go: a table to read, and with --json a file or standard output. */
/** Adds --json. */
function addJsonFlag(command) {
	command.option("--json <file>", "Write all figures and settings as JSON; - is standard output.");
}
/** Prints tables as they come, and the whole result at the end. */
var ResultOutput = class {
	#json;
	/** @throws UsageError if the file could not be written later */
	constructor(json) {
		this.#json = json;
		if (json !== void 0 && json !== "-") checkWritable("--json", json);
	}
	/** Text for a reader: to standard output, or to standard error when JSON goes there. */
	print(text) {
		(this.#json === "-" ? process.stderr : process.stdout).write(text);
	}
	/** Writes the report. @throws ResourceError if its file cannot be written */
	finish(benchmark, version, settings, result) {
		if (this.#json === void 0) return;
		const text = reportJson(benchReport(benchmark, version, settings, result));
		if (this.#json === "-") process.stdout.write(text);
		else writeResultFile(this.#json, text);
	}
};
/** Better now than after an hour of measuring. @throws UsageError if no file can be written there */
function checkWritable(flag, path) {
	try {
		const there = statSync(path, { throwIfNoEntry: false });
		if (there?.isDirectory()) throw new Error("it is a folder");
		accessSync(there === void 0 ? dirname(path) : path, constants.W_OK);
	} catch (error) {
		throw new UsageError(`${flag} ${path}: cannot be written: ${error.message}`);
	}
}
export { BenchProgress as i, addJsonFlag as n, checkWritable as r, ResultOutput as t };
