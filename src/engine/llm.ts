/** LLM: the engine for programs. Loads a model and generates from prompts, one or thousands at a time. */
import { randomUUID } from "node:crypto";
import type { EngineConfig, EngineOptions } from "../config/engine-config.js";
import { parseEngineConfig } from "../config/engine-config.js";
import type { PauseMode } from "../request/pause.js";
import type { MachineSpeed, StepProfile } from "../request/step-profile.js";
import type { SamplingParams, SamplingParamsInput } from "../request/sampling-params.js";
import type { ChatMessage } from "../tokenizer/chat-messages.js";
import type { Tokenizer } from "../tokenizer/tokenizer.js";
import { ConfigError, EngineDeadError, QuireError, RequestError } from "../util/errors.js";
import { orAborted } from "./abort.js";
import { runBatch } from "./batch.js";
import type { BatchOptions, BatchParams } from "./batch.js";
import type { BeamSearchParams } from "./beam-search.js";
import type { ChatOptions } from "./chat.js";
import { createEngine, inThisThread } from "./create-engine.js";
import type { EngineHooks } from "./create-engine.js";
import type { Engine } from "./engine.js";
import type { EngineStats } from "./engine-stats.js";
import { enginePrompt, isBatch } from "./prompts.js";
import type { PromptBatch, PromptInput } from "./prompts.js";
import type { RequestOutput } from "./request-output.js";
import type { CreateWorker, ModelInfo } from "../worker/worker.js";

/** One conversation. */
export type Conversation = readonly ChatMessage[];

/** Options of `LLM.stream`. */
export type StreamOptions = Omit<BatchOptions, "onProgress">;

/** What may be put in place of the usual parts; for tests and for one's own tokenizers. */
export interface LLMHooks extends EngineHooks {
  /** Loads the model; the usual worker by default. */
  createWorker?: CreateWorker;
}

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
export class LLM {
  readonly config: EngineConfig;
  readonly #hooks: LLMHooks;
  #loading: Promise<Engine> | undefined;
  #engine: Engine | undefined;
  #isClosed = false;

  /**
   * Checks the options and returns at once; the model is loaded by `ready()` or the first call that needs it.
   * @throws ConfigError listing every option that is wrong
   */
  constructor(options: EngineOptions, hooks: LLMHooks = {}) {
    this.config = parseEngineConfig(options);
    this.#hooks = hooks;
  }

  /**
   * Loads the model, if that has not happened yet, and says what was loaded. A failed loading is not tried again.
   * @throws ConfigError, CheckpointError, ResourceError or UnsupportedError (as a rejection)
   */
  async ready(): Promise<ModelInfo> {
    return (await this.#load()).info;
  }

  /**
   * Generates from one prompt, or from several at once, with results in the order of the prompts.
   *
   * @param prompts text, token ids, `{ prompt }` or `{ promptTokenIds }`, or a list of these (`number[]` is one prompt)
   * @param params  one for all prompts or one for each; left out: the model's own. `outputKind` has no effect
   * @returns       the finished output, or a list of them for a list of prompts
   * @throws RequestError (as a rejection) for a wrong prompt or parameter: then nothing was run. When a prompt fails
   *         while it runs, the others are finished first; then its error is thrown, or an AggregateError for several. Also
   *         AbortError after `options.signal`, EngineDeadError
   */
  generate(prompt: PromptInput, params?: SamplingParamsInput, options?: BatchOptions): Promise<RequestOutput>;
  generate(prompts: PromptBatch, params?: BatchParams, options?: BatchOptions): Promise<RequestOutput[]>;
  async generate(
    prompts: PromptInput | PromptBatch,
    params?: BatchParams,
    options?: BatchOptions,
  ): Promise<RequestOutput | RequestOutput[]> {
    const list = isBatch(prompts) ? Array.from(prompts, enginePrompt) : [enginePrompt(prompts)];
    const engine = await this.#load(options?.signal);
    const outputs = await runBatch(engine, list, params, options);
    return isBatch(prompts) ? outputs : outputs[0]!;
  }

  /**
   * Answers one conversation, or several at once: the chat template makes a prompt of each.
   *
   * @param messages one list of messages, or a list of such lists
   * @param options  as for `generate`, and what the template is told
   * @throws as `generate`; RequestError too if the template refuses the messages, or there is none
   */
  chat(
    messages: Conversation,
    params?: SamplingParamsInput,
    options?: BatchOptions & ChatOptions,
  ): Promise<RequestOutput>;
  chat(
    conversations: readonly Conversation[],
    params?: BatchParams,
    options?: BatchOptions & ChatOptions,
  ): Promise<RequestOutput[]>;
  async chat(
    messages: Conversation | readonly Conversation[],
    params?: BatchParams,
    options: BatchOptions & ChatOptions = {},
  ): Promise<RequestOutput | RequestOutput[]> {
    const isMany = Array.isArray(messages[0]);
    const list = (isMany ? messages : [messages]) as readonly Conversation[];
    const engine = await this.#load(options.signal);
    const { signal, onProgress, priority, cacheSalt, ...template } = options;
    const prompts = await Promise.all(list.map((conversation) => engine.renderChat(conversation, template)));
    const batch = { signal, onProgress, priority, cacheSalt };
    const outputs = await runBatch(engine, prompts, params, batch);
    return isMany ? outputs : outputs[0]!;
  }

  /**
   * Finds the `beamWidth` best continuations of each prompt, the best first.
   * @throws RequestError (as a rejection) for a wrong prompt or parameter, AbortError, EngineDeadError
   */
  async beamSearch(
    prompts: PromptBatch,
    params: BeamSearchParams,
    options: StreamOptions = {},
  ): Promise<RequestOutput[]> {
    const engine = await this.#load(options.signal);
    const { beamSearch } = await import("./beam-search.js");
    const { info: modelConfig, tokenizer } = engine;
    const searched = { modelConfig, tokenizer, generate: engine.generate.bind(engine) };
    const search = async (prompt: PromptInput, i: number): Promise<RequestOutput> => {
      const requestId = `beam-search-${randomUUID()}-${i}`;
      for await (const output of beamSearch(searched, enginePrompt(prompt), params, { ...options, requestId }))
        return output;
      throw new Error("a beam search gave no output");
    };
    return Promise.all(Array.from(prompts, search));
  }

  /**
   * Generates from one prompt and gives the output piece by piece: with `outputKind` "delta" (the default here) what is
   * new, with "cumulative" everything so far. To stop early, leave the loop or use the signal.
   * @throws as `generate`, in the loop
   */
  async *stream(
    prompt: PromptInput,
    params?: SamplingParamsInput,
    options: StreamOptions = {},
  ): AsyncGenerator<RequestOutput, void, undefined> {
    if (isBatch(prompt) && prompt.length > 0) {
      throw new RequestError("stream takes one prompt; open a stream for each, or use generate", { param: "prompt" });
    }
    const input = enginePrompt(prompt);
    const engine = await this.#load(options.signal);
    const chosen = params ?? engine.defaultSamplingParams;
    yield* engine.generate(input, chosen, { ...options, outputKind: chosen.outputKind ?? "delta" });
  }

  /** The same for a conversation, as a chat. */
  async *streamChat(
    messages: Conversation,
    params?: SamplingParamsInput,
    options: StreamOptions & ChatOptions = {},
  ): AsyncGenerator<RequestOutput, void, undefined> {
    const engine = await this.#load(options.signal);
    const { signal, priority, cacheSalt, ...template } = options;
    const prompt = await engine.renderChat(messages, template);
    const chosen = params ?? engine.defaultSamplingParams;
    yield* engine.generate(prompt, chosen, { signal, priority, cacheSalt, outputKind: chosen.outputKind ?? "delta" });
  }

  /**
   * The sampling parameters that the model's generation_config.json recommends; often empty.
   * @throws QuireError "NOT_READY" before the model is loaded
   */
  defaultSamplingParams(): Partial<SamplingParams> {
    return this.#loaded("defaultSamplingParams()").defaultSamplingParams;
  }

  /**
   * The model's tokenizer; undefined for a model without one.
   * @throws QuireError "NOT_READY" before the model is loaded
   */
  get tokenizer(): Tokenizer | undefined {
    return this.#loaded("tokenizer").tokenizer;
  }

  /**
   * Figures of the running engine.
   * @param lastSteps of how many steps `recentSteps` is at most; 256 if left out
   * @throws QuireError "NOT_READY" before the model is loaded
   */
  stats(lastSteps?: number): EngineStats {
    return this.#loaded("stats()").stats(lastSteps);
  }

  /**
   * Measures every step from the next one on, and tells the listener after each: when each thread was in which op, and how long
   * JavaScript took. What comes back ends it.
   * @throws QuireError "NOT_READY" before the model is loaded
   */
  profileSteps(listener: (step: StepProfile) => void): () => void {
    return this.#loaded("profileSteps()").profileSteps(listener);
  }

  /**
   * Measures the machine, for a second or less: what the times of ops can be compared with. Undefined on a platform without
   * probes. Keeps half a GiB of memory until `close`.
   */
  async probe(): Promise<MachineSpeed | undefined> {
    return (await this.#load()).probe();
  }

  /** Forgets all cached prefixes; false (and nothing is done) while prompts are open. */
  async resetPrefixCache(): Promise<boolean> {
    return (await this.#load()).resetPrefixCache();
  }

  /**
   * Ends open prompts (or waits for them, or keeps them, by `mode`) and gives memory back to the system: at level 1 the KV
   * cache's, at level 2 the weights' too. Prompts that come later wait until `wakeUp`.
   * @throws RequestError for another level or mode; UnsupportedError (as a rejection)
   */
  async sleep(level = 1, mode: PauseMode = "abort"): Promise<void> {
    await (await this.#load()).pause.sleep(level, mode);
  }

  /** Wakes "weights", "kv_cache" or, by default, both; weights that were given back are read again. */
  async wakeUp(tags?: readonly string[]): Promise<void> {
    await (await this.#load()).pause.wakeUp(tags);
  }

  async isSleeping(): Promise<boolean> {
    return (await this.#load()).pause.isSleeping;
  }

  /** Ends open prompts with EngineDeadError and frees the model. Can be called again, and before the model is loaded. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const engine = await this.#loading?.catch(() => undefined);
    await engine?.close();
  }

  /** `await using llm = new LLM(...)` closes it at the end of the block. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #load(signal?: AbortSignal): Promise<Engine> {
    if (this.#isClosed) throw new EngineDeadError("the LLM was closed");
    this.#loading ??= this.#create();
    return orAborted(this.#loading, signal, "LLM");
  }

  async #create(): Promise<Engine> {
    const { createWorker } = this.#hooks;
    if (createWorker !== undefined && this.config.engine === "process") {
      throw new ConfigError(
        'createWorker: a function cannot be sent to another process; use engine: "in-process" with it',
      );
    }
    this.#engine = createWorker
      ? await createEngine(this.config, inThisThread(this.config, createWorker), this.#hooks)
      : await (await import("./load-engine.js")).loadEngine(this.config, this.#hooks);
    return this.#engine;
  }

  #loaded(what: string): Engine {
    if (this.#engine !== undefined) return this.#engine;
    throw new QuireError("NOT_READY", `LLM.${what}: the model is not loaded yet; call "await llm.ready()" first`);
  }
}
