/** AsyncLLM: the engine for servers. Every call is a stream of outputs; nothing blocks. */
import type { EngineConfig } from "../config/engine-config.js";
import type { PauseMode, PauseState } from "../request/pause.js";
import type { SamplingParams, SamplingParamsInput } from "../request/sampling-params.js";
import type { ChatMessage } from "../tokenizer/chat-messages.js";
import type { Tokenizer } from "../tokenizer/tokenizer.js";
import type { ChatOptions, RenderedChat } from "./chat.js";
import { createEngine, inThisThread } from "./create-engine.js";
import type { EngineHooks } from "./create-engine.js";
import type { Engine, GenerateOptions } from "./engine.js";
import type { PauseOptions } from "./engine-pause.js";
import type { EngineStats } from "./engine-stats.js";
import type { EnginePrompt } from "./input-processor.js";
import type { OpenRequest, StatsListener } from "./stats-listener.js";
import type { RequestOutput } from "./request-output.js";
import type { CreateWorker, ModelInfo } from "../worker/worker.js";

/** What a server needs of a loaded engine. */
export interface AsyncLLM {
  readonly modelConfig: ModelInfo;
  readonly config: EngineConfig;
  /** At least one; the first is put into answers. */
  readonly servedModelNames: readonly string[];
  /** Undefined when the model is served by token ids. */
  readonly tokenizer: Tokenizer | undefined;
  /** Whether conversations can be rendered: by `--chat-template` or a template of the tokenizer. */
  readonly hasChatTemplate: boolean;
  /** What generation_config.json and its override set; for requests that leave these fields out. */
  defaultSamplingParams(): Partial<SamplingParams>;
  /**
   * Runs one request; nothing happens before the first output is asked for. To a slow reader the outputs of several steps
   * come as one. A reader that stops early aborts the request.
   *
   * @param params  `maxTokens` undefined: 16; null: all that the context has left; a number that does not fit after the
   *                prompt is refused, unless `strictLength` is false. `defaultSamplingParams()` are the caller's to add
   * @throws RequestError (status 400) for a wrong prompt or parameter, (status 500) when this request failed in the
   *         engine; AbortError after `options.signal`; EngineDeadError
   */
  generate(
    prompt: EnginePrompt,
    params: SamplingParamsInput,
    options?: GenerateOptions,
  ): AsyncGenerator<RequestOutput, void, undefined>;
  /**
   * The prompt of a conversation, by the chat template.
   * @throws RequestError if the template refuses the messages, or there is no template or tokenizer
   */
  renderChat(messages: readonly ChatMessage[], options?: ChatOptions): Promise<RenderedChat>;
  /** Ends a request with finish reason "abort": its reader gets what there is so far. Unknown ids are ignored. */
  abort(requestId: string): void;
  /** Ends requests as `abort` does: all, or those of an id and of ids that begin with it and a dash. Returns how many. */
  abortRequests(requestIds?: readonly string[]): number;
  /**
   * Forgets all cached prefixes; false (and nothing is done) while requests hold blocks, unless `resetRunningRequests`, which
   * computes them again.
   */
  resetPrefixCache(resetRunningRequests?: boolean): Promise<boolean>;
  /** Holds requests back; settles when none runs any more. Those that come later wait. */
  pauseGeneration(options?: PauseOptions): Promise<void>;
  resumeGeneration(): Promise<void>;
  isPaused(): boolean;
  /** Pauses and gives memory back to the system: level 1 the KV cache's, level 2 the weights' too, level 0 nothing. */
  sleep(level?: number, mode?: PauseMode): Promise<void>;
  /** Wakes "weights", "kv_cache" or, by default, all; weights that were given back are read again. */
  wakeUp(tags?: readonly string[]): Promise<void>;
  isSleeping(): boolean;
  /** What `pauseGeneration` and `sleep` left in force. */
  readonly pauseState: PauseState;
  readonly sleepLevel: number;
  /** Options in force; the model is a path. */
  readonly engineConfig: EngineConfig;
  /** tokenizer_config.json, with the chat template in force. @throws CheckpointError (as a rejection) */
  tokenizerInfo(): Promise<Record<string, unknown>>;
  /** Whether the engine died; closing is no death. */
  readonly isDead: boolean;
  /** False when the engine is dead or closed, and while its process has been silent for 10 seconds (it may come back). */
  readonly isResponding: boolean;
  /** The error that the engine died of. */
  readonly deathError: Error | undefined;
  stats(): EngineStats;
  /** Tells of every step and every ended request from now on; what comes back ends it. */
  observe(listener: StatsListener): () => void;
  /** What is under way, in the order of coming. Its times are known only with an observer. */
  openRequests(): OpenRequest[];
  /** Ends open requests with EngineDeadError and frees the model. Can be called again. */
  close(): Promise<void>;
}

/**
 * Loads model and tokenizer.
 * @throws ConfigError, CheckpointError, ResourceError or UnsupportedError (as a rejection)
 */
export async function createAsyncLLM(
  config: EngineConfig,
  createWorker: CreateWorker,
  hooks: EngineHooks = {},
): Promise<AsyncLLM> {
  return asyncLLMOver(await createEngine(config, inThisThread(config, createWorker), hooks));
}

/**
 * Finds the model (on disk, in the Hugging Face cache, or on the hub), and loads it and its tokenizer.
 * @throws ConfigError, CheckpointError, ResourceError or UnsupportedError (as a rejection)
 */
export async function openAsyncLLM(config: EngineConfig, hooks: EngineHooks = {}): Promise<AsyncLLM> {
  const { loadEngine } = await import("./load-engine.js");
  return asyncLLMOver(await loadEngine(config, hooks));
}

/** The server's face of an engine. */
export function asyncLLMOver(engine: Engine): AsyncLLM {
  return new EngineAsyncLLM(engine);
}

class EngineAsyncLLM implements AsyncLLM {
  readonly #engine: Engine;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  get modelConfig(): ModelInfo {
    return this.#engine.info;
  }

  get config(): EngineConfig {
    return this.#engine.config;
  }

  get servedModelNames(): readonly string[] {
    return this.#engine.config.servedModelName;
  }

  get tokenizer(): Tokenizer | undefined {
    return this.#engine.tokenizer;
  }

  get hasChatTemplate(): boolean {
    const { config, tokenizer } = this.#engine;
    return tokenizer !== undefined && (config.chatTemplate ?? tokenizer.chatTemplate) !== undefined;
  }

  get isDead(): boolean {
    return this.#engine.deathError !== undefined;
  }

  get isResponding(): boolean {
    return this.#engine.isResponding;
  }

  get deathError(): Error | undefined {
    return this.#engine.deathError;
  }

  defaultSamplingParams(): Partial<SamplingParams> {
    return this.#engine.defaultSamplingParams;
  }

  generate(
    prompt: EnginePrompt,
    params: SamplingParamsInput,
    options: GenerateOptions = {},
  ): AsyncGenerator<RequestOutput, void, undefined> {
    return this.#engine.generate(prompt, params, { strictLength: true, ...options });
  }

  renderChat(messages: readonly ChatMessage[], options: ChatOptions = {}): Promise<RenderedChat> {
    return this.#engine.renderChat(messages, options);
  }

  abort(requestId: string): void {
    this.#engine.abort(requestId);
  }

  abortRequests(requestIds?: readonly string[]): number {
    return this.#engine.abortRequests(requestIds);
  }

  resetPrefixCache(resetRunningRequests?: boolean): Promise<boolean> {
    return this.#engine.resetPrefixCache(resetRunningRequests);
  }

  pauseGeneration(options?: PauseOptions): Promise<void> {
    return this.#engine.pause.pause(options);
  }

  resumeGeneration(): Promise<void> {
    return this.#engine.pause.resume();
  }

  isPaused(): boolean {
    return this.#engine.pause.isPaused;
  }

  sleep(level?: number, mode?: PauseMode): Promise<void> {
    return this.#engine.pause.sleep(level, mode);
  }

  wakeUp(tags?: readonly string[]): Promise<void> {
    return this.#engine.pause.wakeUp(tags);
  }

  isSleeping(): boolean {
    return this.#engine.pause.isSleeping;
  }

  get pauseState(): PauseState {
    return this.#engine.pause.state;
  }

  get sleepLevel(): number {
    return this.#engine.pause.sleepLevel;
  }

  get engineConfig(): EngineConfig {
    return this.#engine.config;
  }

  async tokenizerInfo(): Promise<Record<string, unknown>> {
    const { tokenizerInfo } = await import("../tokenizer/tokenizer-info.js");
    const { config, tokenizer } = this.#engine;
    return tokenizerInfo(config.tokenizer ?? config.model, tokenizer);
  }

  stats(): EngineStats {
    return this.#engine.stats();
  }

  observe(listener: StatsListener): () => void {
    return this.#engine.observe(listener);
  }

  openRequests(): OpenRequest[] {
    return this.#engine.openRequests();
  }

  close(): Promise<void> {
    return this.#engine.close();
  }
}
