import { r as ConfigError, t as AbortError } from "./errors-CjlPyKrT.js";
import { t as openBenchEngine } from "./bench-engine-DoUyWgdp.js";
import { r as opWindows } from "./in-process-transport-CSlghuGW.js";
import { t as engineTokenPool } from "./engine-token-pool-B9N6TBED.js";
import { a as randomTokenIds } from "./random-prompts-DB1w5q9P.js";
import { t as RandomSource } from "./random-source-D46t_u7c.js";
import { readFileSync } from "node:fs";
// src/tools/bench/breakdown.ts
/** The steps that decode alone, one token for each request, with the number of requests that is most common. */
function decodeSteps(steps) {
	return mostCommon(steps.filter(({ numTokens, numRequests }) => numTokens > 0 && numTokens === numRequests));
}
/** The steps that compute prompts, of the size that is most common. */
function prefillSteps(steps) {
	return mostCommon(steps.filter(({ numTokens, numRequests }) => numTokens > numRequests));
}
/**
* @param steps measured steps of one kind, as decodeSteps() gives them; steps that had to compile count only if all had to
* @param speed what Engine.probe() gave; without it there is no roofline
* @returns     undefined without steps
*/
function breakdown(steps, speed) {
	const warm = steps.filter(({ phases }) => phases.every(({ name }) => name !== "compile"));
	const chosen = middleHalf(warm.length > 0 ? warm : steps);
	const first = chosen[0];
	if (first === void 0) return void 0;
	const scale = 1 / chosen.length;
	const ops = /* @__PURE__ */ new Map();
	const rest = /* @__PURE__ */ new Map();
	for (const step of chosen) {
		countOps(step, speed, scale, ops);
		for (const [name, ms] of outsideOps(step)) rest.set(name, (rest.get(name) ?? 0) + ms * 1e3 * scale);
	}
	const stepMicroseconds = sum(chosen.map(({ startMs, endMs }) => (endMs - startMs) * 1e3 * scale));
	const rows = [...ops.values()].map((row) => ({
		...row,
		share: row.microseconds / stepMicroseconds
	}));
	const opsMicroseconds = sum(rows.map(({ microseconds }) => microseconds));
	return {
		numSteps: steps.length,
		numTokens: first.numTokens,
		numRequests: first.numRequests,
		stepMicroseconds,
		ops: rows.sort((a, b) => b.microseconds - a.microseconds),
		opsMicroseconds,
		opsShare: opsMicroseconds / stepMicroseconds,
		waitingMicroseconds: sum(rows.map(({ waitingMicroseconds }) => waitingMicroseconds)),
		rest: [...rest].map(([name, microseconds]) => ({
			name,
			microseconds,
			share: microseconds / stepMicroseconds
		})).sort((a, b) => b.microseconds - a.microseconds),
		speed
	};
}
function countOps({ runs }, speed, scale, rows) {
	for (const run of runs) {
		const windows = opWindows(run);
		windows.forEach(({ entered, left, busy }, i) => {
			const op = run.ops[i];
			const nanoseconds = left - (windows[i - 1]?.left ?? entered);
			let row = rows.get(op.kind);
			if (row === void 0) rows.set(op.kind, row = emptyRow(op.kind));
			row.count += scale;
			row.microseconds += nanoseconds / 1e3 * scale;
			row.waitingMicroseconds += (nanoseconds - busy / run.threads) / 1e3 * scale;
			row.bytes += (op.bytesRead + op.bytesWritten) * scale;
			row.flops += op.flops * scale;
			if (speed !== void 0) row.rooflineMicroseconds = (row.rooflineMicroseconds ?? 0) + roofline(op, speed) * scale;
		});
	}
}
function emptyRow(kind) {
	return {
		kind,
		count: 0,
		microseconds: 0,
		waitingMicroseconds: 0,
		bytes: 0,
		flops: 0,
		rooflineMicroseconds: void 0
	};
}
/** Microseconds. */
function roofline({ bytesRead, bytesWritten, flops, arithmetic }, speed) {
	return Math.max((bytesRead + bytesWritten) / speed.bytesPerSecond, flops / speed.flopsPerSecond[arithmetic]) * 1e6;
}
/** The stretches of a step outside its ops, by name, in milliseconds; with the ops they are the whole step. */
function outsideOps(step) {
	const native = step.runs.map((run) => {
		const windows = opWindows(run);
		return {
			name: void 0,
			startMs: run.startMs + (windows[0]?.entered ?? 0) / 1e6,
			endMs: run.startMs + (windows.at(-1)?.left ?? 0) / 1e6
		};
	});
	const wakes = native.map(({ startMs }, i) => ({
		name: "threads wake up",
		startMs: step.runs[i].startMs,
		endMs: startMs
	}));
	const covered = [...native, ...wakes];
	const phases = step.phases.flatMap((phase) => without(phase, covered));
	const stretches = [...covered, ...phases].sort((a, b) => a.startMs - b.startMs || a.endMs - b.endMs);
	const parts = [];
	let at = step.startMs;
	let isAfterNative = false;
	for (const { name, startMs, endMs } of [...stretches, {
		name: void 0,
		startMs: step.endMs,
		endMs: step.endMs
	}]) {
		if (startMs > at) parts.push([isAfterNative ? "report back to JavaScript" : "between phases", startMs - at]);
		if (name !== void 0) parts.push([name, endMs - startMs]);
		isAfterNative = name === void 0;
		at = endMs;
	}
	return parts;
}
/** The parts of a phase that lie outside all `covered` stretches, named as JavaScript. */
function without(phase, covered) {
	let parts = [{
		name: `JavaScript: ${phase.name}`,
		startMs: phase.startMs,
		endMs: phase.endMs
	}];
	for (const { startMs, endMs } of covered) {
		parts = parts.flatMap((part) => [{
			...part,
			endMs: Math.min(part.endMs, startMs)
		}, {
			...part,
			startMs: Math.max(part.startMs, endMs)
		}]);
		parts = parts.filter((part) => part.endMs > part.startMs);
	}
	return parts;
}
/** The steps whose number of tokens occurs most often; of several the larger. */
function mostCommon(steps) {
	const bySize = /* @__PURE__ */ new Map();
	for (const step of steps) bySize.set(step.numTokens, [...bySize.get(step.numTokens) ?? [], step]);
	return [...bySize].sort(([a, some], [b, others]) => others.length - some.length || b - a)[0]?.[1] ?? [];
}
/** Without the quickest and the slowest quarter. */
function middleHalf(steps) {
	const sorted = [...steps].sort((a, b) => a.endMs - a.startMs - (b.endMs - b.startMs));
	const cut = Math.floor(sorted.length / 4);
	return sorted.slice(cut, sorted.length - cut);
}
function sum(values) {
	return values.reduce((total, value) => total + value, 0);
}
// src/tools/bench/memory-probe.ts
/** What the machine gives at this moment: figures beside which others mean something. */
/** GB/s of summing 256 MiB of doubles on this thread. A lower bound of memory bandwidth; a few runs, the best one. */
function memoryBandwidth() {
	const data = new Float64Array(2 ** 25).fill(1);
	let best = 0;
	for (let round = 0; round < 3; round++) {
		const start = performance.now();
		let [a, b, c, d] = [
			0,
			0,
			0,
			0
		];
		for (let i = 0; i < data.length; i += 8) {
			a += data[i] + data[i + 1];
			b += data[i + 2] + data[i + 3];
			c += data[i + 4] + data[i + 5];
			d += data[i + 6] + data[i + 7];
		}
		if (a + b + c + d !== data.length) throw new Error("probe: wrong sum");
		best = Math.max(best, data.byteLength / (performance.now() - start) / 1e6);
	}
	return best;
}
// src/tools/bench/thread-cpu.ts
/** CPU time of the JavaScript thread alone. */
/**
* Milliseconds of CPU time that the main thread has had. Where the system does not tell (it is not Linux), the process's
* user time, compute threads included. Wall time would count the moments in which compute threads run in its place.
*/
function threadCpuMs() {
	try {
		return Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, "utf8").split(" ")[0]) / 1e6;
	} catch {
		return process.cpuUsage().user / 1e3;
	}
}
// src/tools/bench/latency.ts
/** Iterations of each batch size whose steps are measured op by op. */
const BREAKDOWN_ITERS = 5;
/**
* Loads the model, warms up, and measures.
*
* @throws ConfigError if prompt and output do not fit the model; what loading throws
*/
async function benchLatency(options) {
	const { llm, model, loadSeconds } = await openBenchEngine(options, { enablePrefixCaching: false });
	try {
		checkLengths(options, model);
		const probe = () => options.probe ? [memoryBandwidth()] : [];
		const before = probe();
		const batches = options.batchSizes.map((batchSize) => ({
			batchSize,
			iterations: []
		}));
		const breakdowns = [];
		try {
			const nextPrompts = await promptMaker(llm, options);
			await measure(llm, options, nextPrompts, batches);
			if (options.breakdown) await measureOps(llm, options, nextPrompts, breakdowns);
		} catch (error) {
			if (!(error instanceof AbortError) || options.signal?.aborted !== true) throw error;
		}
		const isInterrupted = options.signal?.aborted === true;
		return {
			model,
			loadSeconds,
			batches,
			memoryBandwidth: [...before, ...probe()],
			breakdowns,
			isInterrupted
		};
	} finally {
		await llm.close();
	}
}
async function promptMaker(llm, { seed, inputLen }) {
	const pool = await engineTokenPool(llm);
	const random = new RandomSource(seed);
	return (batchSize) => Array.from({ length: batchSize }, () => randomTokenIds(random, inputLen, pool));
}
async function measure(llm, options, nextPrompts, batches) {
	const { numItersWarmup, numIters } = options;
	const total = (numItersWarmup + numIters) * batches.length;
	let done = 0;
	for (let i = -numItersWarmup; i < numIters; i++) for (const { batchSize, iterations } of batches) {
		const iteration = await runBatch(llm, options, nextPrompts(batchSize));
		if (i >= 0) iterations.push(iteration);
		options.onIteration?.(++done, total);
	}
}
/** Measured steps come after the others: measuring takes time between them. */
async function measureOps(llm, options, nextPrompts, breakdowns) {
	for (const batchSize of options.batchSizes) {
		const steps = [];
		const stop = llm.profileSteps((step) => steps.push(step));
		try {
			for (let i = 0; i < BREAKDOWN_ITERS; i++) await runBatch(llm, options, nextPrompts(batchSize));
		} finally {
			stop();
		}
		const speed = await llm.probe();
		const [decode, prefill] = [decodeSteps(steps), prefillSteps(steps)].map((kind) => breakdown(kind, speed));
		breakdowns.push({
			batchSize,
			decode,
			prefill
		});
	}
}
/** All prompts at once, each with a stream of its own. */
async function runBatch(llm, options, prompts) {
	const { n, outputLen: maxTokens, temperature, detokenize, signal, inputLen } = options;
	const params = {
		n,
		maxTokens,
		temperature,
		detokenize,
		ignoreEos: true
	};
	const ttftMs = new Array(prompts.length).fill(0);
	let outputTokens = 0;
	let tokensBefore = 0;
	const before = llm.stats().numSteps;
	const cpuBefore = threadCpuMs();
	const start = performance.now();
	await Promise.all(prompts.map(async (tokenIds, i) => {
		let isFirst = true;
		for await (const { outputs } of llm.stream(tokenIds, params, signal ? { signal } : {})) {
			for (const output of outputs) outputTokens += output.tokenIds.length;
			if (!isFirst) continue;
			isFirst = false;
			ttftMs[i] = performance.now() - start;
			tokensBefore = outputTokens;
		}
	}));
	const latencyMs = performance.now() - start;
	const numSteps = llm.stats().numSteps - before;
	const prefillMs = Math.max(...ttftMs);
	const decoded = outputTokens - tokensBefore;
	return {
		latencyMs,
		ttftMs,
		prefillTokensPerSecond: prompts.length * inputLen / (prefillMs / 1e3),
		decodeTokensPerSecond: decoded > 0 ? decoded / ((latencyMs - prefillMs) / 1e3) : void 0,
		outputTokens,
		numSteps,
		jsCpuMsPerStep: (threadCpuMs() - cpuBefore) / numSteps,
		outsideMsPerStep: llm.stats(numSteps).recentSteps.outsideMs
	};
}
function checkLengths({ inputLen, outputLen }, { maxModelLen }) {
	if (inputLen + outputLen <= maxModelLen) return;
	throw new ConfigError(`--input-len ${inputLen} and --output-len ${outputLen} are ${inputLen + outputLen} tokens; the model takes ${maxModelLen} (--max-model-len)`);
}
export { benchLatency };
