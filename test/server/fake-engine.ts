/** An engine without a model: answers with the prompt's own letters, counted up; every delay and failure can be set. */
import type { CompletionOutput, PositionLogprobs, RequestOutput } from "../../src/engine/request-output.js";
import type { SamplingParamsInput } from "../../src/request/sampling-params.js";
import { checkSamplingParamsForModel, normalizeSamplingParams } from "../../src/request/sampling-params.js";
import type {
  ClientMessage,
  ClientOptions,
  ClientPrompt,
  EngineClient,
  EngineControl,
  RenderOptions,
} from "../../src/server/engine-client.js";
import type { Tokenizer } from "../../src/tokenizer/tokenizer.js";
import { AbortError, EngineDeadError, RequestError } from "../../src/util/errors.js";

export const MAX_MODEL_LEN = 64;
export const VOCAB_SIZE = 256;

/** One token per byte. */
const tokenizer = {
  vocabSize: VOCAB_SIZE,
  chatTemplate: "fake",
  encode: async (text: string) => [...Buffer.from(text)],
  decode: (ids: readonly number[]) => Buffer.from(ids).toString("utf8"),
  idToToken: (id: number) => String.fromCharCode(id),
} as unknown as Tokenizer;

export interface Call {
  prompt: ClientPrompt;
  params: SamplingParamsInput;
  options: ClientOptions;
  /** Tokens given out before the end. */
  steps: number;
  ended: "finished" | "aborted" | "open" | "failed";
}

export class FakeEngine implements EngineClient, EngineControl {
  readonly modelConfig = { maxModelLen: MAX_MODEL_LEN, vocabSize: VOCAB_SIZE };
  servedModelNames: string[] = ["fake-model", "org/alias"];
  tokenizer: Tokenizer | undefined = tokenizer;
  defaults: ReturnType<EngineClient["defaultSamplingParams"]> = {};
  isDead = false;
  isStuck = false;
  get isResponding(): boolean {
    return !this.isDead && !this.isStuck;
  }
  /** Milliseconds per token. */
  stepMs = 0;
  /** Tokens after which a request fails. */
  failAfter = Infinity;
  failure: Error = new RequestError("this request failed", { status: 500 });
  /** Text of each token instead of a letter. */
  tokenText: string | undefined;
  readonly calls: Call[] = [];
  readonly rendered: { messages: readonly ClientMessage[]; options: RenderOptions }[] = [];

  defaultSamplingParams() {
    return this.defaults;
  }

  async renderChat(messages: readonly ClientMessage[], options: RenderOptions) {
    this.rendered.push({ messages, options });
    const text = messages.map(({ role, content }) => `${role[0]}:${contentText(content)};`).join("");
    return { text, tokenIds: [...Buffer.from(text)] };
  }

  async *generate(
    prompt: ClientPrompt,
    input: SamplingParamsInput,
    options: ClientOptions,
  ): AsyncGenerator<RequestOutput, void, undefined> {
    const call: Call = { prompt, params: input, options, steps: 0, ended: "open" };
    this.calls.push(call);
    try {
      yield* this.#run(call, normalizeSamplingParams(input));
      call.ended = "finished";
    } catch (error) {
      call.ended = error instanceof AbortError ? "aborted" : "failed";
      throw error;
    } finally {
      if (call.ended === "open") call.ended = "aborted";
    }
  }

  async *#run(call: Call, params: ReturnType<typeof normalizeSamplingParams>): AsyncGenerator<RequestOutput> {
    const { prompt, options } = call;
    checkSamplingParamsForModel(params, { vocabSize: VOCAB_SIZE, maxLogprobs: 20 });
    const ids = prompt.tokenIds === undefined ? [...Buffer.from(prompt.text!)] : [...prompt.tokenIds];
    if (ids.length >= MAX_MODEL_LEN) {
      throw new RequestError(`maximum context length is ${MAX_MODEL_LEN} tokens; got ${ids.length}`, {
        param: "prompt",
      });
    }
    const length = Math.min(params.maxTokens ?? Infinity, MAX_MODEL_LEN - ids.length);
    const states = Array.from({ length: params.n }, (_, index) => ({ index, text: "", tokenIds: [] as number[] }));
    for (let step = 0; step < length; step++) {
      await this.#pause(options.signal);
      if (this.isDead) throw new EngineDeadError("the engine died");
      if (call.steps >= this.failAfter) throw this.failure;
      call.steps++;
      const outputs = states.map((state): CompletionOutput => {
        const id = 97 + ((ids.at(-1)! + step + state.index) % 26);
        const text = this.tokenizer === undefined ? "" : (this.tokenText ?? String.fromCharCode(id));
        state.tokenIds.push(id);
        state.text += text;
        const isLast = step === length - 1;
        const isDelta = options.outputKind === "delta";
        const logprobs = (isDelta ? [id] : state.tokenIds).map((token) => this.#position(token, params.logprobs ?? 0));
        return {
          index: state.index,
          text: isDelta ? text : state.text,
          tokenIds: isDelta ? [id] : [...state.tokenIds],
          ...(params.logprobs === null ? {} : { logprobs }),
          finishReason: isLast ? "length" : null,
          stopReason: null,
        };
      });
      const promptLogprobs = ids.map((id, i) => (i === 0 ? null : this.#position(id, params.promptLogprobs ?? 0)));
      if (options.outputKind === "final" && step < length - 1) continue;
      yield {
        requestId: options.requestId!,
        ...(prompt.text === undefined ? {} : { prompt: prompt.text }),
        promptTokenIds: ids,
        ...(params.promptLogprobs !== null && (step === 0 || options.outputKind !== "delta") ? { promptLogprobs } : {}),
        outputs,
        finished: step === length - 1,
        numCachedTokens: 2,
      };
    }
  }

  /** The token with -0.5 and rank 2, then the alternatives a, b, c, ... with -0.1, -0.2, ...; the last is impossible. */
  #position(id: number, num: number): PositionLogprobs {
    const entry = (token: number, logprob: number, rank: number) => {
      const text = String.fromCharCode(token);
      const known = this.tokenizer === undefined ? {} : { decodedToken: text, bytes: [...Buffer.from(text)] };
      return [token, { logprob, rank, ...known }] as const;
    };
    const others = Array.from({ length: num }, (_, i) =>
      entry(65 + i, i === num - 1 && num > 2 ? -Infinity : -0.1 * (i + 1), i === 0 ? 1 : i + 2),
    );
    return new Map([entry(id, -0.5, 2), ...others]);
  }

  async #pause(signal: AbortSignal | undefined): Promise<void> {
    if (signal?.aborted) throw new AbortError("aborted by its caller");
    await new Promise<void>((resolve, reject) => {
      const onAbort = () => {
        clearTimeout(timer);
        reject(new AbortError("aborted by its caller"));
      };
      const timer = setTimeout(() => {
        signal?.removeEventListener("abort", onAbort);
        resolve();
      }, this.stepMs);
      signal?.addEventListener("abort", onAbort, { once: true });
    });
  }

  abort(): void {}

  async tokenizerInfo() {
    return { bos_token: "<s>", chat_template: "fake" };
  }

  readonly engineConfig = { model: "fake" };
  /** Calls of the development routes, in order. */
  readonly controls: unknown[][] = [];
  paused = false;
  sleeping = false;
  canReset = true;

  abortRequests(ids?: readonly string[]): number {
    this.controls.push(["abortRequests", ids]);
    return ids?.length ?? 7;
  }

  async resetPrefixCache(resetRunningRequests?: boolean): Promise<boolean> {
    this.controls.push(["resetPrefixCache", resetRunningRequests]);
    return this.canReset;
  }

  async pauseGeneration(options?: object): Promise<void> {
    this.controls.push(["pauseGeneration", options]);
    this.paused = true;
  }

  async resumeGeneration(): Promise<void> {
    this.paused = false;
  }

  isPaused(): boolean {
    return this.paused;
  }

  async sleep(level?: number, mode?: string): Promise<void> {
    this.controls.push(["sleep", level, mode]);
    this.sleeping = true;
  }

  async wakeUp(tags?: readonly string[]): Promise<void> {
    this.controls.push(["wakeUp", tags]);
    this.sleeping = false;
  }

  isSleeping(): boolean {
    return this.sleeping;
  }

  async close(): Promise<void> {}
}

function contentText(content: ClientMessage["content"]): string {
  return typeof content === "string" ? content : (content ?? []).map((part) => part.text).join("");
}
