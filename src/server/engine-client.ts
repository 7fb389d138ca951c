/** What the server needs of an engine; `AsyncLLM` is one. */
import type { EngineConfig } from "../config/engine-config.js";
import type { EngineStats } from "../engine/engine-stats.js";
import type { RequestOutput } from "../engine/request-output.js";
import type { OpenRequest, RequestTrace, StatsListener } from "../engine/stats-listener.js";
import type { PauseMode } from "../request/pause.js";
import type { OutputKind, SamplingParams, SamplingParamsInput } from "../request/sampling-params.js";
import type { Tokenizer } from "../tokenizer/tokenizer.js";

/** A prompt: either text or token ids. */
export interface ClientPrompt {
  readonly text?: string;
  readonly tokenIds?: readonly number[];
  /** Put BOS and the like around the text; default true. */
  readonly addSpecialTokens?: boolean;
}

export interface ClientOptions {
  /** Unique among the open requests. */
  readonly requestId?: string;
  /** Ends the request and frees its blocks. */
  readonly signal?: AbortSignal;
  readonly priority?: number;
  readonly cacheSalt?: string;
  readonly outputKind?: OutputKind;
  /** Refuse a `maxTokens` that the context cannot hold after the prompt; else it is lowered. */
  readonly strictLength?: boolean;
  /** When the request came, on this process's `performance.now()`; default: now. */
  readonly arrivalMs?: number;
  /** For records of the request. */
  readonly trace?: RequestTrace;
}

/** A chat message as clients send it, `content` a string, a list of text parts, or null. */
export interface ClientMessage {
  readonly role: string;
  readonly content?: string | readonly { readonly type: "text"; readonly text: string }[] | null;
  readonly [field: string]: unknown;
}

export interface RenderOptions {
  readonly addGenerationPrompt: boolean;
  readonly continueFinalMessage: boolean;
  /** Instead of the model's own. */
  readonly chatTemplate?: string;
  readonly chatTemplateKwargs: Readonly<Record<string, unknown>>;
  /** Texts to draw on, for templates that know them. */
  readonly documents?: readonly Readonly<Record<string, unknown>>[];
  readonly tools?: readonly Readonly<Record<string, unknown>>[];
}

/** An engine that runs many requests at once. */
export interface EngineClient {
  readonly modelConfig: {
    readonly maxModelLen: number;
    readonly vocabSize: number;
    /** Ids that end an output. */
    readonly eosTokenIds?: readonly number[];
    /** Of the KV cache: blocks, tokens of a block, bytes. */
    readonly numBlocks?: number;
    readonly blockSize?: number;
    readonly kvCacheBytes?: number;
  };
  /** How it was configured, for /metrics. */
  readonly config?: Pick<
    EngineConfig,
    "enablePrefixCaching" | "kvCacheDtype" | "memoryUtilization" | "numBlocksOverride"
  >;
  /** At least one. */
  readonly servedModelNames: readonly string[];
  /** Undefined: token ids in, token ids out. */
  readonly tokenizer: Tokenizer | undefined;
  /** Whether conversations can be rendered; undefined: when the tokenizer has a template. */
  readonly hasChatTemplate?: boolean;
  /** The model's own sampling parameters, for fields that a request leaves out. */
  defaultSamplingParams(): Partial<SamplingParams>;
  /**
   * Outputs of one request, all `n` of them; ends after the last one finished.
   * @throws RequestError for a wrong prompt or parameter, at the first step; AbortError; EngineDeadError
   */
  generate(prompt: ClientPrompt, params: SamplingParamsInput, options: ClientOptions): AsyncIterable<RequestOutput>;
  /** Prompt of a conversation. @throws RequestError if the template refuses it */
  renderChat(messages: readonly ClientMessage[], options: RenderOptions): Promise<{ text: string; tokenIds: number[] }>;
  abort(requestId: string): void;
  /** Figures of the engine. An engine that has none has no such call, like the two below. */
  stats?(): EngineStats;
  /** Tells of every step and every ended request from now on; what comes back ends it. */
  observe?(listener: StatsListener): () => void;
  /** What is under way, in the order of coming. */
  openRequests?(): OpenRequest[];
  /** 0: awake. */
  readonly sleepLevel?: number;
  /** tokenizer_config.json as it is in force. */
  tokenizerInfo?(): Promise<Readonly<Record<string, unknown>>>;
  /** The core failed; nothing will be answered any more. */
  readonly isDead: boolean;
  /** False when it is dead or closed, and while it is stuck (it may come back): /health says 503. */
  readonly isResponding: boolean;
  close(): Promise<void>;
}

/** What the development routes need besides; `AsyncLLM` has it. See there. */
export interface EngineControl {
  abortRequests(requestIds?: readonly string[]): number;
  resetPrefixCache(resetRunningRequests?: boolean): Promise<boolean>;
  pauseGeneration(options?: { readonly mode?: PauseMode; readonly clearCache?: boolean }): Promise<void>;
  resumeGeneration(): Promise<void>;
  isPaused(): boolean;
  sleep(level?: number, mode?: PauseMode): Promise<void>;
  wakeUp(tags?: readonly string[]): Promise<void>;
  isSleeping(): boolean;
  /** Plain data. */
  readonly engineConfig: object;
}

export function hasControl(engine: EngineClient): engine is EngineClient & EngineControl {
  return "pauseGeneration" in engine;
}
