import { i as EngineDeadError, r as ConfigError } from "./errors-CjlPyKrT.js";
import { n as createScheduler, t as Request } from "./request-C8_8bHci.js";
import { t as messageOf } from "./text-eUgHTlLT.js";
import { t as StepTimes } from "./step-times-jEONu6aR.js";
import { dirname } from "node:path";
import { closeSync, fstatSync, openSync, statSync, writeSync } from "node:fs";
import { performance } from "node:perf_hooks";
import { setImmediate } from "node:timers/promises";
// src/engine/engine-core.ts
/** EngineCore: the loop that schedules, lets the worker compute, and hands the outputs on. */
/** A step that computes nothing while requests wait, so often in a row, means that nothing will ever change. */
const MAX_EMPTY_STEPS = 3;
/**
* Drives one worker. Requests, aborts and utility calls are taken in at any time and done between two steps, in their
* order. While there is no work, nothing runs: no timer keeps the process alive.
*/
var EngineCore = class {
	#worker;
	#scheduler;
	#events;
	/** Done before the next step. */
	#inbox = [];
	/** Outputs that the front has not got yet: of the last step, and of requests that ended outside a step. */
	#unsent = [];
	#loop;
	#ended;
	#emptySteps = 0;
	#numSteps = 0;
	#numScheduledTokens = 0;
	#numGeneratedTokens = 0;
	#jsTimeMs = {
		schedule: 0,
		update: 0,
		outputs: 0
	};
	#stepTimes = new StepTimes();
	#profileListeners = /* @__PURE__ */ new Set();
	/** The core's own phases of a step that is measured. */
	#phases;
	constructor(worker, scheduler, events) {
		this.#worker = worker;
		this.#scheduler = scheduler;
		this.#events = events;
	}
	/** Takes requests in; one that the scheduler refuses ends with reason "error". */
	addRequests(requests) {
		this.#enqueue(() => {
			for (const request of requests) this.#add(request);
		});
	}
	/** Ends requests before the next step, without an output. Unknown ids are ignored. */
	abort(requestIds) {
		this.#enqueue(() => this.#scheduler.abortRequests(requestIds));
	}
	/** Does a utility call between two steps. */
	call(name) {
		if (this.#ended !== void 0) return Promise.reject(this.#ended);
		const calls = {
			resetPrefixCache: () => this.#scheduler.resetPrefixCache(),
			probe: () => this.#worker.probe?.()
		};
		return new Promise((resolve, reject) => {
			this.#enqueue(() => {
				if (this.#ended !== void 0) return reject(this.#ended);
				try {
					resolve(calls[name]());
				} catch (error) {
					reject(error);
				}
			});
		});
	}
	/** Figures as of now. @param lastSteps of how many steps `recentSteps` is at most */
	stats(lastSteps) {
		return {
			...this.#scheduler.stats(),
			numSteps: this.#numSteps,
			numScheduledTokens: this.#numScheduledTokens,
			numGeneratedTokens: this.#numGeneratedTokens,
			jsTimeMs: { ...this.#jsTimeMs },
			recentSteps: this.#stepTimes.recent(lastSteps)
		};
	}
	/** Measures every step from the next one on, and tells; between two steps, so that steps stay as they are. */
	profileSteps(listener) {
		this.#profileListeners.add(listener);
		return () => void this.#profileListeners.delete(listener);
	}
	/** Lets the step under way end and disposes of the worker. Waiting utility calls are rejected. */
	async close() {
		const isFirst = this.#ended === void 0;
		this.#ended ??= new EngineDeadError("the engine was closed");
		await this.#loop;
		this.#drainInbox();
		if (isFirst) this.#worker.dispose();
	}
	#enqueue(command) {
		if (this.#ended !== void 0) return;
		this.#inbox.push(command);
		this.#loop ??= this.#run();
	}
	async #run() {
		try {
			await setImmediate();
			while (this.#ended === void 0) {
				this.#drainInbox();
				if (this.#inbox.length > 0) continue;
				if (this.#scheduler.hasUnfinishedRequests()) await this.#step();
				else if (this.#unsent.length > 0) this.#send();
				else break;
			}
			this.#events.idle?.();
		} catch (cause) {
			this.#die(cause);
		} finally {
			this.#loop = void 0;
		}
	}
	#drainInbox() {
		const commands = this.#inbox;
		this.#inbox = [];
		for (const command of commands) command();
	}
	#add(options) {
		try {
			this.#scheduler.addRequest(new Request(options));
		} catch (error) {
			this.#unsent.push({
				requestId: options.requestId,
				newTokenIds: [],
				logprobs: null,
				promptLogprobs: null,
				finishReason: "error",
				stopReason: null,
				errorMessage: messageOf(error),
				numCachedTokens: 0
			});
		}
	}
	/**
	* Starts a step, and while the worker computes, hands out what the last one gave and lets the event loop turn: texts, streams
	* and sockets cost the worker nothing. What comes in meanwhile goes into the next step.
	*/
	async #step() {
		const start = performance.now();
		this.#phases = this.#profileListeners.size > 0 ? [] : void 0;
		const step = this.#scheduler.schedule();
		this.#spent("schedule", start);
		this.#checkProgress(step);
		const computing = this.#worker.execute(step, this.#phases !== void 0);
		const [result] = await Promise.all([computing, this.#sendMeanwhile()]);
		const numSampled = this.#finishStep(step, result);
		const end = performance.now();
		if (step.totalNumScheduledTokens > 0) {
			this.#stepTimes.add(end - start, result.nativeMs ?? 0);
			this.#events.stepped?.(end - start, result.nativeMs ?? 0);
		}
		if (this.#phases !== void 0) this.#tellProfile(step, numSampled, start, end);
	}
	/** Counts the time since `start` as this phase's. */
	#spent(name, start) {
		const end = performance.now();
		this.#jsTimeMs[name] += end - start;
		this.#phases?.push({
			name,
			startMs: start,
			endMs: end
		});
	}
	#tellProfile(step, numSampled, startMs, endMs) {
		const { phases, runs } = this.#worker.takeProfile?.() ?? {
			phases: [],
			runs: []
		};
		const { numRunning, numWaiting } = this.#scheduler.stats();
		const profile = {
			step: this.#numSteps - 1,
			startMs,
			endMs,
			phases: [...this.#phases, ...phases].sort((a, b) => a.startMs - b.startMs),
			runs,
			numTokens: step.totalNumScheduledTokens,
			numRequests: step.numScheduledTokens.size,
			numSampled,
			numRunning,
			numWaiting
		};
		this.#phases = void 0;
		for (const listener of this.#profileListeners) this.#tell(listener, profile);
	}
	/** A listener that throws is not asked again; the engine goes on. */
	#tell(listener, profile) {
		try {
			listener(profile);
		} catch (error) {
			this.#profileListeners.delete(listener);
			process.emitWarning(`profileSteps: the listener failed and is not called any more: ${messageOf(error)}`);
		}
	}
	async #sendMeanwhile() {
		this.#send();
		await setImmediate();
	}
	#send() {
		const start = performance.now();
		const outputs = this.#unsent;
		this.#unsent = [];
		this.#events.outputs(outputs);
		this.#spent("outputs", start);
	}
	/** Returns the number of tokens that the step sampled. */
	#finishStep(step, result) {
		const start = performance.now();
		const outputs = this.#scheduler.updateFromOutput(step, result);
		const numSampled = outputs.reduce((sum, { newTokenIds }) => sum + newTokenIds.length, 0);
		this.#numSteps++;
		this.#numScheduledTokens += step.totalNumScheduledTokens;
		this.#numGeneratedTokens += numSampled;
		this.#unsent.push(...outputs);
		this.#spent("update", start);
		return numSampled;
	}
	/** Empty steps may free something once; if they go on, the engine would spin for ever. */
	#checkProgress(step) {
		this.#emptySteps = step.totalNumScheduledTokens > 0 ? 0 : this.#emptySteps + 1;
		if (this.#emptySteps <= MAX_EMPTY_STEPS) return;
		const { numRunning, numWaiting, kvCacheUsage } = this.#scheduler.stats();
		throw new Error(`scheduler: ${numRunning} running and ${numWaiting} waiting requests, but ${MAX_EMPTY_STEPS} steps in a row computed nothing; ${(kvCacheUsage * 100).toFixed(0)} % of the KV cache is in use`);
	}
	#die(cause) {
		if (this.#ended !== void 0) return;
		const message = `the engine died: ${messageOf(cause)}`;
		this.#ended = new EngineDeadError(message, { cause });
		this.#drainInbox();
		try {
			this.#worker.dispose();
		} catch {}
		this.#events.death(message, cause);
	}
};
// src/util/spans.ts
/** One window per op. Ops that no thread entered (a run that failed before them) are empty windows at the end of the last. */
function opWindows({ threads, spans }) {
	const numOps = spans.length / (2 * threads);
	const windows = [];
	let end = 0;
	for (let op = 0; op < numOps; op++) {
		let entered = Infinity;
		let left = -Infinity;
		let busy = 0;
		for (let thread = 0; thread < threads; thread++) {
			const at = 2 * (thread * numOps + op);
			if (spans[at] < 0) continue;
			entered = Math.min(entered, spans[at]);
			left = Math.max(left, spans[at + 1]);
			busy += spans[at + 1] - spans[at];
		}
		windows.push(left < entered ? {
			entered: end,
			left: end,
			busy: 0
		} : {
			entered,
			left,
			busy
		});
		end = windows[op].left;
	}
	return windows;
}
// src/util/trace-writer.ts
/**
* TraceWriter: a file of trace events, as Chrome's array format has them. The file is whole JSON after every write: each write
* puts its events over the closing bracket of the last one, so that a process that is killed leaves a trace that opens.
*/
/** Events wait for so many characters or so long before they are written. */
const MAX_WAITING = 1 << 18;
const MAX_WAIT_MS = 250;
var TraceWriter = class {
	#onEnd;
	#maxEvents;
	#onExit = () => this.close();
	#file;
	#numEvents = 0;
	/** Where the closing bracket stands. */
	#position = 1;
	#waiting = [];
	#waitingLength = 0;
	#timer;
	/**
	* Opens the file, emptying it.
	*
	* @param maxEvents the trace ends when there are so many
	* @param onEnd     told, at most once, when the trace ends by itself
	* @throws the system's Error when the file cannot be written, or an Error when it is no regular file
	*/
	constructor(path, maxEvents, onEnd) {
		this.#maxEvents = maxEvents;
		this.#onEnd = onEnd;
		this.#file = openSync(path, "w");
		try {
			if (!fstatSync(this.#file).isFile()) throw new Error("it is not a regular file");
			writeSync(this.#file, "[\n]\n", 0);
		} catch (error) {
			closeSync(this.#file);
			throw error;
		}
		process.once("exit", this.#onExit);
	}
	/** False once the trace has ended or was closed; events are ignored then. */
	get isOpen() {
		return this.#file !== void 0;
	}
	get numEvents() {
		return this.#numEvents;
	}
	/** Adds events, all of them: the limit is looked at afterwards. */
	add(events) {
		if (this.#file === void 0) return;
		for (const event of events) {
			const text = `${this.#numEvents++ === 0 ? "" : ","}\n${JSON.stringify(event)}`;
			this.#waiting.push(text);
			this.#waitingLength += text.length;
		}
		if (this.#numEvents >= this.#maxEvents) this.#end({ reason: "full" });
		else if (this.#waitingLength >= MAX_WAITING) this.flush();
		else this.#timer ??= setTimeout(() => this.flush(), MAX_WAIT_MS).unref();
	}
	/** Writes what waits. */
	flush() {
		clearTimeout(this.#timer);
		this.#timer = void 0;
		if (this.#file === void 0 || this.#waiting.length === 0) return;
		const bytes = Buffer.from(`${this.#waiting.join("")}\n]\n`);
		this.#waiting = [];
		this.#waitingLength = 0;
		try {
			for (let done = 0; done < bytes.length;) done += writeSync(this.#file, bytes, done, bytes.length - done, this.#position + done);
			this.#position += bytes.length - 3;
		} catch (error) {
			this.#end({
				reason: "failed",
				message: messageOf(error)
			});
		}
	}
	/** Writes what waits and closes the file. Can be called again. */
	close() {
		this.flush();
		this.#closeFile();
	}
	#closeFile() {
		if (this.#file === void 0) return;
		const file = this.#file;
		this.#file = void 0;
		process.off("exit", this.#onExit);
		try {
			closeSync(file);
		} catch {}
	}
	#end(end) {
		if (end.reason === "full") this.flush();
		if (this.#file === void 0) return;
		this.#closeFile();
		this.#onEnd(end);
	}
};
// src/engine/trace-file.ts
/** TraceFile: the trace of `--profile FILE`, a track per compute thread and one of JavaScript, for Perfetto and chrome://tracing. */
/** About 200 MB of file: what viewers still open with ease. */
const MAX_EVENTS = 1e6;
/** Shorter gaps of a thread are left as gaps. */
const MIN_WAIT_NS = 500;
const PROCESS = 1;
const JAVASCRIPT = 1;
const OPS = 2;
const FIRST_THREAD = 10;
/**
* Looks whether `--profile` names a file that there can be, before anything is loaded. The file is not touched.
* @throws ConfigError if its folder does not exist, or it is a folder
*/
function checkProfileOption({ profile }) {
	if (profile === void 0) return;
	const folder = dirname(profile);
	if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) throw cannotWrite(profile, `there is no folder ${folder}`);
	if (statSync(profile, { throwIfNoEntry: false })?.isFile() === false) throw cannotWrite(profile, "it is there already and no regular file");
}
function cannotWrite(path, reason) {
	return new ConfigError(`profile (--profile): expected a file to write to; got ${path}: ${reason}; name another file`);
}
/** Writes steps as they come. */
var TraceFile = class {
	#writer;
	#numThreads = 0;
	/**
	* @param log gets a line when the trace ends before the engine does
	* @throws ConfigError when the file cannot be written
	*/
	constructor(path, log, maxEvents = MAX_EVENTS) {
		try {
			this.#writer = new TraceWriter(path, maxEvents, (end) => log(end.reason === "full" ? `--profile: ${path} has ${this.#writer.numEvents} events and is full; later steps are not in it` : `--profile: ${path} cannot be written any more, later steps are not in it: ${end.message}`));
		} catch (error) {
			throw cannotWrite(path, messageOf(error));
		}
	}
	/** Names the process and the first tracks. */
	describe(info) {
		const name = `quire: ${info.architecture} ${info.dtype}, ${info.platform}`;
		this.#writer.add([
			{
				name: "process_name",
				ph: "M",
				pid: PROCESS,
				args: { name }
			},
			...trackNames(JAVASCRIPT, "JavaScript"),
			...trackNames(OPS, "ops (all threads)")
		]);
	}
	/** Adds one step. */
	add(step) {
		if (!this.#writer.isOpen) return;
		const threads = Math.max(0, ...step.runs.map((run) => run.threads));
		for (; this.#numThreads < threads; this.#numThreads++) this.#writer.add(trackNames(FIRST_THREAD + this.#numThreads, `compute thread ${this.#numThreads}`));
		this.#writer.add([...javaScriptEvents(step), ...step.runs.flatMap((run) => [...opEvents(run), ...threadEvents(run)])]);
	}
	/** Writes what is left. Can be called again. */
	close() {
		this.#writer.close();
	}
};
function trackNames(tid, name) {
	return [{
		name: "thread_name",
		ph: "M",
		pid: PROCESS,
		tid,
		args: { name }
	}, {
		name: "thread_sort_index",
		ph: "M",
		pid: PROCESS,
		tid,
		args: { sort_index: tid }
	}];
}
/** The step with its phases inside, and the number of requests after it. */
function javaScriptEvents(step) {
	const { startMs, endMs, phases, runs, numTokens, numRequests, numSampled, numRunning, numWaiting } = step;
	const args = {
		numTokens,
		numRequests,
		numSampled,
		numRunning,
		numWaiting,
		nativeMs: round(runs.reduce((sum, run) => sum + run.endMs - run.startMs, 0))
	};
	return [
		slice(JAVASCRIPT, `step ${step.step}`, startMs * 1e3, endMs * 1e3, args),
		...phases.map((phase) => slice(JAVASCRIPT, phase.name, phase.startMs * 1e3, phase.endMs * 1e3)),
		{
			name: "requests",
			ph: "C",
			pid: PROCESS,
			ts: round(endMs * 1e3),
			args: {
				running: numRunning,
				waiting: numWaiting
			}
		}
	];
}
/** What all threads together did: the run, and its ops with what they moved and computed. */
function opEvents(run) {
	const start = run.startMs * 1e3;
	const events = [slice(OPS, "native run", start, run.endMs * 1e3, { ops: run.ops.length })];
	opWindows(run).forEach(({ entered, left, busy }, i) => {
		const args = opArguments(run.ops[i], left - entered);
		const waiting = left > entered ? 1 - busy / (run.threads * (left - entered)) : 0;
		events.push(slice(OPS, run.ops[i].kind, start + entered / 1e3, start + left / 1e3, {
			...args,
			waiting: round(waiting)
		}));
	});
	return events;
}
function opArguments({ scope, shapes, bytesRead, bytesWritten, flops }, nanoseconds) {
	const rate = (amount) => nanoseconds > 0 ? round(amount / nanoseconds) : 0;
	return {
		scope,
		shapes,
		bytesRead,
		bytesWritten,
		flops,
		"GB/s": rate(bytesRead + bytesWritten),
		"GFLOP/s": rate(flops)
	};
}
/** Each thread's ops, and its waits before, between and after them. */
function threadEvents({ startMs, endMs, threads, spans, ops }) {
	const events = [];
	const start = startMs * 1e3;
	for (let thread = 0; thread < threads; thread++) {
		const tid = FIRST_THREAD + thread;
		let free = 0;
		const waitUntil = (now) => {
			if (now - free >= MIN_WAIT_NS) events.push(slice(tid, "wait", start + free / 1e3, start + now / 1e3));
		};
		ops.forEach(({ kind, scope }, op) => {
			const at = 2 * (thread * ops.length + op);
			const [entered, left] = [spans[at], spans[at + 1]];
			if (entered < 0) return;
			waitUntil(entered);
			events.push(slice(tid, kind, start + entered / 1e3, start + left / 1e3, { scope }));
			free = left;
		});
		waitUntil((endMs - startMs) * 1e6);
	}
	return events;
}
/** A slice between two moments in microseconds. */
function slice(tid, name, start, end, args) {
	const ts = round(start);
	const event = {
		name,
		ph: "X",
		pid: PROCESS,
		tid,
		ts,
		dur: round(Math.max(0, round(end) - ts))
	};
	return args === void 0 ? event : {
		...event,
		args
	};
}
/** To thousandths: nanoseconds of a time in microseconds. */
function round(value) {
	return Math.round(value * 1e3) / 1e3;
}
// src/engine/in-process-transport.ts
/** Loads the model and makes the core around it. */
async function createInProcessTransport(config, createWorker, hooks = {}) {
	const trace = config.profile === void 0 ? void 0 : new TraceFile(config.profile, logger(hooks));
	let worker;
	try {
		worker = await createWorker(config, hooks);
		trace?.describe(worker.info);
		return new InProcessTransport(worker, createScheduler(config, worker.info), trace);
	} catch (error) {
		trace?.close();
		worker?.dispose();
		throw error;
	}
}
/** Lines for the operator; a trace never ends in silence. */
function logger(hooks) {
	return hooks.log ?? ((line) => process.emitWarning(line));
}
/** An engine core and its front, joined by plain calls. */
var InProcessTransport = class {
	info;
	#core;
	#trace;
	#events;
	#isEnded = false;
	/** @param trace gets every step, and is closed with the core */
	constructor(worker, scheduler, trace) {
		this.info = worker.info;
		this.#trace = trace;
		this.#core = new EngineCore(worker, scheduler, {
			outputs: (outputs) => this.#events?.outputs(outputs),
			stepped: (wallMs, nativeMs) => this.#events?.stepped?.(wallMs, nativeMs),
			idle: () => this.#events?.idle?.(),
			death: (message, cause) => {
				this.#isEnded = true;
				trace?.close();
				this.#events?.death(message, cause);
			}
		});
		if (trace !== void 0) this.#core.profileSteps((step) => trace.add(step));
	}
	get isResponding() {
		return !this.#isEnded;
	}
	listen(events) {
		if (this.#events !== void 0) throw new EngineDeadError("this engine core has a listener already");
		this.#events = events;
	}
	addRequests(requests) {
		this.#core.addRequests(requests);
	}
	abort(requestIds) {
		this.#core.abort(requestIds);
	}
	call(name) {
		return this.#core.call(name);
	}
	profileSteps(listener) {
		return this.#core.profileSteps(listener);
	}
	stats(lastSteps) {
		return this.#core.stats(lastSteps);
	}
	async close() {
		this.#isEnded = true;
		await this.#core.close();
		this.#trace?.close();
	}
};
export { checkProfileOption as n, opWindows as r, createInProcessTransport as t };
