import { t as closest } from "./closest-BxAlryWr.js";
import { s as RequestError } from "./errors-CjlPyKrT.js";
import { n as showValue, r as snakeCase } from "./text-eUgHTlLT.js";
// src/request/field-checks.ts
/** Checks of single request fields; errors name the field in snake_case, as clients write it. */
/** @throws RequestError unless fields[name] is a finite number in [low, high] */
function checkNumber(fields, name, low, high = Infinity) {
	const value = fields[name];
	const expected = high === Infinity ? `a finite number from ${low}` : `a number in [${low}, ${high}]`;
	if (typeof value !== "number" || !Number.isFinite(value) || value < low || value > high) throw wrong(name, expected, value);
}
/** @throws RequestError unless fields[name] is an integer in [low, high] */
function checkInteger(fields, name, low, high = Number.MAX_SAFE_INTEGER) {
	const value = fields[name];
	if (!Number.isSafeInteger(value) || value < low || value > high) throw wrong(name, high < Number.MAX_SAFE_INTEGER ? `an integer in [${low}, ${high}]` : `an integer from ${low}`, value);
}
/** @throws RequestError unless fields[name] is a list whose members all pass `check` */
function checkList(fields, name, of, check) {
	const value = fields[name];
	if (!Array.isArray(value)) throw wrong(name, `a list of ${of}`, value);
	const bad = value.findIndex((x) => !check(x));
	if (bad >= 0) throw wrong(name, `a list of ${of}`, value[bad]);
}
/** The error for a field (camelCase) whose value is not what was expected; `param` is the name in snake_case. */
function wrong(name, expected, value) {
	const param = snakeCase(name);
	return new RequestError(`${param} must be ${expected}; got ${showValue(value)}`, { param });
}
// src/request/sampling-params.ts
/** SamplingParams: how the tokens of one request are chosen, and when it ends. */
/** Temperatures between 0 and this one overflow in 32-bit arithmetic; they are raised to it. */
const MIN_TEMPERATURE = .01;
/** Below this a temperature means greedy. */
const GREEDY_TEMPERATURE = 1e-5;
const MAX_N = 16384;
const OUTPUT_KINDS = [
	"cumulative",
	"delta",
	"final"
];
/** Fields in which null says "none"; in all others it says "the default". */
const NULLABLE = /* @__PURE__ */ new Set([
	"logitBias",
	"allowedTokenIds",
	"maxTokens",
	"seed",
	"logprobs",
	"promptLogprobs",
	"repetitionDetection",
	"extraArgs"
]);
const MAX_PATTERN_SIZE = 512;
/** The values of fields that nobody gave. */
const DEFAULT_SAMPLING_PARAMS = Object.freeze({
	n: 1,
	temperature: 1,
	topP: 1,
	topK: 0,
	minP: 0,
	presencePenalty: 0,
	frequencyPenalty: 0,
	repetitionPenalty: 1,
	logitBias: null,
	badWords: [],
	badWordsTokenIds: [],
	allowedTokenIds: null,
	stop: [],
	stopTokenIds: [],
	includeStopStrInOutput: false,
	minTokens: 0,
	maxTokens: 16,
	ignoreEos: false,
	seed: null,
	logprobs: null,
	promptLogprobs: null,
	skipSpecialTokens: true,
	spacesBetweenSpecialTokens: true,
	detokenize: true,
	outputKind: "cumulative",
	repetitionDetection: null,
	logitsProcessors: [],
	extraArgs: null
});
/**
* Every id that ends a request under these parameters, the end-of-sequence ids included. The sampler forbids all of
* them while fewer than `minTokens` tokens are out, with `ignoreEos` too.
*
* @param eosTokenIds the model's end-of-sequence ids
*/
function allStopTokenIds(params, eosTokenIds) {
	return /* @__PURE__ */ new Set([...eosTokenIds, ...params.stopTokenIds]);
}
/**
* Completes `partial` from `defaults` and the built-in defaults, and checks every field.
*
* @param partial  the caller's fields, in camelCase; undefined means not given; null means not given too, or "none" where
*                 the field may be null (`maxTokens`, `seed`, `logprobs`, ...)
* @param defaults the server's or model's values for fields that `partial` leaves out
* @returns        frozen parameters; `stop` always a list; duplicates in `stopTokenIds` and `badWords` removed; with
*                 greedy sampling `topP` 1, `topK` 0, `minP` 0
* @throws RequestError with `param` = the field in snake_case, for an unknown field or a value out of range
*/
function normalizeSamplingParams(partial = {}, defaults = {}) {
	const fields = { ...DEFAULT_SAMPLING_PARAMS };
	if (!isPlainObject(partial)) throw new RequestError(`sampling parameters must be an object like { maxTokens: 16 }; got ${typeof partial}`, { param: "params" });
	for (const source of [defaults, partial]) for (const [name, value] of Object.entries(source)) {
		if (!Object.hasOwn(DEFAULT_SAMPLING_PARAMS, name)) throw unknownField(name);
		if (value === void 0 || value === null && !NULLABLE.has(name)) continue;
		fields[name] = value;
	}
	if (typeof fields.stop === "string") fields.stop = [fields.stop];
	if (fields.seed === -1) fields.seed = null;
	if (fields.topK === -1) fields.topK = 0;
	checkNumbers(fields);
	checkLists(fields);
	const params = fields;
	params.stop = [...params.stop];
	params.stopTokenIds = [...new Set(params.stopTokenIds)];
	params.badWords = [...new Set(params.badWords)];
	params.logitBias = clampLogitBias(params.logitBias);
	params.repetitionDetection = checkRepetitionDetection(params.repetitionDetection);
	if (params.temperature > 0 && params.temperature < MIN_TEMPERATURE) params.temperature = MIN_TEMPERATURE;
	checkTogether(params);
	if (isGreedy(params)) Object.assign(params, {
		topP: 1,
		topK: 0,
		minP: 0
	});
	return Object.freeze(params);
}
/** Whether the likeliest token is always taken. */
function isGreedy(params) {
	return params.temperature < GREEDY_TEMPERATURE;
}
/**
* Checks parameters against the model that is to run them.
*
* @param limits.vocabSize   token ids must lie in [0, vocabSize)
* @param limits.maxLogprobs highest `logprobs` and `promptLogprobs`; -1 allows the whole vocabulary
* @throws RequestError with `param` = the field in snake_case
*/
function checkSamplingParamsForModel(params, limits) {
	const { vocabSize } = limits;
	const maxLogprobs = limits.maxLogprobs === -1 ? vocabSize : limits.maxLogprobs;
	for (const name of ["logprobs", "promptLogprobs"]) if ((params[name] === -1 ? vocabSize : params[name] ?? 0) > maxLogprobs) throw wrong(name, `at most ${maxLogprobs} (--max-logprobs)`, params[name]);
	const ids = (name, values) => {
		for (const id of values) if (id < 0 || id >= vocabSize) throw wrong(name, `token ids in [0, ${vocabSize})`, id);
	};
	if (params.allowedTokenIds !== null) ids("allowedTokenIds", params.allowedTokenIds);
	if (params.logitBias !== null) ids("logitBias", Object.keys(params.logitBias).map(Number));
	ids("stopTokenIds", params.stopTokenIds);
	for (const word of params.badWordsTokenIds) ids("badWords", word);
}
function checkNumbers(fields) {
	checkInteger(fields, "n", 1, MAX_N);
	checkNumber(fields, "temperature", 0, 2);
	const { topP } = fields;
	if (typeof topP !== "number" || !(topP > 0 && topP <= 1)) throw wrong("topP", "a number in (0, 1]", topP);
	checkInteger(fields, "topK", 0);
	checkNumber(fields, "minP", 0, 1);
	checkNumber(fields, "presencePenalty", -2, 2);
	checkNumber(fields, "frequencyPenalty", -2, 2);
	checkNumber(fields, "repetitionPenalty", 0);
	if (fields.repetitionPenalty === 0) throw wrong("repetitionPenalty", "a finite number above 0", 0);
	checkInteger(fields, "minTokens", 0);
	if (fields.maxTokens !== null) checkInteger(fields, "maxTokens", 1);
	if (fields.seed !== null) checkInteger(fields, "seed", -Number.MAX_SAFE_INTEGER);
	if (fields.logprobs !== null) checkInteger(fields, "logprobs", -1);
	if (fields.promptLogprobs !== null) checkInteger(fields, "promptLogprobs", -1);
}
function checkLists(fields) {
	for (const name of [
		"ignoreEos",
		"includeStopStrInOutput",
		"skipSpecialTokens",
		"spacesBetweenSpecialTokens"
	]) if (typeof fields[name] !== "boolean") throw wrong(name, "true or false", fields[name]);
	if (typeof fields.detokenize !== "boolean") throw wrong("detokenize", "true or false", fields.detokenize);
	if (!OUTPUT_KINDS.includes(fields.outputKind)) throw wrong("outputKind", `one of ${OUTPUT_KINDS.join(", ")}`, fields.outputKind);
	const isText = (x) => typeof x === "string" && x.length > 0;
	const isId = (x) => Number.isSafeInteger(x) && x >= 0;
	checkList(fields, "stop", "non-empty strings", isText);
	checkList(fields, "badWords", "non-empty strings", isText);
	const isProcessor = (x) => isText(x) || typeof x === "function";
	checkList(fields, "logitsProcessors", "names of registered processors, or functions (outputTokenIds, logits) => …", isProcessor);
	if (fields.extraArgs !== null && !isPlainObject(fields.extraArgs)) throw wrong("extraArgs", "an object", fields.extraArgs);
	checkList(fields, "stopTokenIds", "token ids (integers from 0)", isId);
	checkList(fields, "badWordsTokenIds", "non-empty lists of token ids", (x) => Array.isArray(x) && x.length > 0 && x.every(isId));
	if (fields.allowedTokenIds !== null) {
		checkList(fields, "allowedTokenIds", "token ids (integers from 0)", isId);
		if (fields.allowedTokenIds.length === 0) throw wrong("allowedTokenIds", "at least one token id", []);
	}
}
function checkTogether(params) {
	if (params.maxTokens !== null && params.minTokens > params.maxTokens) throw wrong("minTokens", `at most max_tokens (${params.maxTokens})`, params.minTokens);
	if (params.stop.length > 0 && !params.detokenize) throw wrong("stop", "no stop strings, or detokenize true (stop strings are found in the text)", params.stop);
	if (isGreedy(params) && params.n > 1) throw wrong("n", "1 with greedy sampling (temperature 0: all outputs would be equal)", params.n);
}
function clampLogitBias(bias) {
	if (bias === null) return null;
	if (!isPlainObject(bias)) throw wrong("logitBias", "an object, token id to bias", bias);
	const clamped = {};
	for (const [key, value] of Object.entries(bias)) {
		if (!/^\d+$/.test(key)) throw wrong("logitBias", "token ids (integers from 0) as keys", key);
		if (typeof value !== "number" || Number.isNaN(value)) throw wrong("logitBias", `a number for token ${key}`, value);
		clamped[Number(key)] = Math.min(100, Math.max(-100, value));
	}
	return clamped;
}
function checkRepetitionDetection(given) {
	if (given === null) return null;
	const name = "repetitionDetection";
	if (typeof given !== "object") throw wrong(name, "an object", given);
	const { minPatternSize = 0, maxPatternSize = 0, minCount = 0 } = given;
	if (![
		minPatternSize,
		maxPatternSize,
		minCount
	].every((size) => Number.isSafeInteger(size) && size >= 0 && size <= MAX_PATTERN_SIZE)) throw wrong(name, `integers in [0, ${MAX_PATTERN_SIZE}]`, given);
	if (minPatternSize > maxPatternSize) throw wrong(name, "min_pattern_size <= max_pattern_size", given);
	if (maxPatternSize === 0) return null;
	if (minCount < 2) throw wrong(name, "min_count of at least 2", given);
	return {
		minPatternSize: Math.max(1, minPatternSize),
		maxPatternSize,
		minCount
	};
}
/** Not a list, and not a Map either, whose members Object.entries would not see. */
function isPlainObject(value) {
	return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Map);
}
function unknownField(name) {
	const near = closest(name, Object.keys(DEFAULT_SAMPLING_PARAMS))[0];
	const hint = near === void 0 ? "" : `; did you mean ${near}?`;
	return new RequestError(`sampling parameters: ${name} is not one of them${hint}`, { param: snakeCase(name) });
}
export { normalizeSamplingParams as i, checkSamplingParamsForModel as n, isGreedy as r, allStopTokenIds as t };
