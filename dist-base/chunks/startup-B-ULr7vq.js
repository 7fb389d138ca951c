import { c as ResourceError } from "./errors-CjlPyKrT.js";
import { t as median } from "./statistics-m8nnyVxI.js";
import { n as textTable, t as figure } from "./text-table-BOzm1zAn.js";
import { spawn } from "node:child_process";
// src/tools/bench/startup.ts
/** `quire bench startup`: fresh processes, timed from their start to the first token and to their end. */
/** @throws ResourceError if a child fails or takes too long; its own words are on standard error */
async function benchStartup(options) {
	const iterations = [];
	while (iterations.length < options.numIters && !options.signal.aborted) {
		const iteration = await startOnce(options);
		if (iteration !== void 0) iterations.push(iteration);
		options.onIteration?.(iterations.length, options.numIters);
	}
	return {
		iterations,
		isInterrupted: options.signal.aborted
	};
}
/** Undefined when the signal ended it. */
async function startOnce({ command, timeoutMs, signal }) {
	const [program, ...args] = command;
	const start = performance.now();
	const child = spawn(program, args, { stdio: [
		"ignore",
		"pipe",
		"inherit"
	] });
	const stop = () => void child.kill("SIGKILL");
	const timer = setTimeout(stop, timeoutMs);
	signal.addEventListener("abort", stop, { once: true });
	let readyMs;
	let firstTokenMs;
	let phases = [];
	let rest = "";
	child.stdout.on("data", (data) => {
		const now = performance.now() - start;
		const lines = (rest + data.toString("utf8")).split("\n");
		rest = lines.pop();
		for (const line of lines) {
			const event = readEvent(line);
			if (event?.event === "ready") [readyMs, phases] = [now, event.phases];
			if (event?.event === "first token") firstTokenMs = now;
		}
	});
	const code = await new Promise((resolve) => {
		child.on("error", (error) => resolve(error.message));
		child.on("close", (status, killer) => resolve(status ?? killer));
	});
	const exitMs = performance.now() - start;
	clearTimeout(timer);
	signal.removeEventListener("abort", stop);
	if (signal.aborted) return void 0;
	if (exitMs >= timeoutMs) throw new ResourceError(`the process did not end in ${timeoutMs / 1e3} s (--timeout)`);
	if (code !== 0 || readyMs === void 0 || firstTokenMs === void 0) throw new ResourceError(`the process that was to be measured ended with ${code}: ${command.join(" ")}`);
	return {
		readyMs,
		firstTokenMs,
		exitMs,
		phases
	};
}
function readEvent(line) {
	try {
		return JSON.parse(line);
	} catch {
		return;
	}
}
/** The first start, the median of the others, and the others' phases. */
function startupText({ iterations }) {
	const [first, ...others] = iterations;
	if (first === void 0) return "nothing was measured\n";
	const warm = others.length > 0 ? others : [first];
	const row = (name, value) => [
		name,
		figure(value(first)),
		figure(median(warm.map(value))),
		figure(Math.min(...warm.map(value))),
		figure(Math.max(...warm.map(value)))
	];
	const rows = [
		[
			"process start to, ms",
			"first start",
			`median of ${others.length} more`,
			"least",
			"most"
		],
		row("ready", (iteration) => iteration.readyMs),
		row("first token", (iteration) => iteration.firstTokenMs),
		row("exit", (iteration) => iteration.exitMs)
	];
	const phases = [...new Set(warm.flatMap(({ phases }) => phases.map(({ name }) => name)))].map((name) => {
		const found = warm.flatMap((iteration) => iteration.phases.filter((phase) => phase.name === name));
		const duration = median(found.map(({ startMs, endMs }) => endMs - startMs));
		return [
			name,
			figure(median(found.map(({ startMs }) => startMs))),
			figure(duration)
		];
	});
	const phaseTable = phases.length === 0 ? "" : `\n${textTable([[
		"phase, ms",
		"begins",
		"takes"
	], ...phases])}\n`;
	return `${textTable(rows)}\n${phaseTable}`;
}
export { benchStartup, startupText };
