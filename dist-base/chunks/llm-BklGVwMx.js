import { n as parseEngineConfig } from "./engine-config-D9uvfcfS.js";
import { i as EngineDeadError, o as QuireError, r as ConfigError, s as RequestError, t as AbortError } from "./errors-CjlPyKrT.js";
import { r as orAborted } from "./abort-hj0cMfou.js";
import { n as inThisThread, t as createEngine } from "./create-engine-Blmq08TG.js";
// src/engine/batch.ts
/**
* All prompts together, results in their order. Every prompt is checked before the first one starts.
*
* @param params one for all, or one per prompt
* @throws RequestError if a prompt or its parameters are wrong (then nothing was run), AbortError, EngineDeadError; when
*         single prompts fail while running, the others are finished first: then the one error, or an AggregateError
*/
async function runBatch(engine, prompts, params, options = {}) {
	const each = paramsOfEach(engine, prompts.length, params);
	const { signal, onProgress, ...rest } = options;
	const requests = await Promise.all(prompts.map(async (prompt, i) => {
		try {
			return await engine.prepare(prompt, each[i], {
				...rest,
				outputKind: "final"
			});
		} catch (error) {
			throw prompts.length === 1 ? error : inBatch(error, i);
		}
	}));
	let finished = 0;
	let outputTokens = 0;
	const run = async (request) => {
		const output = await last(engine.run(request, signal));
		finished++;
		for (const completion of output.outputs) outputTokens += completion.tokenIds.length;
		onProgress?.({
			finished,
			total: prompts.length,
			outputTokens
		});
		return output;
	};
	return settle(requests.map(run));
}
/** The only output of a request with output kind "final". */
async function last(outputs) {
	let latest;
	for await (const output of outputs) latest = output;
	return latest;
}
/** Waits for all; an error that concerns all of them is thrown at once. */
async function settle(runs) {
	const errors = [];
	const results = await Promise.all(runs.map((run) => run.catch((error) => {
		if (error instanceof AbortError || error instanceof EngineDeadError) throw error;
		errors.push(error);
	})));
	if (errors.length === 1) throw errors[0];
	if (errors.length > 1) throw new AggregateError(errors, `${errors.length} of ${runs.length} prompts failed; the first: ${String(errors[0])}`);
	return results;
}
/** Undefined stands for the model's own parameters. */
function paramsOfEach(engine, numPrompts, params) {
	const isOne = !Array.isArray(params);
	if (!isOne && params.length !== numPrompts) throw new RequestError(`params: one for all prompts or one for each of ${numPrompts}; got ${params.length}`, { param: "params" });
	return Array.from({ length: numPrompts }, (_, i) => {
		return (isOne ? params : params[i]) ?? engine.defaultSamplingParams;
	});
}
/** The same error with the prompt's place in the batch. */
function inBatch(error, index) {
	if (!(error instanceof RequestError)) return error;
	const { param, status, code } = error;
	return new RequestError(`prompts[${index}]: ${error.message}`, {
		cause: error,
		status,
		code,
		...param === null ? {} : { param }
	});
}
// src/engine/prompts.ts
/** The forms in which `LLM` takes prompts. */
/** Whether the value is a list of prompts rather than one prompt: a list of numbers is one. */
function isBatch(prompts) {
	return Array.isArray(prompts) && typeof prompts[0] !== "number";
}
/** @throws RequestError if the value is no prompt */
function enginePrompt(input) {
	if (typeof input === "string") return { text: input };
	if (Array.isArray(input)) return { tokenIds: input };
	if (typeof input !== "object" || input === null) throw refused(input === null ? "null" : typeof input);
	const { prompt, promptTokenIds } = input;
	if (prompt === void 0 && promptTokenIds === void 0) {
		const keys = ArrayBuffer.isView(input) ? [] : Object.keys(input).slice(0, 5);
		throw refused(keys.length > 0 ? `an object with ${keys.join(", ")}` : `an object (${input.constructor?.name})`);
	}
	return {
		text: prompt,
		tokenIds: promptTokenIds
	};
}
function refused(got) {
	return new RequestError(`prompt must be text, a list of token ids, { prompt } or { promptTokenIds }; got ${got}`, { param: "prompt" });
}
// src/engine/llm.ts
/**
* A model in this process (or, with `engine: "process"`, in one of its own). Calls may overlap at will: all open prompts are computed together, and the event loop stays
* free while they are.
*
* Sampling parameters that are left out altogether are the model's own (`defaultSamplingParams()`); parameters that are
* given are completed with the plain defaults: temperature 1, 16 tokens. To change one of the model's own, spread them:
* `{ ...llm.defaultSamplingParams(), maxTokens: 100 }`.
*
* @example
* await using llm = new LLM({ model: "./SmolLM2-135M-Instruct" });
* const [first, second] = await llm.generate(["The capital of France is", "1, 2, 3,"], { temperature: 0, maxTokens: 8 });
* console.log(first.outputs[0].text);
*
* for await (const { outputs } of llm.stream("Once upon a time", { maxTokens: 100 })) {
*   process.stdout.write(outputs[0].text);
* }
*/
var LLM = class {
	config;
	#hooks;
	#loading;
	#engine;
	#isClosed = false;
	/**
	* Checks the options and returns at once; the model is loaded by `ready()` or the first call that needs it.
	* @throws ConfigError listing every option that is wrong
	*/
	constructor(options, hooks = {}) {
		this.config = parseEngineConfig(options);
		this.#hooks = hooks;
	}
	/**
	* Loads the model, if that has not happened yet, and says what was loaded. A failed loading is not tried again.
	* @throws ConfigError, CheckpointError, ResourceError or UnsupportedError (as a rejection)
	*/
	async ready() {
		return (await this.#load()).info;
	}
	async generate(prompts, params, options) {
		const list = isBatch(prompts) ? Array.from(prompts, enginePrompt) : [enginePrompt(prompts)];
		const outputs = await runBatch(await this.#load(options?.signal), list, params, options);
		return isBatch(prompts) ? outputs : outputs[0];
	}
	async chat(messages, params, options = {}) {
		const isMany = Array.isArray(messages[0]);
		const list = isMany ? messages : [messages];
		const engine = await this.#load(options.signal);
		const { signal, onProgress, priority, cacheSalt, ...template } = options;
		const outputs = await runBatch(engine, await Promise.all(list.map((conversation) => engine.renderChat(conversation, template))), params, {
			signal,
			onProgress,
			priority,
			cacheSalt
		});
		return isMany ? outputs : outputs[0];
	}
	/**
	* Generates from one prompt and gives the output piece by piece: with `outputKind` "delta" (the default here) what is
	* new, with "cumulative" everything so far. To stop early, leave the loop or use the signal.
	* @throws as `generate`, in the loop
	*/
	async *stream(prompt, params, options = {}) {
		if (isBatch(prompt) && prompt.length > 0) throw new RequestError("stream takes one prompt; open a stream for each, or use generate", { param: "prompt" });
		const input = enginePrompt(prompt);
		const engine = await this.#load(options.signal);
		const chosen = params ?? engine.defaultSamplingParams;
		yield* engine.generate(input, chosen, {
			...options,
			outputKind: chosen.outputKind ?? "delta"
		});
	}
	/** The same for a conversation, as a chat. */
	async *streamChat(messages, params, options = {}) {
		const engine = await this.#load(options.signal);
		const { signal, priority, cacheSalt, ...template } = options;
		const prompt = await engine.renderChat(messages, template);
		const chosen = params ?? engine.defaultSamplingParams;
		yield* engine.generate(prompt, chosen, {
			signal,
			priority,
			cacheSalt,
			outputKind: chosen.outputKind ?? "delta"
		});
	}
	/**
	* The sampling parameters that the model's generation_config.json recommends; often empty.
	* @throws QuireError "NOT_READY" before the model is loaded
	*/
	defaultSamplingParams() {
		return this.#loaded("defaultSamplingParams()").defaultSamplingParams;
	}
	/**
	* The model's tokenizer; undefined for a model without one.
	* @throws QuireError "NOT_READY" before the model is loaded
	*/
	get tokenizer() {
		return this.#loaded("tokenizer").tokenizer;
	}
	/**
	* Figures of the running engine.
	* @param lastSteps of how many steps `recentSteps` is at most; 256 if left out
	* @throws QuireError "NOT_READY" before the model is loaded
	*/
	stats(lastSteps) {
		return this.#loaded("stats()").stats(lastSteps);
	}
	/**
	* Measures every step from the next one on, and tells the listener after each: when each thread was in which op, and how long
	* JavaScript took. What comes back ends it.
	* @throws QuireError "NOT_READY" before the model is loaded
	*/
	profileSteps(listener) {
		return this.#loaded("profileSteps()").profileSteps(listener);
	}
	/**
	* Measures the machine, for a second or less: what the times of ops can be compared with. Undefined on a platform without
	* probes. Keeps half a GiB of memory until `close`.
	*/
	async probe() {
		return (await this.#load()).probe();
	}
	/** Forgets all cached prefixes; false (and nothing is done) while prompts are open. */
	async resetPrefixCache() {
		return (await this.#load()).resetPrefixCache();
	}
	/** Ends open prompts with EngineDeadError and frees the model. Can be called again, and before the model is loaded. */
	async close() {
		this.#isClosed = true;
		await (await this.#loading?.catch(() => void 0))?.close();
	}
	/** `await using llm = new LLM(...)` closes it at the end of the block. */
	async [Symbol.asyncDispose]() {
		await this.close();
	}
	async #load(signal) {
		if (this.#isClosed) throw new EngineDeadError("the LLM was closed");
		this.#loading ??= this.#create();
		return orAborted(this.#loading, signal, "LLM");
	}
	async #create() {
		const { createWorker } = this.#hooks;
		if (createWorker !== void 0 && this.config.engine === "process") throw new ConfigError("createWorker: a function cannot be sent to another process; use engine: \"in-process\" with it");
		this.#engine = createWorker ? await createEngine(this.config, inThisThread(this.config, createWorker), this.#hooks) : await (await import("./load-engine-CyMQ4Fjn.js")).loadEngine(this.config, this.#hooks);
		return this.#engine;
	}
	#loaded(what) {
		if (this.#engine !== void 0) return this.#engine;
		throw new QuireError("NOT_READY", `LLM.${what}: the model is not loaded yet; call "await llm.ready()" first`);
	}
};
export { LLM as t };
