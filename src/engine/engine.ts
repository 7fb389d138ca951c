/** Engine: the front of one engine core. LLM and AsyncLLM are two faces of it. */
import { randomUUID } from "node:crypto";
import type { EngineConfig } from "../config/engine-config.js";
import { maxStepTokens } from "../request/kv-cache-group.js";
import type { MachineSpeed, StepProfile } from "../request/step-profile.js";
import type { SamplingParams, SamplingParamsInput } from "../request/sampling-params.js";
import type { Tokenizer } from "../tokenizer/tokenizer.js";
import type { ChatMessage } from "../tokenizer/chat-messages.js";
import { AbortError, EngineDeadError } from "../util/errors.js";
import { abortError, onceAborted, orAborted, throwIfAborted } from "./abort.js";
import { ChatPrompts } from "./chat.js";
import type { ChatOptions, RenderedChat } from "./chat.js";
import { Admission } from "./admission.js";
import { defaultSamplingParams } from "./default-sampling-params.js";
import { EnginePause } from "./engine-pause.js";
import type { EngineStats } from "./engine-stats.js";
import { GrammarClient } from "./grammar-client.js";
import { InputProcessor } from "./input-processor.js";
import type { EnginePrompt, InputOptions, ProcessedRequest } from "./input-processor.js";
import { OutputProcessor } from "./output-processor.js";
import type { RequestOutput } from "./request-output.js";
import type { RequestState } from "./request-state.js";
import type { OpenRequest, StatsListener } from "./stats-listener.js";
import { StatsRecorder } from "./stats-recorder.js";
import type { StepMarks } from "./step-marks.js";
import type { Transport } from "./transport.js";
import type { ModelInfo } from "../worker/worker.js";

/** Besides prompt and parameters of one request; the id is chosen at random if absent. */
export type RequestInputOptions = Partial<InputOptions>;

export interface GenerateOptions extends RequestInputOptions {
  /** Ends the request with an AbortError and frees its blocks. */
  readonly signal?: AbortSignal | undefined;
}

const AT_REST: StepMarks = Object.freeze({ endMs: 0, starts: [] });

/** Checks inputs, sends them to the core, and turns what comes back into outputs. */
export class Engine {
  readonly config: EngineConfig;
  readonly tokenizer: Tokenizer | undefined;
  readonly defaultSamplingParams: Partial<SamplingParams>;
  readonly #transport: Transport;
  readonly #input: InputProcessor;
  readonly #grammars: GrammarClient;
  readonly #output: OutputProcessor;
  readonly #recorder: StatsRecorder;
  readonly #admission: Admission;
  readonly #chat: ChatPrompts;
  #pause: EnginePause | undefined;
  #ended: EngineDeadError | undefined;
  #isClosed = false;

  /**
   * @param chatTemplate text of the configured template, which wins over the tokenizer's
   * @throws ConfigError if the model's sampling defaults are wrong
   */
  constructor(
    config: EngineConfig,
    transport: Transport,
    tokenizer: Tokenizer | undefined,
    chatTemplate: string | undefined,
  ) {
    this.config = config;
    this.tokenizer = tokenizer;
    this.defaultSamplingParams = defaultSamplingParams(config, transport.info);
    this.#transport = transport;
    this.#input = new InputProcessor(
      transport.info,
      {
        maxLogprobs: config.maxLogprobs,
        maxStepTokens: maxStepTokens(config),
        disableAnyWhitespace: config.structuredOutputsConfig.disable_any_whitespace === true,
      },
      tokenizer,
    );
    this.#recorder = new StatsRecorder(() => this.stats(0));
    this.#output = new OutputProcessor(tokenizer, this.#recorder);
    this.#grammars = new GrammarClient(transport, tokenizer, (ms) => this.#recorder.grammarMade(ms));
    this.#admission = new Admission(config, this.#output);
    this.#chat = new ChatPrompts(config, tokenizer, chatTemplate, transport.info.maxModelLen);
    transport.listen({
      outputs: (outputs, marks) => this.#abortInCore(this.#output.process(outputs, marks)),
      idle: () => this.#abortInCore(this.#output.process([], AT_REST)),
      death: (message, cause) => this.#end(new EngineDeadError(message, { cause })),
    });
  }

  /** What is known of the model. */
  get info(): ModelInfo {
    return this.#transport.info;
  }

  /** What the core died of; undefined while it lives, and after closing. */
  get deathError(): EngineDeadError | undefined {
    return this.#isClosed ? undefined : this.#ended;
  }

  /** False when the engine is dead or closed, and while its process has been silent for 10 seconds (it may come back). */
  get isResponding(): boolean {
    return this.#ended === undefined && this.#transport.isResponding;
  }

  /** Requests that have not ended. */
  get numRequests(): number {
    return this.#output.numRequests;
  }

  /**
   * Checks and tokenizes a request without running it.
   * @throws RequestError (as a rejection) for a wrong prompt or parameter; EngineDeadError
   */
  async prepare(
    prompt: EnginePrompt,
    params: SamplingParamsInput,
    options: RequestInputOptions = {},
  ): Promise<ProcessedRequest> {
    this.#throwIfEnded();
    const request = await this.#input.process(prompt, params, {
      ...options,
      requestId: options.requestId ?? `request-${randomUUID()}`,
    });
    if (request.params.structuredOutputs !== null) await this.#grammars.check(request.params.structuredOutputs);
    return request;
  }

  /**
   * Runs a prepared request, once; nothing happens before the first output is asked for. A reader that stops early
   * aborts it.
   * @param signal ends the request with an AbortError and frees its blocks
   * @throws RequestError if its id is in use, or when this request failed; AbortError; EngineDeadError
   */
  async *run(request: ProcessedRequest, signal?: AbortSignal): AsyncGenerator<RequestOutput, void, undefined> {
    const { requestId } = request;
    this.#throwIfEnded();
    throwIfAborted(signal, `request ${requestId}`);
    const state = this.#output.add(request);
    this.#transport.addRequests(request.coreRequests);
    const forget = onceAborted(signal, () => this.#fail(state, abortError(signal!, `request ${requestId}`)));
    try {
      for (let output = await state.next(); output !== undefined; output = await state.next()) yield output;
    } finally {
      forget();
      if (!state.isFinished) this.#fail(state, new AbortError(`request ${requestId}: nobody reads its outputs`));
    }
  }

  /**
   * `prepare` and `run` together; nothing happens before the first output is asked for.
   * @throws RequestError with status 503 while --max-num-queued-reqs or --max-num-queued-tokens are reached; as these do
   */
  async *generate(
    prompt: EnginePrompt,
    params: SamplingParamsInput,
    options: GenerateOptions = {},
  ): AsyncGenerator<RequestOutput, void, undefined> {
    const { signal, ...rest } = options;
    this.#admission.check();
    const preparing = this.prepare(prompt, params, rest);
    const prepared = await orAborted(preparing, signal, `request ${options.requestId ?? "without an id"}`);
    this.#admission.check(prepared);
    yield* this.run(prepared, signal);
  }

  /** The prompt of a conversation. @throws RequestError (as a rejection) if there is no template, or it refuses */
  async renderChat(messages: readonly ChatMessage[], options: ChatOptions = {}): Promise<RenderedChat> {
    return this.#chat.render(messages, options);
  }

  /** Ends a request with finish reason "abort"; its reader gets what it has so far. Unknown ids are ignored. */
  abort(requestId: string): void {
    this.#abortInCore(this.#output.abort(requestId));
  }

  /** Ends requests as `abort` does: all, or those of an id and of ids that begin with it and a dash. Returns how many. */
  abortRequests(requestIds?: readonly string[]): number {
    const ids = this.#output.matching(requestIds);
    for (const id of ids) this.abort(id);
    return ids.length;
  }

  /** Holds requests back, and takes memory away and back. */
  get pause(): EnginePause {
    return (this.#pause ??= new EnginePause(this.#transport, () => this.abortRequests()));
  }

  /**
   * Forgets all cached prefixes.
   * @param resetRunningRequests computes open requests again; without it they make the answer false
   * @throws EngineDeadError (as a rejection)
   */
  async resetPrefixCache(resetRunningRequests = false): Promise<boolean> {
    this.#throwIfEnded();
    return this.#transport.call("resetPrefixCache", resetRunningRequests);
  }

  /**
   * Measures the machine between two steps, for a second or less: what ops can be compared with. Undefined where the platform
   * cannot. Keeps half a GiB of memory until the engine is closed.
   * @throws ResourceError without that memory; EngineDeadError (both as a rejection)
   */
  async probe(): Promise<MachineSpeed | undefined> {
    this.#throwIfEnded();
    return this.#transport.call("probe");
  }

  /**
   * Measures every step from the next one on, and tells the listener after each; what comes back ends it. The listener's own time
   * passes between two steps.
   */
  profileSteps(listener: (step: StepProfile) => void): () => void {
    return this.#transport.profileSteps(listener);
  }

  /** Figures of core and front. @param lastSteps of how many steps `recentSteps` is at most */
  stats(lastSteps?: number): EngineStats {
    return {
      ...this.#transport.stats(lastSteps),
      numOpenRequests: this.#output.numRequests,
      requests: this.#output.counts,
    };
  }

  /** Tells of every step and every ended request from now on; what comes back ends it. */
  observe(listener: StatsListener): () => void {
    return this.#recorder.observe(listener);
  }

  /** What is under way, in the order of coming. Its times are known only with an observer. */
  openRequests(): OpenRequest[] {
    return this.#output.openRequests();
  }

  /** Ends open requests with EngineDeadError and frees the model. Can be called again. */
  async close(): Promise<void> {
    this.#isClosed ||= this.#ended === undefined;
    this.#end(new EngineDeadError("the engine was closed"));
    this.tokenizer?.close?.();
    await this.#transport.close();
  }

  #end(error: EngineDeadError): void {
    this.#ended ??= error;
    this.#output.failAll(this.#ended);
  }

  #fail(state: RequestState, error: Error): void {
    this.#abortInCore(this.#output.fail(state, error));
  }

  #abortInCore(coreIds: readonly string[]): void {
    if (coreIds.length > 0) this.#transport.abort(coreIds);
  }

  /** A fresh error each time: its stack shows the caller. */
  #throwIfEnded(): void {
    if (this.#ended !== undefined) throw new EngineDeadError(this.#ended.message, { cause: this.#ended.cause });
  }
}
