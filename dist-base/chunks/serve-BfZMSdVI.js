import { c as ResourceError, r as ConfigError } from "./errors-CjlPyKrT.js";
import { n as showValue, t as messageOf } from "./text-eUgHTlLT.js";
import { t as RandomSource } from "./random-source-D46t_u7c.js";
import { n as serveMetrics } from "./serve-metrics-CkYd6a63.js";
import { setMaxListeners } from "node:events";
import * as http from "node:http";
import * as https from "node:https";
// src/tools/bench/arrivals.ts
/**
* Milliseconds from the start of the run at which each request is due, ascending. Gaps follow a gamma distribution of shape
* `burstiness` (1: a Poisson process; below: bursts; infinite: even gaps), and are scaled so that the last request is due
* after exactly count / rate, as in `vllm bench serve`.
*
* @param rate requests a second; Infinity: all at once
*/
function arrivalTimes(count, rate, burstiness, random) {
	if (rate === Infinity) return new Array(count).fill(0);
	const times = [];
	let at = 0;
	for (let i = 0; i < count; i++) times.push(at += burstiness === Infinity ? 1 : random.gamma(burstiness));
	const scale = at > 0 ? count / rate * 1e3 / at : 0;
	return times.map((time) => time * scale);
}
// src/tools/bench/http-target.ts
/** The server under test: where it is, what is sent with every request, and plain calls to it. */
const MODELS_TIMEOUT_MS = 3e4;
const MAX_ERROR_BYTES = 65536;
/** Connections are kept open from request to request. Close it when done. */
var HttpTarget = class {
	/** Full address of the requests. */
	url;
	#base;
	#headers;
	#agent;
	#transport;
	/** @throws ConfigError if the address is none */
	constructor({ baseUrl, endpoint, headers, apiKey }) {
		const base = baseUrl.replace(/\/+$/, "");
		this.#base = endpoint.startsWith("/v1/") ? base.replace(/\/v1$/, "") : base;
		this.url = parseUrl(this.#base, endpoint);
		this.#transport = this.url.protocol === "https:" ? https : http;
		this.#agent = new this.#transport.Agent({
			keepAlive: true,
			maxSockets: Infinity,
			maxFreeSockets: 4096
		});
		this.#headers = {
			...apiKey === void 0 ? {} : { Authorization: `Bearer ${apiKey}` },
			...headers
		};
	}
	/** Opens a POST to the endpoint; the caller ends it with the body. @throws TypeError for a header that HTTP forbids */
	post(bodyLength) {
		return this.#transport.request(this.url, {
			method: "POST",
			agent: this.#agent,
			headers: {
				"Content-Type": "application/json",
				"Content-Length": bodyLength,
				Accept: "text/event-stream",
				...this.#headers
			}
		});
	}
	/**
	* The first model that the server lists.
	* @throws ResourceError if the server cannot be reached, or lists none
	*/
	async firstModel(signal) {
		const url = parseUrl(this.#base, "/v1/models");
		const { status, text } = await this.#get(url, signal).catch((cause) => {
			throw new ResourceError(`${url}: the server cannot be reached: ${messageOf(cause)}; start it, or name another with --base-url`, { cause });
		});
		const told = `got HTTP ${status} ${showValue(text)}; name the model with --model`;
		if (status !== 200) throw new ResourceError(`${url}: expected a list of models; ${told}`);
		try {
			const { data } = JSON.parse(text);
			if (typeof data[0].id === "string") return data[0].id;
		} catch {}
		throw new ResourceError(`${url}: expected a list of models; ${told}`);
	}
	#get(url, signal) {
		return new Promise((resolve, reject) => {
			const request = this.#transport.get(url, {
				agent: this.#agent,
				headers: this.#headers,
				timeout: MODELS_TIMEOUT_MS,
				...signal ? { signal } : {}
			}, (response) => {
				readText(response).then((text) => resolve({
					status: response.statusCode ?? 0,
					text
				}), reject);
			});
			request.on("timeout", () => request.destroy(/* @__PURE__ */ new Error(`no answer in ${MODELS_TIMEOUT_MS / 1e3} s`)));
			request.on("error", reject);
		});
	}
	close() {
		this.#agent.destroy();
	}
};
/** The body as text, cut off after 64 KiB. */
async function readText(response) {
	const parts = [];
	let bytes = 0;
	for await (const part of response) {
		parts.push(part);
		bytes += part.length;
		if (bytes > MAX_ERROR_BYTES) break;
	}
	return Buffer.concat(parts).toString("utf8");
}
function parseUrl(base, path) {
	const text = `${base}${path.startsWith("/") ? "" : "/"}${path}`;
	const url = URL.canParse(text) ? new URL(text) : void 0;
	if (url !== void 0 && /^https?:$/.test(url.protocol)) return url;
	throw new ConfigError(`--base-url: expected an address like http://127.0.0.1:8000; got ${JSON.stringify(base)}`);
}
// src/tools/bench/sse-parser.ts
/** Server-sent events out of raw bytes, however the network cuts them. */
const NEWLINE = 10;
const CARRIAGE_RETURN = 13;
const DATA = Buffer.from("data:");
/** One stream. Lines end in LF or CRLF; fields other than `data` are left out, as are comments. */
var SseParser = class {
	#onData;
	/** Bytes of a line whose end has not come, in the pieces they came in. */
	#rest = [];
	/** Data lines of an event whose end has not come. */
	#lines = [];
	/** @param onData gets the data of each event */
	constructor(onData) {
		this.#onData = onData;
	}
	/** Takes the next bytes; events that are complete now are handed out before it returns. */
	push(chunk) {
		let start = 0;
		for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
			let line = chunk.subarray(start, end);
			if (this.#rest.length > 0) {
				line = Buffer.concat([...this.#rest, line]);
				this.#rest = [];
			}
			this.#line(line);
			start = end + 1;
		}
		if (start < chunk.length) this.#rest.push(chunk.subarray(start));
	}
	/** The stream has ended: an event that only lacks its last empty line counts. */
	end() {
		if (this.#rest.length > 0) this.push(Buffer.from("\n"));
		this.#dispatch();
	}
	#line(bytes) {
		const length = bytes.at(-1) === CARRIAGE_RETURN ? bytes.length - 1 : bytes.length;
		if (length === 0) return this.#dispatch();
		if (length < DATA.length || bytes.compare(DATA, 0, DATA.length, 0, DATA.length) !== 0) return;
		const from = bytes[DATA.length] === 32 ? DATA.length + 1 : DATA.length;
		this.#lines.push(bytes.toString("utf8", Math.min(from, length), length));
	}
	#dispatch() {
		if (this.#lines.length === 0) return;
		const data = this.#lines.length === 1 ? this.#lines[0] : this.#lines.join("\n");
		this.#lines = [];
		this.#onData(data);
	}
};
// src/tools/bench/stream-request.ts
/** Sends the request and reads its stream to the end. All events of one piece of the stream have the time at which it came. */
async function streamRequest(options) {
	const recorder = new Recorder(options);
	const { signal, timeoutMs } = options;
	let request;
	let cutOff;
	const cut = (reason) => {
		cutOff ??= reason;
		request?.destroy(new Error(reason));
	};
	const timer = setTimeout(() => cut(`no end after ${timeoutMs / 1e3} s (--timeout)`), timeoutMs);
	const onAbort = () => cut("interrupted");
	signal.addEventListener("abort", onAbort, { once: true });
	try {
		const open = () => exchange(request = options.target.post(options.body.length), options.body);
		const response = await open().catch((error) => {
			if (request?.reusedSocket !== true || error.code !== "ECONNRESET") throw error;
			return open();
		});
		if (response.statusCode !== 200) {
			const text = await readText(response);
			request?.destroy();
			throw new Error(`HTTP ${response.statusCode}: ${errorText(text)}`);
		}
		await recorder.read(response);
		return recorder.record();
	} catch (error) {
		return recorder.record(cutOff ?? messageOf(error));
	} finally {
		clearTimeout(timer);
		signal.removeEventListener("abort", onAbort);
	}
}
/** Settles with the answer's head. */
function exchange(request, body) {
	return new Promise((resolve, reject) => {
		request.on("response", resolve);
		request.on("error", reject);
		request.end(body);
	});
}
var Recorder = class {
	#options;
	#start = performance.now();
	/** When the first and the latest output came. */
	#first;
	#latest = this.#start;
	#now = 0;
	#isDone = false;
	#itlMs = [];
	#usage = {};
	#error;
	constructor(options) {
		this.#options = options;
	}
	/** @throws Error when the stream breaks off */
	read(response) {
		const parser = new SseParser((data) => this.#event(data));
		return new Promise((resolve, reject) => {
			response.on("data", (chunk) => {
				this.#now = performance.now();
				parser.push(chunk);
			});
			response.on("end", () => {
				parser.end();
				resolve();
			});
			const onBreak = () => reject(/* @__PURE__ */ new Error("the stream broke off before its end"));
			response.on("error", onBreak);
			response.on("close", onBreak);
		});
	}
	#event(data) {
		if (data === "[DONE]") {
			this.#isDone = true;
			return;
		}
		let event;
		try {
			event = JSON.parse(data);
		} catch {
			this.#error ??= `the stream has an event that is no JSON: ${showValue(data)}`;
			return;
		}
		if (event?.error !== void 0 && event.error !== null) this.#error ??= `error in the stream: ${errorText(data)}`;
		if (isOutput(event)) this.#output();
		if (event?.usage) this.#usage = event.usage;
	}
	#output() {
		if (this.#first === void 0) this.#first = this.#now;
		else this.#itlMs.push(this.#now - this.#latest);
		this.#latest = this.#now;
	}
	record(failure) {
		const { originMs, promptTokens } = this.#options;
		const nothing = this.#isDone ? "the stream ended without an output" : "the answer is no stream of events with outputs";
		const error = failure ?? this.#error ?? (this.#first === void 0 ? nothing : void 0);
		const { prompt_tokens: prompt, completion_tokens: completion, prompt_tokens_details: details } = this.#usage;
		const isCountTold = typeof completion === "number" && completion > 0;
		const numOutputs = this.#first === void 0 ? 0 : this.#itlMs.length + 1;
		return {
			isOk: error === void 0,
			...error === void 0 ? {} : { error },
			startMs: this.#start - originMs,
			ttftMs: (this.#first ?? this.#start) - this.#start,
			e2elMs: this.#latest - this.#start,
			itlMs: this.#itlMs,
			promptTokens: typeof prompt === "number" ? prompt : promptTokens,
			cachedTokens: details?.cached_tokens ?? void 0,
			outputTokens: isCountTold ? completion : numOutputs,
			isCountTold
		};
	}
};
/** Any event with a choice, even if its text is empty; but not the one with which a chat only names its role. */
function isOutput(event) {
	const choice = event?.choices?.[0];
	if (choice === void 0) return false;
	const { delta } = choice;
	return !(delta?.role !== void 0 && (choice.finish_reason ?? null) === null && Object.entries(delta).every(([field, value]) => field === "role" || value === "" || value === null));
}
/** OpenAI's `error.message`, or the text itself, in one short line. */
function errorText(text) {
	let message;
	try {
		const { error } = JSON.parse(text);
		message = typeof error === "string" ? error : error?.message;
	} catch {}
	const line = (typeof message === "string" ? message : text).replace(/\s+/g, " ").trim();
	return line.length > 300 ? `${line.slice(0, 297)}...` : line;
}
// src/tools/bench/serve.ts
/** `quire bench serve`: sends requests to an OpenAI-compatible server and measures what comes back. */
/**
* Runs the warm-up, then one run after the other.
*
* @throws ResourceError if the server cannot be reached or refuses the first warm-up request; ConfigError for a wrong address
*/
async function benchServe(options) {
	const target = new HttpTarget(options.target);
	setMaxListeners(0, options.signal);
	try {
		const model = options.model ?? await target.firstModel(options.signal);
		await warmUp(options, target, model);
		const runs = [];
		for (const [i, maxConcurrency] of options.maxConcurrency.entries()) {
			if (options.signal.aborted) break;
			const run = await runOnce(options, target, model, await options.prompts(options.numPrompts), maxConcurrency, new RandomSource(options.seed, i));
			runs.push(run);
			options.onRun?.(run);
		}
		return {
			model,
			runs
		};
	} finally {
		target.close();
	}
}
async function warmUp(options, target, model) {
	for (const prompt of await options.prompts(options.numWarmups)) {
		const { isOk, error } = await send(options, target, body(options, model, prompt), prompt, performance.now());
		if (!isOk && !options.signal.aborted) throw new ResourceError(`${target.url}: the warm-up request failed: ${error}`);
	}
}
async function runOnce(options, target, model, prompts, maxConcurrency, random) {
	const { signal, requestRate } = options;
	const bodies = prompts.map((prompt) => body(options, model, prompt));
	const due = arrivalTimes(prompts.length, requestRate, options.burstiness, random);
	const requests = [];
	const open = /* @__PURE__ */ new Set();
	const cpuBefore = process.cpuUsage();
	const origin = performance.now();
	for (const [i, prompt] of prompts.entries()) {
		const wait = origin + due[i] - performance.now();
		if (wait > 0) await pause(wait, signal);
		while (open.size >= maxConcurrency) await Promise.race(open);
		if (signal.aborted) break;
		const sent = send(options, target, bodies[i], prompt, origin).then((record) => {
			open.delete(sent);
			if (record.isOk || !signal.aborted) requests.push(record);
			options.onProgress?.({
				maxConcurrency,
				finished: requests.length,
				total: prompts.length
			});
		});
		open.add(sent);
	}
	await Promise.all(open);
	const durationMs = performance.now() - origin;
	const { user, system } = process.cpuUsage(cpuBefore);
	return {
		maxConcurrency,
		requestRate,
		metrics: serveMetrics(requests, durationMs, options.percentiles, options.goodput),
		firstError: requests.find((record) => !record.isOk)?.error,
		clientCpuSeconds: (user + system) / 1e6,
		isInterrupted: signal.aborted,
		requests
	};
}
function send(options, target, content, { promptTokens }, originMs) {
	const { timeoutMs, signal } = options;
	return streamRequest({
		target,
		body: content,
		promptTokens,
		originMs,
		timeoutMs,
		signal
	});
}
function body(options, model, { prompt, outputTokens }) {
	const request = {
		model,
		...options.backend === "openai" ? {
			prompt,
			max_tokens: outputTokens
		} : {
			messages: [{
				role: "user",
				content: prompt
			}],
			max_completion_tokens: outputTokens
		},
		temperature: options.temperature,
		stream: true,
		stream_options: { include_usage: true },
		...options.ignoreEos ? { ignore_eos: true } : {}
	};
	return Buffer.from(JSON.stringify(request));
}
/** Ends early when the signal comes. */
function pause(ms, signal) {
	return new Promise((resolve) => {
		const end = () => {
			clearTimeout(timer);
			signal.removeEventListener("abort", end);
			resolve();
		};
		const timer = setTimeout(end, ms);
		signal.addEventListener("abort", end, { once: true });
		if (signal.aborted) end();
	});
}
export { benchServe };
