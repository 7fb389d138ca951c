import { a as longestRequest, o as maxStepTokens } from "./kv-cache-group-WBwL_RtM.js";
import { i as EngineDeadError, r as ConfigError, s as RequestError, t as AbortError } from "./errors-CjlPyKrT.js";
import { i as throwIfAborted, n as onceAborted, r as orAborted, t as abortError } from "./abort-hj0cMfou.js";
import { t as ChatPrompts } from "./chat-C72DPpHq.js";
import { i as normalizeSamplingParams, n as checkSamplingParamsForModel } from "./sampling-params-D2sfQFut.js";
import { n as checkLogitsProcessors, t as checkCrossesProcesses } from "./logits-processor-Cps5c56H.js";
import { i as incompleteTail, r as decodeStrict } from "./utf8-stream-B--2hOPy.js";
import { randomUUID } from "node:crypto";
// src/engine/default-sampling-params.ts
/** The fields that are heeded, and what they are called here. Source: vLLM `get_diff_sampling_param`. */
const FIELDS = {
	repetition_penalty: "repetitionPenalty",
	temperature: "temperature",
	top_k: "topK",
	top_p: "topP",
	min_p: "minP",
	max_new_tokens: "maxTokens"
};
/**
* What `--generation-config` and `--override-generation-config` set; empty for "vllm" without overrides.
* @throws ConfigError if a value is out of its range
*/
function defaultSamplingParams(config, info) {
	const source = {
		...config.generationConfig === "vllm" ? {} : info.generationConfig ?? {},
		...config.overrideGenerationConfig
	};
	const defaults = {};
	for (const [theirs, ours] of Object.entries(FIELDS)) if (source[theirs] !== void 0 && source[theirs] !== null) defaults[ours] = source[theirs];
	try {
		normalizeSamplingParams(defaults);
	} catch (cause) {
		throw new ConfigError(`generation_config.json: ${cause.message}; set it with --override-generation-config, or leave the file out with --generation-config vllm`, { cause });
	}
	return Object.freeze(defaults);
}
// src/engine/bad-words.ts
/**
* The token sequences that make up the words. The form with a leading space counts only where the space went into the
* word's own first token: same number of tokens, another first one.
*/
async function badWordsTokenIds(tokenizer, words) {
	const sequences = [];
	for (const word of words) {
		const bare = word.trimStart();
		const alone = await tokenizer.encode(bare, { addSpecialTokens: false });
		const spaced = await tokenizer.encode(` ${bare}`, { addSpecialTokens: false });
		if (alone.length > 0) sequences.push(alone);
		if (spaced.length > 0 && spaced.length === alone.length && spaced[0] !== alone[0]) sequences.push(spaced);
	}
	return sequences;
}
// src/engine/seeds.ts
/** Seeds of requests: what the caller gave, spread over n outputs, or drawn at random. */
/** A random seed for a request without one; 53 bits, all that a number holds. Owes nothing to the engine's own seed. */
function randomSeed() {
	const [high, low] = crypto.getRandomValues(/* @__PURE__ */ new Uint32Array(2));
	return (high >>> 11) * 2 ** 32 + low;
}
/** The seed of output `index` of a seeded request: seed + index, going on at the other end beyond the safe integers. */
function childSeed(seed, index) {
	const room = Number.MAX_SAFE_INTEGER - seed;
	return index <= room ? seed + index : -Number.MAX_SAFE_INTEGER + (index - room - 1);
}
// src/engine/input-processor.ts
/** InputProcessor: a caller's prompt and parameters become checked requests for the engine core. */
/** Checks and tokenizes. One per engine. */
var InputProcessor = class {
	#info;
	#limits;
	#tokenizer;
	/** Tokens of the longest request that the KV cache holds; Infinity where length is no matter. */
	#numUsableTokens;
	/** Makes the core's ids unique, so that outputs of an aborted request never reach a later one of the same name. */
	#serial = 0;
	constructor(info, limits, tokenizer) {
		this.#info = info;
		this.#limits = limits;
		this.#tokenizer = tokenizer;
		const { kvCacheGroups: groups, blockSize, numBlocks } = info;
		const use = {
			groups,
			blockSize,
			maxStepTokens: limits.maxStepTokens ?? Infinity
		};
		this.#numUsableTokens = longestRequest(use, numBlocks - 1);
	}
	/**
	* @param params as a caller gave them: `maxTokens` undefined means 16, null all that the context has left
	* @throws RequestError (as a rejection) naming the field that is wrong and its limit
	*/
	async process(prompt, params, options) {
		const checked = this.#checkParams(params);
		const promptTokenIds = await this.#tokenIds(prompt);
		const full = Object.freeze({
			...checked,
			maxTokens: this.#maxTokens(promptTokenIds.length, checked, params.maxTokens, options.strictLength === true),
			badWordsTokenIds: await this.#badWords(checked),
			outputKind: options.outputKind ?? checked.outputKind,
			detokenize: checked.detokenize && this.#tokenizer !== void 0
		});
		const { requestId } = options;
		const coreRequests = this.#fanOut(promptTokenIds, full, options);
		return {
			requestId,
			prompt: prompt.text,
			promptTokenIds,
			params: full,
			coreRequests
		};
	}
	#checkParams(input) {
		const params = normalizeSamplingParams(input);
		checkSamplingParamsForModel(params, {
			vocabSize: this.#info.vocabSize,
			maxLogprobs: this.#limits.maxLogprobs
		});
		if (this.#info.logitsProcessors !== void 0) checkCrossesProcesses(params);
		checkLogitsProcessors(params, this.#info.logitsProcessors);
		if (this.#tokenizer === void 0 && params.stop.length > 0) throw new RequestError("stop: stop strings need a tokenizer, and this engine has none; use stop_token_ids", { param: "stop" });
		return params;
	}
	async #tokenIds(prompt) {
		const { text, tokenIds } = prompt;
		if (tokenIds !== void 0) return checkTokenIds(tokenIds, this.#info.vocabSize);
		if (text === void 0) throw refused("must be text or token ids; got neither");
		if (typeof text !== "string") throw refused(`must be text or a list of token ids; got ${typeof text}`);
		if (this.#tokenizer === void 0) throw refused("is text, but this engine has no tokenizer; give token ids");
		const ids = await this.#tokenizer.encode(text, { addSpecialTokens: prompt.addSpecialTokens ?? true });
		if (ids.length === 0) throw refused(`must have at least one token; ${JSON.stringify(text)} has none`);
		return checkTokenIds(ids, this.#info.vocabSize);
	}
	async #badWords(params) {
		if (params.badWords.length === 0) return params.badWordsTokenIds;
		if (this.#tokenizer === void 0) throw new RequestError("bad_words: they need a tokenizer, and this engine has no tokenizer", { param: "bad_words" });
		const words = await badWordsTokenIds(this.#tokenizer, params.badWords);
		return [...params.badWordsTokenIds, ...words];
	}
	/** The limit that the request runs with. `asked` is the caller's own word. */
	#maxTokens(numPrompt, params, asked, isStrict) {
		const { maxModelLen } = this.#info;
		const remaining = maxModelLen - numPrompt;
		if (remaining < 1) throw new RequestError(`This model's maximum context length is ${maxModelLen} tokens. However, you requested at least ${numPrompt + 1} tokens (${numPrompt} in the prompt, at least 1 in the completion). Shorten the prompt, or raise --max-model-len.`, { param: "prompt" });
		this.#checkKVCache(numPrompt);
		if (isStrict && typeof asked === "number" && asked > remaining) throw new RequestError(`This model's maximum context length is ${maxModelLen} tokens. However, you requested ${numPrompt + asked} tokens (${numPrompt} in the prompt, ${asked} in the completion). Shorten the prompt or lower max_tokens.`, { param: "max_tokens" });
		const limit = Math.min(params.maxTokens ?? remaining, remaining);
		if (params.minTokens > limit) throw new RequestError(`min_tokens must be at most ${limit} (what the context of ${maxModelLen} tokens leaves after the prompt); got ${params.minTokens}`, { param: "min_tokens" });
		return limit;
	}
	/** A prompt that the whole KV cache cannot hold would wait for ever. */
	#checkKVCache(numPrompt) {
		const { numBlocks, blockSize } = this.#info;
		if (numPrompt <= this.#numUsableTokens) return;
		throw new RequestError(`prompt has ${numPrompt} tokens, but the KV cache holds ${this.#numUsableTokens} (${numBlocks - 1} blocks of ${blockSize}); shorten it, or raise --kv-cache-memory-bytes`, { param: "prompt" });
	}
	/** One core request per output: n 1, own seed. Prompt log-probabilities are computed once, by the first. */
	#fanOut(promptTokenIds, params, options) {
		const arrivalTime = performance.now();
		return Array.from({ length: params.n }, (_, index) => ({
			requestId: `${options.requestId}#${this.#serial++}`,
			promptTokenIds,
			params: Object.freeze({
				...params,
				n: 1,
				seed: params.seed === null ? randomSeed() : childSeed(params.seed, index),
				promptLogprobs: index === 0 ? params.promptLogprobs : null
			}),
			eosTokenIds: this.#info.eosTokenIds,
			arrivalTime,
			priority: options.priority ?? 0,
			cacheSalt: options.cacheSalt ?? null
		}));
	}
};
function checkTokenIds(ids, vocabSize) {
	if (!Array.isArray(ids)) throw refused(`must be text or a list of token ids; got ${typeof ids}`);
	if (ids.length === 0) throw refused("must have at least one token; got none");
	const bad = ids.findIndex((id) => !Number.isInteger(id) || id < 0 || id >= vocabSize);
	if (bad >= 0) throw refused(`token ids must be integers in [0, ${vocabSize}); got ${String(ids[bad])} at position ${bad}`);
	return [...ids];
}
function refused(what) {
	return new RequestError(`prompt ${what}`, { param: "prompt" });
}
// src/engine/logprob-decoder.ts
const NOTHING = /* @__PURE__ */ new Uint8Array(0);
/** Bytes and text of single tokens, worked out on first use and shared by all requests of an engine. */
var TokenTexts = class {
	#tokenizer;
	#known = [];
	constructor(tokenizer) {
		this.#tokenizer = tokenizer;
	}
	/** Nothing but empty for an id that the tokenizer does not know. */
	of(id) {
		return this.#known[id] ??= this.#make(id);
	}
	#make(id) {
		const bytes = this.#tokenizer.tokenBytes(id) ?? NOTHING;
		return {
			bytes,
			list: Object.freeze([...bytes]),
			text: completeText(bytes) ?? ""
		};
	}
};
/**
* Walks along one sequence. A token that ends inside a character has the text that is complete, and the token that
* completes the character gets it whole; bytes are always the token's own.
*/
var LogprobDecoder = class {
	#texts;
	/** Bytes of a character that earlier tokens of the sequence began: at most three. */
	#pending = NOTHING;
	/** @param texts undefined: only numbers are given */
	constructor(texts) {
		this.#texts = texts;
	}
	/** One position. Where the first token is among the likeliest, it stands first and has the rank it has there. */
	next(row) {
		const position = /* @__PURE__ */ new Map();
		for (let i = 0; i < row.tokenIds.length; i++) {
			const id = row.tokenIds[i];
			position.set(id, this.#logprob(id, row.logprobs[i], i === 0 ? row.rank : i));
		}
		this.#advance(row.tokenIds[0]);
		return position;
	}
	#logprob(id, logprob, rank) {
		if (this.#texts === void 0) return {
			logprob,
			rank
		};
		const token = this.#texts.of(id);
		return {
			logprob,
			rank,
			decodedToken: this.#text(token),
			bytes: token.list
		};
	}
	#text(token) {
		if (this.#pending.length === 0) return token.text;
		return completeText(Buffer.concat([this.#pending, token.bytes])) ?? token.text;
	}
	#advance(id) {
		const bytes = id === void 0 ? void 0 : this.#texts?.of(id).bytes;
		if (bytes === void 0 || bytes.length === 0) return;
		const joined = this.#pending.length === 0 ? bytes : Buffer.concat([this.#pending, bytes]);
		const tail = incompleteTail(joined);
		this.#pending = tail === 0 ? NOTHING : joined.slice(joined.length - tail);
	}
};
/** The text of all complete characters; undefined if the bytes are not the beginning of valid UTF-8. */
function completeText(bytes) {
	return decodeStrict(bytes.subarray(0, bytes.length - incompleteTail(bytes)));
}
// src/tokenizer/stop-strings.ts
/** Looks for the stop strings of one request. Lengths are in UTF-16 code units throughout. */
var StopStringChecker = class {
	#stops;
	#includeStop;
	/** Length of the longest stop string, 0 without any. */
	maxLength;
	/** @param includeStop  the stop string stays in the text */
	constructor(stops, { includeStop = false } = {}) {
		this.#stops = stops.filter((stop) => stop !== "");
		this.#includeStop = includeStop;
		this.maxLength = Math.max(0, ...this.#stops.map((stop) => stop.length));
	}
	/**
	* How much of a running text must be held back so that no part of a stop string is ever sent: one less than the
	* longest, or nothing if stop strings stay in the text.
	*/
	get holdBack() {
		return this.#includeStop || this.maxLength === 0 ? 0 : this.maxLength - 1;
	}
	/**
	* Finds the stop string that is complete first (of two complete at once, the first in the list).
	* @param text      the text, or its end: at least the new characters and `maxLength - 1` before them
	* @param newChars  how many characters at its end have not been checked before
	*/
	check(text, newChars) {
		if (newChars <= 0) return void 0;
		let best;
		let bestEnd = Infinity;
		for (const stop of this.#stops) {
			const start = text.indexOf(stop, Math.max(0, text.length - newChars - stop.length + 1));
			const end = start + stop.length;
			if (start < 0 || end >= bestEnd) continue;
			bestEnd = end;
			best = {
				stop,
				truncateTo: !this.#includeStop ? start : end < text.length ? end : -1
			};
		}
		return best;
	}
};
// src/tokenizer/output-text.ts
/** Joins a detokenizer and stop strings. */
var OutputText = class {
	#detokenizer;
	#checker;
	#includeStop;
	#minTokens;
	#numTokens = 0;
	#text = "";
	/** The end of `#text` that `take` has not given out as a delta. Kept apart: slicing the long text would copy it. */
	#unsent = "";
	/** The last characters in which a stop string may have begun. */
	#recent = "";
	#isEnded = false;
	constructor(detokenizer, { stop = [], includeStop = false, minTokens = 0 } = {}) {
		this.#detokenizer = detokenizer;
		this.#checker = new StopStringChecker(stop, { includeStop });
		this.#includeStop = includeStop;
		this.#minTokens = minTokens;
	}
	/** Output tokens so far, a stop token included. */
	get numTokens() {
		return this.#numTokens;
	}
	/**
	* Adds the tokens of a step.
	* @param endsWithStopToken  the last id is a stop token: it counts, but gives text only with `includeStop`
	* @returns the stop string that ends the text, already cut; the caller then finishes the request
	*/
	push(ids, { endsWithStopToken = false } = {}) {
		if (this.#isEnded || ids.length === 0) return {};
		const shown = endsWithStopToken && !this.#includeStop ? ids.slice(0, -1) : ids;
		const unchecked = Math.max(0, this.#minTokens - this.#numTokens);
		const early = unchecked === 0 ? "" : this.#append(shown.slice(0, unchecked));
		const late = this.#append(unchecked === 0 ? shown : shown.slice(unchecked));
		this.#numTokens += ids.length;
		if (this.#checker.maxLength === 0) return {};
		const window = this.#recent + early + late;
		const match = this.#numTokens > this.#minTokens ? this.#checker.check(window, late.length) : void 0;
		this.#recent = this.#checker.maxLength > 1 ? window.slice(1 - this.#checker.maxLength) : "";
		if (match === void 0) return {};
		if (match.truncateTo >= 0) this.#dropEnd(window.length - match.truncateTo);
		this.#isEnded = true;
		return { stopped: match.stop };
	}
	/**
	* Text for the caller. Until `finished`, the end in which a stop string may have begun is held back.
	* @param delta     true: what is new since the last call; false: the whole text
	* @param finished  the request is over: everything, with U+FFFD for unfinished characters
	*/
	take(delta, finished) {
		if (finished && !this.#isEnded) {
			this.#isEnded = true;
			const rest = this.#detokenizer.flush();
			this.#text += rest;
			this.#unsent += rest;
		}
		const holdBack = finished ? 0 : this.#checker.holdBack;
		if (!delta) return this.#text.slice(0, wholeCharacters(this.#text, this.#text.length - holdBack));
		const end = wholeCharacters(this.#unsent, this.#unsent.length - holdBack);
		const text = this.#unsent.slice(0, end);
		this.#unsent = this.#unsent.slice(end);
		return text;
	}
	#append(ids) {
		const text = this.#detokenizer.push(ids);
		this.#text += text;
		this.#unsent += text;
		return text;
	}
	#dropEnd(length) {
		this.#text = this.#text.slice(0, this.#text.length - length);
		this.#unsent = this.#unsent.slice(0, Math.max(0, this.#unsent.length - length));
	}
};
/** `end`, or one less where it would cut a surrogate pair in two; at least 0. */
function wholeCharacters(text, end) {
	if (end <= 0) return 0;
	if (end >= text.length) return text.length;
	const last = text.charCodeAt(end - 1);
	return last >= 55296 && last <= 56319 ? end - 1 : end;
}
// src/engine/completion-state.ts
var CompletionState = class {
	index;
	finishReason = null;
	stopReason = null;
	#tokenIds = [];
	#text;
	#logprobs;
	/** With deltas only those that nobody took yet. */
	#positions = [];
	#cumulativeLogprob = 0;
	#numTakenTokens = 0;
	#isEndTaken = false;
	constructor(index, promptTokenIds, params, tokenizer, texts) {
		this.index = index;
		if (tokenizer !== void 0 && params.detokenize) {
			const { skipSpecialTokens, stop, includeStopStrInOutput: includeStop, minTokens } = params;
			const detokenizer = tokenizer.createDetokenizer(promptTokenIds, { skipSpecialTokens });
			this.#text = new OutputText(detokenizer, {
				stop,
				includeStop,
				minTokens
			});
		}
		if (params.logprobs !== null) this.#logprobs = new LogprobDecoder(texts);
	}
	/** Whether there is something that `take` has not given yet. */
	get hasNews() {
		return this.#tokenIds.length > this.#numTakenTokens || this.finishReason !== null && !this.#isEndTaken;
	}
	/** Takes in what a step gave; true if the text has now reached a stop string, which ends the output. */
	accept(output) {
		for (const id of output.newTokenIds) this.#tokenIds.push(id);
		if (this.#logprobs !== void 0 && output.logprobs !== null) for (const row of output.logprobs) {
			this.#positions.push(this.#logprobs.next(row));
			this.#cumulativeLogprob += row.logprobs[0] ?? 0;
		}
		const endsWithStopToken = output.finishReason === "stop";
		const stopped = this.#text?.push(output.newTokenIds, { endsWithStopToken }).stopped;
		this.finishReason = stopped === void 0 ? output.finishReason : "stop";
		this.stopReason = stopped ?? output.stopReason;
		return stopped !== void 0;
	}
	/** Ends the output with reason "abort", unless it has ended. */
	abort() {
		this.finishReason ??= "abort";
	}
	/** The output up to now, or with `isDelta` what is new since the last call. */
	take(isDelta) {
		const output = {
			index: this.index,
			text: this.#text?.take(isDelta, this.finishReason !== null) ?? "",
			tokenIds: this.#tokenIds.slice(isDelta ? this.#numTakenTokens : 0),
			...this.#logprobs === void 0 ? {} : this.#takeLogprobs(isDelta),
			finishReason: this.finishReason,
			stopReason: this.stopReason
		};
		this.#numTakenTokens = this.#tokenIds.length;
		this.#isEndTaken = this.finishReason !== null;
		return output;
	}
	#takeLogprobs(isDelta) {
		const logprobs = isDelta ? this.#positions : [...this.#positions];
		if (isDelta) this.#positions = [];
		return {
			logprobs,
			cumulativeLogprob: this.#cumulativeLogprob
		};
	}
};
// src/engine/request-state.ts
/**
* Keeps everything that came, and makes an output only when it is asked for one: to a slow reader several steps are one
* output, so what nobody reads takes no more memory than the request's own result.
*/
var RequestState = class {
	request;
	completions;
	#promptDecoder;
	#promptLogprobs;
	#numCachedTokens = 0;
	#numOpen;
	#error;
	#isTaken = false;
	#wake;
	/** @param texts for log-probabilities; undefined without a tokenizer */
	constructor(request, tokenizer, texts) {
		this.request = request;
		this.completions = request.coreRequests.map((_, index) => new CompletionState(index, request.promptTokenIds, request.params, tokenizer, texts));
		this.#numOpen = this.completions.length;
		this.#promptDecoder = new LogprobDecoder(texts);
		if (request.params.promptLogprobs !== null) this.#promptLogprobs = [null];
	}
	/** Whether all outputs have ended, or the request failed. */
	get isFinished() {
		return this.#error !== void 0 || this.#numOpen === 0;
	}
	/** Takes in what a step gave output `index`; true if its text has now reached a stop string. */
	accept(index, output) {
		if (index === 0) this.#numCachedTokens = Math.max(0, output.numCachedTokens);
		if (output.promptLogprobs !== null) this.#addPromptLogprobs(output.promptLogprobs);
		const completion = this.completions[index];
		const isStopped = completion.accept(output);
		if (completion.finishReason !== null) this.#numOpen--;
		return isStopped;
	}
	/** Ends all outputs that still go on with reason "abort". */
	abort() {
		for (const completion of this.completions) completion.abort();
		this.#numOpen = 0;
		this.notify();
	}
	/** Ends the request with an error for its reader. */
	fail(error) {
		this.#error ??= error;
		this.notify();
	}
	/** Wakes the reader, if there is something for it. */
	notify() {
		if (this.#wake === void 0 || !this.#isReady()) return;
		const wake = this.#wake;
		this.#wake = void 0;
		wake();
	}
	/**
	* The next output; undefined after the last. For one reader.
	* @throws the error that ended the request (as a rejection)
	*/
	async next() {
		while (!this.#isReady()) await new Promise((resolve) => this.#wake = resolve);
		if (this.#error !== void 0) throw this.#error;
		return this.#isTaken ? void 0 : this.#take();
	}
	#isReady() {
		if (this.isFinished) return true;
		return this.request.params.outputKind !== "final" && this.completions.some((completion) => completion.hasNews);
	}
	#take() {
		const { requestId, prompt, promptTokenIds, params } = this.request;
		const isDelta = params.outputKind === "delta";
		const finished = this.isFinished;
		this.#isTaken = finished;
		const chosen = this.completions.filter((completion) => !isDelta || completion.hasNews);
		const promptLogprobs = this.#promptLogprobs;
		if (isDelta) this.#promptLogprobs = void 0;
		return {
			requestId,
			...prompt === void 0 ? {} : { prompt },
			promptTokenIds,
			...promptLogprobs === void 0 ? {} : { promptLogprobs: isDelta ? promptLogprobs : [...promptLogprobs] },
			outputs: chosen.map((completion) => completion.take(isDelta)),
			finished,
			numCachedTokens: this.#numCachedTokens
		};
	}
	/** Rows come in order, once each. */
	#addPromptLogprobs({ start, rows }) {
		const list = this.#promptLogprobs;
		if (list === void 0) return;
		for (let i = 0; i < rows.length; i++) if (start + i === list.length) list.push(this.#promptDecoder.next(rows[i]));
	}
};
// src/engine/output-processor.ts
/** Holds all open requests, by the caller's id and by the core's ids. */
var OutputProcessor = class {
	#tokenizer;
	#texts;
	#requests = /* @__PURE__ */ new Map();
	#counts = {
		accepted: 0,
		finished: 0,
		aborted: 0,
		failed: 0
	};
	#byCoreId = /* @__PURE__ */ new Map();
	constructor(tokenizer) {
		this.#tokenizer = tokenizer;
		this.#texts = tokenizer && new TokenTexts(tokenizer);
	}
	/** What became of all requests so far. */
	get counts() {
		return { ...this.#counts };
	}
	/** Requests that have not ended. */
	get numRequests() {
		return this.#requests.size;
	}
	/**
	* Opens a request; to be done before the core gets it.
	* @throws RequestError if an open request has the same id
	*/
	add(request) {
		if (this.#requests.has(request.requestId)) throw new RequestError(`request id ${request.requestId}: an open request has this id already; choose another`, { param: "request_id" });
		const state = new RequestState(request, this.#tokenizer, this.#texts);
		this.#requests.set(request.requestId, state);
		this.#counts.accepted++;
		request.coreRequests.forEach(({ requestId }, index) => this.#byCoreId.set(requestId, {
			state,
			index
		}));
		return state;
	}
	/** Takes in one step's outputs. Returns the core's ids of requests that ended here but go on in the core. */
	process(outputs) {
		const toAbort = [];
		const touched = /* @__PURE__ */ new Set();
		for (const output of outputs) {
			const entry = this.#byCoreId.get(output.requestId);
			if (entry === void 0) continue;
			const { state, index } = entry;
			if (output.finishReason === "error") {
				this.#byCoreId.delete(output.requestId);
				toAbort.push(...this.#close(state));
				this.#counts.failed++;
				state.fail(failure(state, output));
				continue;
			}
			const isStopped = state.accept(index, output);
			if (isStopped && output.finishReason === null) toAbort.push(output.requestId);
			if (isStopped || output.finishReason !== null) this.#byCoreId.delete(output.requestId);
			if (state.isFinished && this.#requests.delete(state.request.requestId)) this.#counts.finished++;
			touched.add(state);
		}
		for (const state of touched) state.notify();
		return toAbort;
	}
	/** Ends a request with reason "abort". Returns the core's ids that are still open; none for an unknown id. */
	abort(requestId) {
		const state = this.#requests.get(requestId);
		if (state === void 0) return [];
		const open = this.#close(state);
		this.#counts.aborted++;
		state.abort();
		return open;
	}
	/** Ends a request with an error for its reader. Returns the core's ids that are still open; none if it had ended. */
	fail(state, error) {
		if (this.#requests.get(state.request.requestId) !== state) return [];
		const open = this.#close(state);
		this.#counts[error instanceof AbortError ? "aborted" : "failed"]++;
		state.fail(error);
		return open;
	}
	/** Ends every request with the error. */
	failAll(error) {
		const states = [...this.#requests.values()];
		this.#requests.clear();
		this.#byCoreId.clear();
		this.#counts.failed += states.length;
		for (const state of states) state.fail(error);
	}
	/** Forgets the request; returns those of its core ids that had not ended. */
	#close(state) {
		this.#requests.delete(state.request.requestId);
		return state.request.coreRequests.map((request) => request.requestId).filter((id) => this.#byCoreId.delete(id));
	}
};
function failure(state, output) {
	return new RequestError(`request ${state.request.requestId}: ${output.errorMessage ?? "failed in the engine"}`, {
		status: 500,
		code: "REQUEST_FAILED"
	});
}
// src/engine/engine.ts
/** Engine: the front of one engine core. LLM and AsyncLLM are two faces of it. */
/** Checks inputs, sends them to the core, and turns what comes back into outputs. */
var Engine = class {
	config;
	tokenizer;
	defaultSamplingParams;
	#transport;
	#input;
	#output;
	#chat;
	#ended;
	#isClosed = false;
	/**
	* @param chatTemplate text of the configured template, which wins over the tokenizer's
	* @throws ConfigError if the model's sampling defaults are wrong
	*/
	constructor(config, transport, tokenizer, chatTemplate) {
		this.config = config;
		this.tokenizer = tokenizer;
		this.defaultSamplingParams = defaultSamplingParams(config, transport.info);
		this.#transport = transport;
		this.#input = new InputProcessor(transport.info, {
			maxLogprobs: config.maxLogprobs,
			maxStepTokens: maxStepTokens(config)
		}, tokenizer);
		this.#output = new OutputProcessor(tokenizer);
		this.#chat = new ChatPrompts(config, tokenizer, chatTemplate, transport.info.maxModelLen);
		transport.listen({
			outputs: (outputs) => this.#abortInCore(this.#output.process(outputs)),
			death: (message, cause) => this.#end(new EngineDeadError(message, { cause }))
		});
	}
	/** What is known of the model. */
	get info() {
		return this.#transport.info;
	}
	/** What the core died of; undefined while it lives, and after closing. */
	get deathError() {
		return this.#isClosed ? void 0 : this.#ended;
	}
	/** False when the engine is dead or closed, and while its process has been silent for 10 seconds (it may come back). */
	get isResponding() {
		return this.#ended === void 0 && this.#transport.isResponding;
	}
	/** Requests that have not ended. */
	get numRequests() {
		return this.#output.numRequests;
	}
	/**
	* Checks and tokenizes a request without running it.
	* @throws RequestError (as a rejection) for a wrong prompt or parameter; EngineDeadError
	*/
	async prepare(prompt, params, options = {}) {
		this.#throwIfEnded();
		return this.#input.process(prompt, params, {
			...options,
			requestId: options.requestId ?? `request-${randomUUID()}`
		});
	}
	/**
	* Runs a prepared request, once; nothing happens before the first output is asked for. A reader that stops early
	* aborts it.
	* @param signal ends the request with an AbortError and frees its blocks
	* @throws RequestError if its id is in use, or when this request failed; AbortError; EngineDeadError
	*/
	async *run(request, signal) {
		const { requestId } = request;
		this.#throwIfEnded();
		throwIfAborted(signal, `request ${requestId}`);
		const state = this.#output.add(request);
		this.#transport.addRequests(request.coreRequests);
		const forget = onceAborted(signal, () => this.#fail(state, abortError(signal, `request ${requestId}`)));
		try {
			for (let output = await state.next(); output !== void 0; output = await state.next()) yield output;
		} finally {
			forget();
			if (!state.isFinished) this.#fail(state, new AbortError(`request ${requestId}: nobody reads its outputs`));
		}
	}
	/** `prepare` and `run` together; nothing happens before the first output is asked for. */
	async *generate(prompt, params, options = {}) {
		const { signal, ...rest } = options;
		const prepared = this.prepare(prompt, params, rest);
		yield* this.run(await orAborted(prepared, signal, `request ${options.requestId ?? "without an id"}`), signal);
	}
	/** The prompt of a conversation. @throws RequestError (as a rejection) if there is no template, or it refuses */
	async renderChat(messages, options = {}) {
		return this.#chat.render(messages, options);
	}
	/** Ends a request with finish reason "abort"; its reader gets what it has so far. Unknown ids are ignored. */
	abort(requestId) {
		this.#abortInCore(this.#output.abort(requestId));
	}
	/** Forgets all cached prefixes; false while requests hold blocks. @throws EngineDeadError */
	async resetPrefixCache() {
		this.#throwIfEnded();
		return this.#transport.call("resetPrefixCache");
	}
	/**
	* Measures the machine between two steps, for a second or less: what ops can be compared with. Undefined where the platform
	* cannot. Keeps half a GiB of memory until the engine is closed.
	* @throws ResourceError without that memory; EngineDeadError (both as a rejection)
	*/
	async probe() {
		this.#throwIfEnded();
		return this.#transport.call("probe");
	}
	/**
	* Measures every step from the next one on, and tells the listener after each; what comes back ends it. The listener's own time
	* passes between two steps.
	*/
	profileSteps(listener) {
		return this.#transport.profileSteps(listener);
	}
	/** Figures of core and front. @param lastSteps of how many steps `recentSteps` is at most */
	stats(lastSteps) {
		return {
			...this.#transport.stats(lastSteps),
			numOpenRequests: this.#output.numRequests,
			requests: this.#output.counts
		};
	}
	/** Ends open requests with EngineDeadError and frees the model. Can be called again. */
	async close() {
		this.#isClosed ||= this.#ended === void 0;
		this.#end(new EngineDeadError("the engine was closed"));
		await this.#transport.close();
	}
	#end(error) {
		this.#ended ??= error;
		this.#output.failAll(this.#ended);
	}
	#fail(state, error) {
		this.#abortInCore(this.#output.fail(state, error));
	}
	#abortInCore(coreIds) {
		if (coreIds.length > 0) this.#transport.abort(coreIds);
	}
	/** A fresh error each time: its stack shows the caller. */
	#throwIfEnded() {
		if (this.#ended !== void 0) throw new EngineDeadError(this.#ended.message, { cause: this.#ended.cause });
	}
};
export { Engine };
