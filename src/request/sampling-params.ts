/** SamplingParams: how the tokens of one request are chosen, and when it ends. */
import { closest } from "../util/closest.js";
import type { LogitsFunction } from "./logits-processor.js";
import { RequestError } from "../util/errors.js";
import { checkInteger, checkList, checkNumber, wrong } from "./field-checks.js";
import { normalizeStructuredOutputs } from "./structured-outputs.js";
import type { StructuredOutputs, StructuredOutputsInput } from "./structured-outputs.js";
import { snakeCase } from "../util/text.js";

/** Temperatures between 0 and this one overflow in 32-bit arithmetic; they are raised to it. */
const MIN_TEMPERATURE = 0.01;
/** Below this a temperature means greedy. */
const GREEDY_TEMPERATURE = 1e-5;
const MAX_N = 16384;
const OUTPUT_KINDS: readonly OutputKind[] = ["cumulative", "delta", "final"];
/** Fields in which null says "none"; in all others it says "the default". */
const NULLABLE: ReadonlySet<string> = new Set<keyof SamplingParams>([
  "logitBias",
  "allowedTokenIds",
  "maxTokens",
  "seed",
  "logprobs",
  "promptLogprobs",
  "logprobTokenIds",
  "thinkingBudget",
  "repetitionDetection",
  "structuredOutputs",
  "extraArgs",
]);
const MAX_PATTERN_SIZE = 512;
const MAX_LOGPROB_TOKEN_IDS = 128;

/** When a request's outputs are handed out: everything so far, only what is new, or only the end. */
export type OutputKind = "cumulative" | "delta" | "final";

/** Ends a request whose output's tail is one pattern, `minCount` times in a row. */
export interface RepetitionDetection {
  /** Shortest pattern looked for, in tokens; 0 means 1. */
  readonly minPatternSize: number;
  /** Longest pattern looked for, in tokens; 0 turns the detection off. */
  readonly maxPatternSize: number;
  /** How often the pattern must occur in a row; at least 2. */
  readonly minCount: number;
}

/** Ends a request's reasoning: after so many tokens of it the end's tokens are put in its place. */
export interface ThinkingBudget {
  readonly maxTokens: number;
  /** What reasoning begins with, in prompt or output; empty: it begins with the output. */
  readonly startTokenIds: readonly number[];
  /** What ends it; at least one. */
  readonly endTokenIds: readonly number[];
}

/** Checked and complete parameters of one request. Made by `normalizeSamplingParams`; frozen. */
export interface SamplingParams {
  /** Number of outputs for one prompt; the engine turns it into n requests, seed of the i-th = seed + i. */
  readonly n: number;
  /** 0 is greedy; else logits are divided by it. 0..2; values between 0 and 0.01 are raised to 0.01. */
  readonly temperature: number;
  /** Keep the smallest set of likeliest tokens whose probability reaches this. (0, 1]. */
  readonly topP: number;
  /** Keep the k likeliest tokens; 0 keeps all. */
  readonly topK: number;
  /** Drop tokens less likely than this share of the likeliest. [0, 1]. */
  readonly minP: number;
  /** Subtracted from the logit of every token that occurred in the output. [-2, 2]. */
  readonly presencePenalty: number;
  /** Subtracted once per occurrence in the output. [-2, 2]. */
  readonly frequencyPenalty: number;
  /** Divides positive and multiplies negative logits of tokens in prompt or output. Above 0; 1 is off. */
  readonly repetitionPenalty: number;
  /** Added to the logits of these token ids, each within [-100, 100]. */
  readonly logitBias: Readonly<Record<number, number>> | null;
  /** Words that must not be generated. */
  readonly badWords: readonly string[];
  /** `badWords` as token ids, filled in by the engine, which has the tokenizer. */
  readonly badWordsTokenIds: readonly (readonly number[])[];
  /** Only these token ids may be sampled; null allows all. */
  readonly allowedTokenIds: readonly number[] | null;
  /** Strings that end the request; looked for where text is made. */
  readonly stop: readonly string[];
  /** Token ids that end the request. */
  readonly stopTokenIds: readonly number[];
  /** Whether the text keeps the stop string or stop token. */
  readonly includeStopStrInOutput: boolean;
  /** Nothing stops the request before this many output tokens. */
  readonly minTokens: number;
  /** Longest output, in tokens; null means up to the model's length. */
  readonly maxTokens: number | null;
  /** Go on after the end-of-sequence id. */
  readonly ignoreEos: boolean;
  /** Makes the request's draws reproducible in any batch; null draws from the engine's generator. */
  readonly seed: number | null;
  /** Number of top log-probabilities per output token besides the sampled token's; -1: all; null: none. */
  readonly logprobs: number | null;
  /** Report log-probabilities of these tokens (1 to 128) in place of the likeliest ones; null: the likeliest. */
  readonly logprobTokenIds: readonly number[] | null;
  /** The same for each prompt token but the first. Such requests do not read the prefix cache. */
  readonly promptLogprobs: number | null;
  /** Leave special tokens out of the text. */
  readonly skipSpecialTokens: boolean;
  /** Put spaces between special tokens in the text. */
  readonly spacesBetweenSpecialTokens: boolean;
  /** Make text at all; token ids alone otherwise. */
  readonly detokenize: boolean;
  readonly outputKind: OutputKind;
  /** With "cumulative" and "delta": tokens of an output between two that are handed out; the first comes at once. */
  readonly streamInterval: number;
  /** Null: reasoning is as long as the model wants. */
  readonly thinkingBudget: ThinkingBudget | null;
  /** Null: off. */
  readonly repetitionDetection: RepetitionDetection | null;
  /** The form that the output must have; null: any. */
  readonly structuredOutputs: StructuredOutputs | null;
  /** Names of registered logits processors, and functions that change this request's logits (in the engine's process only). */
  readonly logitsProcessors: readonly (string | LogitsFunction)[];
  /** Whatever a logits processor wants to know. */
  readonly extraArgs: Readonly<Record<string, unknown>> | null;
}

/** What a caller may leave out or write shorter: a null means the default, or "none" where that is a value. */
export type SamplingParamsInput = {
  readonly [K in keyof Omit<SamplingParams, "stop" | "repetitionDetection" | "structuredOutputs">]?:
    SamplingParams[K] | null;
} & {
  readonly stop?: string | readonly string[] | null;
  readonly repetitionDetection?: Partial<RepetitionDetection> | null;
  readonly structuredOutputs?: StructuredOutputsInput | null;
};

/** The values of fields that nobody gave. */
export const DEFAULT_SAMPLING_PARAMS: SamplingParams = Object.freeze({
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
  logprobTokenIds: null,
  promptLogprobs: null,
  streamInterval: 1,
  skipSpecialTokens: true,
  spacesBetweenSpecialTokens: true,
  detokenize: true,
  outputKind: "cumulative",
  thinkingBudget: null,
  repetitionDetection: null,
  structuredOutputs: null,
  logitsProcessors: [],
  extraArgs: null,
} satisfies SamplingParams);

/**
 * Every id that ends a request under these parameters, the end-of-sequence ids included. The sampler forbids all of
 * them while fewer than `minTokens` tokens are out, with `ignoreEos` too.
 *
 * @param eosTokenIds the model's end-of-sequence ids
 */
export function allStopTokenIds(params: SamplingParams, eosTokenIds: readonly number[]): Set<number> {
  return new Set([...eosTokenIds, ...params.stopTokenIds]);
}

/**
 * Whether choosing a token takes knowing the tokens before it, and not only how many they are: penalties, bad words, processors.
 * Such a request's step is prepared only when the step before has ended; see Scheduler.canPlanAhead.
 */
export function samplingNeedsTokens(params: SamplingParams): boolean {
  return (
    params.repetitionPenalty !== 1 ||
    params.frequencyPenalty !== 0 ||
    params.presencePenalty !== 0 ||
    params.badWordsTokenIds.length > 0 ||
    params.badWords.length > 0 ||
    params.logitsProcessors.length > 0 ||
    params.thinkingBudget !== null ||
    params.structuredOutputs !== null
  );
}

type Fields = { -readonly [K in keyof SamplingParams]: SamplingParams[K] };

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
export function normalizeSamplingParams(
  partial: SamplingParamsInput = {},
  defaults: SamplingParamsInput = {},
): SamplingParams {
  const fields: Record<string, unknown> = { ...DEFAULT_SAMPLING_PARAMS };
  if (!isPlainObject(partial)) {
    throw new RequestError(`sampling parameters must be an object like { maxTokens: 16 }; got ${typeof partial}`, {
      param: "params",
    });
  }
  for (const source of [defaults, partial]) {
    for (const [name, value] of Object.entries(source)) {
      if (!Object.hasOwn(DEFAULT_SAMPLING_PARAMS, name)) throw unknownField(name);
      if (value === undefined || (value === null && !NULLABLE.has(name))) continue;
      fields[name] = value;
    }
  }
  if (typeof fields.stop === "string") fields.stop = [fields.stop];
  if (fields.seed === -1) fields.seed = null;
  if (fields.topK === -1) fields.topK = 0;
  checkNumbers(fields);
  checkLists(fields);
  const params = fields as unknown as Fields;
  params.stop = [...params.stop];
  params.stopTokenIds = [...new Set(params.stopTokenIds)];
  params.badWords = [...new Set(params.badWords)];
  if (params.logprobTokenIds !== null) {
    params.logprobTokenIds = [...new Set(params.logprobTokenIds)];
    params.logprobs = params.logprobTokenIds.length;
  }
  params.logitBias = clampLogitBias(params.logitBias);
  params.repetitionDetection = checkRepetitionDetection(params.repetitionDetection);
  if (params.structuredOutputs !== null)
    params.structuredOutputs = normalizeStructuredOutputs(params.structuredOutputs);
  if (params.temperature > 0 && params.temperature < MIN_TEMPERATURE) params.temperature = MIN_TEMPERATURE;
  checkTogether(params);
  if (isGreedy(params)) Object.assign(params, { topP: 1, topK: 0, minP: 0 });
  return Object.freeze(params);
}

/** Whether the likeliest token is always taken. */
export function isGreedy(params: { readonly temperature: number }): boolean {
  return params.temperature < GREEDY_TEMPERATURE;
}

/**
 * Checks parameters against the model that is to run them.
 *
 * @param limits.vocabSize   token ids must lie in [0, vocabSize)
 * @param limits.maxLogprobs highest `logprobs` and `promptLogprobs`; -1 allows the whole vocabulary
 * @throws RequestError with `param` = the field in snake_case
 */
export function checkSamplingParamsForModel(
  params: SamplingParams,
  limits: { readonly vocabSize: number; readonly maxLogprobs: number },
): void {
  const { vocabSize } = limits;
  const maxLogprobs = limits.maxLogprobs === -1 ? vocabSize : limits.maxLogprobs;
  for (const name of ["logprobs", "promptLogprobs"] as const) {
    if (name === "logprobs" && params.logprobTokenIds !== null) continue;
    const asked = params[name] === -1 ? vocabSize : (params[name] ?? 0);
    if (asked > maxLogprobs) {
      throw wrong(name, `at most ${maxLogprobs} (--max-logprobs)`, params[name]);
    }
  }
  const ids = (name: string, values: Iterable<number>) => {
    for (const id of values) {
      if (id < 0 || id >= vocabSize) throw wrong(name, `token ids in [0, ${vocabSize})`, id);
    }
  };
  if (params.allowedTokenIds !== null) ids("allowedTokenIds", params.allowedTokenIds);
  if (params.logitBias !== null) ids("logitBias", Object.keys(params.logitBias).map(Number));
  if (params.logprobTokenIds !== null) ids("logprobTokenIds", params.logprobTokenIds);
  ids("thinkingBudget", params.thinkingBudget?.endTokenIds ?? []);
  ids("stopTokenIds", params.stopTokenIds);
  for (const word of params.badWordsTokenIds) ids("badWords", word);
}

function checkNumbers(fields: Record<string, unknown>): void {
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
  checkInteger(fields, "streamInterval", 1);
}

function checkLists(fields: Record<string, unknown>): void {
  for (const name of ["ignoreEos", "includeStopStrInOutput", "skipSpecialTokens", "spacesBetweenSpecialTokens"]) {
    if (typeof fields[name] !== "boolean") throw wrong(name, "true or false", fields[name]);
  }
  if (typeof fields.detokenize !== "boolean") throw wrong("detokenize", "true or false", fields.detokenize);
  if (!OUTPUT_KINDS.includes(fields.outputKind as OutputKind)) {
    throw wrong("outputKind", `one of ${OUTPUT_KINDS.join(", ")}`, fields.outputKind);
  }
  const isText = (x: unknown) => typeof x === "string" && x.length > 0;
  const isId = (x: unknown) => Number.isSafeInteger(x) && (x as number) >= 0;
  checkList(fields, "stop", "non-empty strings", isText);
  checkList(fields, "badWords", "non-empty strings", isText);
  const isProcessor = (x: unknown) => isText(x) || typeof x === "function";
  checkList(
    fields,
    "logitsProcessors",
    "names of registered processors, or functions (outputTokenIds, logits) => …",
    isProcessor,
  );
  if (fields.extraArgs !== null && !isPlainObject(fields.extraArgs))
    throw wrong("extraArgs", "an object", fields.extraArgs);
  checkList(fields, "stopTokenIds", "token ids (integers from 0)", isId);
  checkList(
    fields,
    "badWordsTokenIds",
    "non-empty lists of token ids",
    (x) => Array.isArray(x) && x.length > 0 && x.every(isId),
  );
  checkThinkingBudget(fields.thinkingBudget, isId);
  if (fields.logprobTokenIds !== null) {
    checkList(fields, "logprobTokenIds", "token ids (integers from 0)", isId);
    const { length } = fields.logprobTokenIds as unknown[];
    if (length < 1 || length > MAX_LOGPROB_TOKEN_IDS)
      throw wrong("logprobTokenIds", `1 to ${MAX_LOGPROB_TOKEN_IDS} token ids`, fields.logprobTokenIds);
  }
  if (fields.allowedTokenIds !== null) {
    checkList(fields, "allowedTokenIds", "token ids (integers from 0)", isId);
    if ((fields.allowedTokenIds as unknown[]).length === 0) throw wrong("allowedTokenIds", "at least one token id", []);
  }
}

function checkTogether(params: Fields): void {
  if (params.maxTokens !== null && params.minTokens > params.maxTokens) {
    throw wrong("minTokens", `at most max_tokens (${params.maxTokens})`, params.minTokens);
  }
  if (params.stop.length > 0 && !params.detokenize) {
    throw wrong("stop", "no stop strings, or detokenize true (stop strings are found in the text)", params.stop);
  }
  if (isGreedy(params) && params.n > 1) {
    throw wrong("n", "1 with greedy sampling (temperature 0: all outputs would be equal)", params.n);
  }
}

function clampLogitBias(bias: SamplingParams["logitBias"]): SamplingParams["logitBias"] {
  if (bias === null) return null;
  if (!isPlainObject(bias)) throw wrong("logitBias", "an object, token id to bias", bias);
  const clamped: Record<number, number> = {};
  for (const [key, value] of Object.entries(bias)) {
    if (!/^\d+$/.test(key)) throw wrong("logitBias", "token ids (integers from 0) as keys", key);
    if (typeof value !== "number" || Number.isNaN(value)) throw wrong("logitBias", `a number for token ${key}`, value);
    clamped[Number(key)] = Math.min(100, Math.max(-100, value));
  }
  return clamped;
}

function checkThinkingBudget(given: unknown, isId: (x: unknown) => boolean): void {
  if (given === null) return;
  const { maxTokens, startTokenIds, endTokenIds } = (given ?? {}) as Partial<ThinkingBudget>;
  const areIds = (ids: unknown): ids is unknown[] => Array.isArray(ids) && ids.every(isId);
  if (Number.isSafeInteger(maxTokens) && maxTokens! >= 0 && areIds(startTokenIds) && areIds(endTokenIds)) {
    if (endTokenIds.length > 0) return;
  }
  throw wrong("thinkingBudget", "{ maxTokens (from 0), startTokenIds, endTokenIds (at least one) }", given);
}

function checkRepetitionDetection(given: Partial<RepetitionDetection> | null): RepetitionDetection | null {
  if (given === null) return null;
  const name = "repetitionDetection";
  if (typeof given !== "object") throw wrong(name, "an object", given);
  const { minPatternSize = 0, maxPatternSize = 0, minCount = 0 } = given;
  const sizes = [minPatternSize, maxPatternSize, minCount];
  if (!sizes.every((size) => Number.isSafeInteger(size) && size >= 0 && size <= MAX_PATTERN_SIZE)) {
    throw wrong(name, `integers in [0, ${MAX_PATTERN_SIZE}]`, given);
  }
  if (minPatternSize > maxPatternSize) throw wrong(name, "min_pattern_size <= max_pattern_size", given);
  if (maxPatternSize === 0) return null;
  if (minCount < 2) throw wrong(name, "min_count of at least 2", given);
  return { minPatternSize: Math.max(1, minPatternSize), maxPatternSize, minCount };
}

/** Not a list, and not a Map either, whose members Object.entries would not see. */
function isPlainObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Map);
}

function unknownField(name: string): RequestError {
  const near = closest(name, Object.keys(DEFAULT_SAMPLING_PARAMS))[0];
  const hint = near === undefined ? "" : `; did you mean ${near}?`;
  return new RequestError(`sampling parameters: ${name} is not one of them${hint}`, { param: snakeCase(name) });
}
