/** InputProcessor: a caller's prompt and parameters become checked requests for the engine core. */
import { longestRequest } from "../request/kv-cache-group.js";
import type { OutputKind, SamplingParams, SamplingParamsInput } from "../request/sampling-params.js";
import { checkCrossesProcesses, checkLogitsProcessors } from "../request/logits-processor.js";
import { checkSamplingParamsForModel, normalizeSamplingParams } from "../request/sampling-params.js";
import type { Tokenizer } from "../tokenizer/tokenizer.js";
import { RequestError } from "../util/errors.js";
import { badWordsTokenIds } from "./bad-words.js";
import { childSeed, randomSeed } from "./seeds.js";
import type { RequestTrace } from "./stats-listener.js";
import type { EngineCoreRequest } from "./transport.js";
import type { ModelInfo } from "../worker/worker.js";

/** A prompt: text, or token ids. With both, the ids are run, and the text is only reported with the output. */
export interface EnginePrompt {
  readonly text?: string | undefined;
  readonly tokenIds?: readonly number[] | undefined;
  /** Put BOS and the like around the text; default true. Token ids are taken as they are. */
  readonly addSpecialTokens?: boolean;
}

/** Besides prompt and parameters. */
export interface InputOptions {
  /** Unique among the open requests. */
  readonly requestId: string;
  /** Lower goes first, with `schedulingPolicy: "priority"`. */
  readonly priority?: number | undefined;
  /** Only requests with the same salt share cached prefixes. */
  readonly cacheSalt?: string | undefined;
  /** Wins over `params.outputKind`. */
  readonly outputKind?: OutputKind | undefined;
  /** Refuse a `maxTokens` that the context cannot hold after the prompt; else it is lowered without a word. */
  readonly strictLength?: boolean | undefined;
  /** When the request came, on this process's `performance.now()`; default: now, before its prompt is tokenized. */
  readonly arrivalMs?: number | undefined;
  /** For records of the request. */
  readonly trace?: RequestTrace | undefined;
}

/** A request that passed all checks. */
export interface ProcessedRequest {
  readonly requestId: string;
  /** The prompt as text, if it came as text. */
  readonly prompt: string | undefined;
  readonly promptTokenIds: number[];
  /** As the caller asked, defaults filled in, `maxTokens` a number. */
  readonly params: SamplingParams;
  /** One per output, index 0 first. Their ids are the engine's own. */
  readonly coreRequests: readonly EngineCoreRequest[];
  /** When it came, on this process's `performance.now()`. */
  readonly arrivalMs: number;
  readonly trace: RequestTrace;
}

export interface InputLimits {
  /** Highest `logprobs`; -1: the whole vocabulary. */
  readonly maxLogprobs: number;
  /** JSON of structured outputs has no free blanks, unless a request wants them. Default: it has. */
  readonly disableAnyWhitespace?: boolean;
  /** Most tokens of one request in a step. Default: no limit. */
  readonly maxStepTokens?: number;
}

const NO_TRACE: RequestTrace = Object.freeze({});

/** Checks and tokenizes. One per engine. */
export class InputProcessor {
  readonly #info: ModelInfo;
  readonly #limits: InputLimits;
  readonly #tokenizer: Tokenizer | undefined;
  /** Tokens of the longest request that the KV cache holds; Infinity where length is no matter. */
  readonly #numUsableTokens: number;
  /** Makes the core's ids unique, so that outputs of an aborted request never reach a later one of the same name. */
  #serial = 0;

  constructor(info: ModelInfo, limits: InputLimits, tokenizer: Tokenizer | undefined) {
    this.#info = info;
    this.#limits = limits;
    this.#tokenizer = tokenizer;
    const { kvCacheGroups: groups, blockSize, numBlocks } = info;
    const use = { groups, blockSize, maxStepTokens: limits.maxStepTokens ?? Infinity };
    this.#numUsableTokens = longestRequest(use, numBlocks - 1);
  }

  /**
   * @param params as a caller gave them: `maxTokens` undefined means 16, null all that the context has left
   * @throws RequestError (as a rejection) naming the field that is wrong and its limit
   */
  async process(prompt: EnginePrompt, params: SamplingParamsInput, options: InputOptions): Promise<ProcessedRequest> {
    const arrivalMs = options.arrivalMs ?? performance.now();
    const checked = this.#checkParams(params);
    const promptTokenIds = await this.#tokenIds(prompt);
    const full: SamplingParams = Object.freeze({
      ...checked,
      maxTokens: this.#maxTokens(promptTokenIds.length, checked, params.maxTokens, options.strictLength === true),
      badWordsTokenIds: await this.#badWords(checked),
      outputKind: options.outputKind ?? checked.outputKind,
      detokenize: checked.detokenize && this.#tokenizer !== undefined,
    });
    const { requestId, trace = NO_TRACE } = options;
    const coreRequests = this.#fanOut(promptTokenIds, full, options);
    return { requestId, prompt: prompt.text, promptTokenIds, params: full, coreRequests, arrivalMs, trace };
  }

  /** The engine's word on blanks holds where the request says nothing. */
  #withForm(input: SamplingParamsInput): SamplingParamsInput {
    const form = input?.structuredOutputs;
    if (this.#limits.disableAnyWhitespace !== true || typeof form !== "object" || form === null) return input;
    return { ...input, structuredOutputs: { ...form, disableAnyWhitespace: form.disableAnyWhitespace ?? true } };
  }

  #checkParams(input: SamplingParamsInput): SamplingParams {
    const params = normalizeSamplingParams(this.#withForm(input));
    checkSamplingParamsForModel(params, { vocabSize: this.#info.vocabSize, maxLogprobs: this.#limits.maxLogprobs });
    if (this.#info.logitsProcessors !== undefined) checkCrossesProcesses(params);
    checkLogitsProcessors(params, this.#info.logitsProcessors);
    if (this.#tokenizer === undefined && params.stop.length > 0) {
      throw new RequestError("stop: stop strings need a tokenizer, and this engine has none; use stop_token_ids", {
        param: "stop",
      });
    }
    return params;
  }

  async #tokenIds(prompt: EnginePrompt): Promise<number[]> {
    const { text, tokenIds } = prompt;
    if (tokenIds !== undefined) return checkTokenIds(tokenIds, this.#info.vocabSize);
    if (text === undefined) throw refused("must be text or token ids; got neither");
    if (typeof text !== "string") throw refused(`must be text or a list of token ids; got ${typeof text}`);
    if (this.#tokenizer === undefined) {
      throw refused("is text, but this engine has no tokenizer; give token ids");
    }
    const ids = await this.#tokenizer.encode(text, { addSpecialTokens: prompt.addSpecialTokens ?? true });
    if (ids.length === 0) throw refused(`must have at least one token; ${JSON.stringify(text)} has none`);
    return checkTokenIds(ids, this.#info.vocabSize);
  }

  async #badWords(params: SamplingParams): Promise<readonly (readonly number[])[]> {
    if (params.badWords.length === 0) return params.badWordsTokenIds;
    if (this.#tokenizer === undefined) {
      throw new RequestError("bad_words: they need a tokenizer, and this engine has no tokenizer", {
        param: "bad_words",
      });
    }
    const words = await badWordsTokenIds(this.#tokenizer, params.badWords);
    return [...params.badWordsTokenIds, ...words];
  }

  /** The limit that the request runs with. `asked` is the caller's own word. */
  #maxTokens(numPrompt: number, params: SamplingParams, asked: number | null | undefined, isStrict: boolean): number {
    const { maxModelLen } = this.#info;
    const remaining = maxModelLen - numPrompt;
    if (remaining < 1) {
      throw new RequestError(
        `This model's maximum context length is ${maxModelLen} tokens. However, you requested at least ` +
          `${numPrompt + 1} tokens (${numPrompt} in the prompt, at least 1 in the completion). Shorten the prompt, or ` +
          "raise --max-model-len.",
        { param: "prompt" },
      );
    }
    this.#checkKVCache(numPrompt);
    if (isStrict && typeof asked === "number" && asked > remaining) {
      throw new RequestError(
        `This model's maximum context length is ${maxModelLen} tokens. However, you requested ${numPrompt + asked} ` +
          `tokens (${numPrompt} in the prompt, ${asked} in the completion). Shorten the prompt or lower max_tokens.`,
        { param: "max_tokens" },
      );
    }
    const limit = Math.min(params.maxTokens ?? remaining, remaining);
    if (params.minTokens > limit) {
      throw new RequestError(
        `min_tokens must be at most ${limit} (what the context of ${maxModelLen} tokens leaves after the prompt); ` +
          `got ${params.minTokens}`,
        { param: "min_tokens" },
      );
    }
    return limit;
  }

  /** A prompt that the whole KV cache cannot hold would wait for ever. */
  #checkKVCache(numPrompt: number): void {
    const { numBlocks, blockSize } = this.#info;
    if (numPrompt <= this.#numUsableTokens) return;
    throw new RequestError(
      `prompt has ${numPrompt} tokens, but the KV cache holds ${this.#numUsableTokens} (${numBlocks - 1} blocks of ${blockSize}); ` +
        "shorten it, or raise --kv-cache-memory-bytes",
      { param: "prompt" },
    );
  }

  /** One core request per output: n 1, own seed. Prompt log-probabilities are computed once, by the first. */
  #fanOut(promptTokenIds: number[], params: SamplingParams, options: InputOptions): EngineCoreRequest[] {
    const arrivalTime = performance.now();
    return Array.from({ length: params.n }, (_, index) => ({
      requestId: `${options.requestId}#${this.#serial++}`,
      promptTokenIds,
      params: Object.freeze({
        ...params,
        n: 1,
        seed: params.seed === null ? randomSeed() : childSeed(params.seed, index),
        promptLogprobs: index === 0 ? params.promptLogprobs : null,
      }),
      eosTokenIds: this.#info.eosTokenIds,
      arrivalTime,
      priority: options.priority ?? 0,
      cacheSalt: options.cacheSalt ?? null,
    }));
  }
}

function checkTokenIds(ids: readonly number[], vocabSize: number): number[] {
  if (!Array.isArray(ids)) throw refused(`must be text or a list of token ids; got ${typeof ids}`);
  if (ids.length === 0) throw refused("must have at least one token; got none");
  const bad = ids.findIndex((id) => !Number.isInteger(id) || id < 0 || id >= vocabSize);
  if (bad >= 0) {
    throw refused(`token ids must be integers in [0, ${vocabSize}); got ${String(ids[bad])} at position ${bad}`);
  }
  return [...ids];
}

function refused(what: string): RequestError {
  return new RequestError(`prompt ${what}`, { param: "prompt" });
}
