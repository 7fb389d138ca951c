import { t as programPlace } from "./program-place-Df4EEAHS.js";
import { c as ResourceError, i as EngineDeadError } from "./errors-CjlPyKrT.js";
import { t as StepTimes } from "./step-times-jEONu6aR.js";
import { r as errorFromData, t as outputFromRow } from "./output-row-U-XrPt_N.js";
// src/engine/heartbeat.ts
/** Heartbeat: whether the other process still turns its event loop. */
const INTERVAL_MS = 1e3;
/** Beats without a word after which the other process counts as stuck: 10 seconds. It may come back. */
const MAX_MISSED = 10;
/**
* Asks once a second, when nothing else was heard. Missed beats are counted, not seconds: where this process itself stood still, the
* other one is not blamed. Keeps no process alive.
*/
var Heartbeat = class {
	#timer;
	#missed = 0;
	/** @param ask makes the other process say something */
	constructor(ask, intervalMs = INTERVAL_MS) {
		this.#timer = setInterval(() => {
			this.#missed++;
			ask();
		}, intervalMs);
		this.#timer.unref();
	}
	/** To be called for every sign of life. */
	heard() {
		this.#missed = 0;
	}
	get isBeating() {
		return this.#missed < MAX_MISSED;
	}
	stop() {
		clearInterval(this.#timer);
	}
};
// src/engine/wire/shift-profile.ts
/** The same step with `shiftMs` added to all moments. Spans count from their run's start and stay. */
function shiftProfile(step, shiftMs) {
	const moved = (stretch) => ({
		...stretch,
		startMs: stretch.startMs + shiftMs,
		endMs: stretch.endMs + shiftMs
	});
	return {
		...moved(step),
		phases: step.phases.map(moved),
		runs: step.runs.map(moved)
	};
}
// src/engine/process-transport.ts
/** Milliseconds that the step under way may take to end when the engine is closed. */
const CLOSE_LIMIT_MS = 5e3;
/**
* Lets a process load the model.
*
* @param child  a process that was just started
* @param config with paths, where models have names on the hub
* @throws what loading throws there, as the same class; ResourceError if the process ends before it is done
*/
async function createProcessTransport(child, config, hooks = {}) {
	const log = hooks.log ?? ((line) => process.emitWarning(line));
	try {
		return new ProcessTransport(child, await new Promise((resolve, reject) => {
			child.onEnd = (end) => reject(new ResourceError(`the engine died while it loaded the model: ${end}`));
			child.onMessage = (message) => {
				if (message.type === "log") log(message.line);
				else if (message.type === "progress") hooks.progress?.(message.progress);
				else if (message.type === "failed") reject(errorFromData(message.error));
				else if (message.type === "ready") resolve(message);
			};
			child.send({
				type: "start",
				config,
				program: programPlace()
			});
		}), log);
	} catch (error) {
		child.kill();
		await child.ended;
		throw error;
	}
}
/** The front's end of the socket. */
var ProcessTransport = class {
	info;
	#child;
	#log;
	#heartbeat;
	/** From times there to times here. */
	#shiftMs;
	#stepTimes = new StepTimes();
	#open = /* @__PURE__ */ new Set();
	#calls = /* @__PURE__ */ new Map();
	#listeners = /* @__PURE__ */ new Set();
	#stats;
	#numCalls = 0;
	#events;
	/** Why nothing can be asked any more. */
	#ended;
	#closing;
	constructor(child, { info, stats, timeOrigin }, log) {
		this.info = info;
		this.#child = child;
		this.#log = log;
		this.#stats = stats;
		this.#shiftMs = timeOrigin - performance.timeOrigin;
		this.#heartbeat = new Heartbeat(() => child.send({ type: "ping" }));
		child.onMessage = (message) => this.#take(message);
		child.onEnd = (end) => this.#die(`the engine died: ${end}`);
		this.#hold();
	}
	get isResponding() {
		return this.#ended === void 0 && this.#heartbeat.isBeating;
	}
	listen(events) {
		if (this.#events !== void 0) throw new EngineDeadError("this engine core has a listener already");
		this.#events = events;
	}
	addRequests(requests) {
		if (this.#ended !== void 0) return;
		this.#child.send({
			type: "add",
			requests
		});
		for (const { requestId } of requests) this.#open.add(requestId);
		this.#hold();
	}
	abort(requestIds) {
		if (this.#ended !== void 0) return;
		this.#child.send({
			type: "abort",
			requestIds
		});
		for (const id of requestIds) this.#open.delete(id);
		this.#hold();
	}
	call(name) {
		if (this.#ended !== void 0) return Promise.reject(this.#ended);
		const id = this.#numCalls++;
		return new Promise((resolve, reject) => {
			this.#calls.set(id, {
				resolve,
				reject
			});
			this.#child.send({
				type: "call",
				id,
				name
			});
			this.#hold();
		});
	}
	profileSteps(listener) {
		this.#listeners.add(listener);
		if (this.#listeners.size === 1) this.#child.send({
			type: "profile",
			on: true
		});
		return () => this.#forget(listener);
	}
	stats(lastSteps) {
		return {
			...this.#stats,
			recentSteps: this.#stepTimes.recent(lastSteps)
		};
	}
	close() {
		return this.#closing ??= this.#close();
	}
	async #close() {
		const isStuck = !this.#heartbeat.isBeating;
		this.#end(new EngineDeadError("the engine was closed"));
		this.#child.hold(true);
		if (isStuck) this.#child.kill();
		else this.#child.send({ type: "close" });
		const timer = setTimeout(() => this.#child.kill(), CLOSE_LIMIT_MS);
		await this.#child.ended;
		clearTimeout(timer);
	}
	#take(message) {
		this.#heartbeat.heard();
		switch (message.type) {
			case "step": return this.#takeStep(message.step);
			case "answer": return this.#settle(message.id, (call) => call.resolve(message.value));
			case "refusal": return this.#settle(message.id, (call) => call.reject(errorFromData(message.error)));
			case "profile": return this.#tell(shiftProfile(message.profile, this.#shiftMs));
			case "log": return this.#log(message.line);
			case "death": return this.#die(message.message, errorFromData(message.cause));
		}
	}
	#takeStep({ outputs, stats, times }) {
		this.#stats = stats;
		for (let i = 0; i + 1 < times.length; i += 2) this.#stepTimes.add(times[i], times[i + 1]);
		if (this.#ended !== void 0 || outputs.length === 0) return;
		for (const [requestId, , finishReason] of outputs) if (finishReason !== null) this.#open.delete(requestId);
		this.#events?.outputs(outputs.map(outputFromRow));
		this.#hold();
	}
	#settle(id, settle) {
		const call = this.#calls.get(id);
		this.#calls.delete(id);
		if (call !== void 0) settle(call);
		this.#hold();
	}
	#tell(step) {
		for (const listener of this.#listeners) try {
			listener(step);
		} catch (error) {
			this.#forget(listener);
			process.emitWarning(`profileSteps: the listener failed and is not called any more: ${String(error)}`);
		}
	}
	#forget(listener) {
		if (this.#listeners.delete(listener) && this.#listeners.size === 0) this.#child.send({
			type: "profile",
			on: false
		});
	}
	/** While something is awaited, this process stays alive. */
	#hold() {
		this.#child.hold(this.#open.size + this.#calls.size > 0);
	}
	#die(message, cause) {
		if (this.#ended !== void 0) return;
		this.#end(new EngineDeadError(message, { cause }));
		this.#events?.death(message, cause);
		setTimeout(() => this.#child.kill(), 1e3).unref();
	}
	#end(error) {
		this.#ended ??= error;
		this.#heartbeat.stop();
		for (const call of this.#calls.values()) call.reject(this.#ended);
		this.#calls.clear();
		this.#open.clear();
		this.#child.hold(false);
	}
};
export { createProcessTransport };
