/** An engine that answers with given texts, a piece a step, and tells of its requests like a real one. */
import type { RequestOutput } from "../../src/engine/request-output.js";
import type { EndedRequest, OpenRequest, StatsListener, StepStats } from "../../src/engine/stats-listener.js";
import type { EngineStats } from "../../src/engine/engine-stats.js";
import type { SamplingParamsInput } from "../../src/request/sampling-params.js";
import type { ClientOptions, ClientPrompt } from "../../src/server/engine-client.js";
import { AbortError, RequestError } from "../../src/util/errors.js";
import { FakeEngine } from "../server/fake-engine.js";

export class ScriptedEngine extends FakeEngine {
  override readonly modelConfig = { maxModelLen: 4096, vocabSize: 256 };
  /** The pieces of the answer to a prompt. */
  reply: (prompt: string) => readonly string[] = (prompt) => [`You said: ${prompt.slice(-200)}`];
  /** Milliseconds before each piece. */
  override stepMs = 0;
  readonly #listeners = new Set<StatsListener>();
  readonly #open = new Map<string, { -readonly [Key in keyof OpenRequest]: OpenRequest[Key] }>();
  readonly #counts = { accepted: 0, finished: 0, aborted: 0, failed: 0 };

  override async *generate(
    prompt: ClientPrompt,
    params: SamplingParamsInput,
    options: ClientOptions,
  ): AsyncGenerator<RequestOutput, void, undefined> {
    this.calls.push({ prompt, params, options, steps: 0, ended: "open" });
    const call = this.calls.at(-1)!;
    const text = prompt.text ?? Buffer.from(prompt.tokenIds!).toString();
    const requestId = options.requestId!;
    const arrivalMs = performance.now();
    const trace = { endpoint: "/v1/chat/completions", ...options.trace };
    const open: OpenRequest & { numOutputTokens: number; firstTokenMs: number | undefined } = {
      ...{ requestId, trace, arrivalMs, scheduledMs: arrivalMs + 1, firstTokenMs: undefined },
      ...{ numPromptTokens: text.length, numOutputTokens: 0 },
    };
    this.#open.set(requestId, open);
    this.#counts.accepted++;
    let end: EndedRequest["end"] = "aborted";
    try {
      const pieces = this.reply(text);
      for (const [i, piece] of pieces.entries()) {
        await pause(this.stepMs, options.signal);
        if (call.steps >= this.failAfter) throw this.failure;
        call.steps++;
        open.numOutputTokens++;
        if (i === 0) open.firstTokenMs = performance.now();
        this.#tellStep(
          i === 0 ? { numPromptTokens: text.length, timeToFirstTokenMs: [performance.now() - arrivalMs] } : {},
        );
        yield this.#output(requestId, text, piece, i === pieces.length - 1);
      }
      end = "finished";
    } catch (error) {
      end = error instanceof AbortError ? "aborted" : "failed";
      throw error;
    } finally {
      call.ended = end;
      this.#counts[end]++;
      this.#open.delete(requestId);
      this.#tellEnd({ ...open, end, endMs: performance.now() });
    }
  }

  stats(): EngineStats {
    return {
      numRunning: this.#open.size,
      numWaiting: 0,
      kvCacheUsage: this.#open.size / 10,
      numPreemptions: 0,
      numSteps: 0,
      prefixCache: { queries: 100 * this.#counts.accepted, hits: 40 * this.#counts.accepted },
      numOpenRequests: this.#open.size,
      requests: this.#counts,
    } as unknown as EngineStats;
  }

  observe(listener: StatsListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  openRequests(): OpenRequest[] {
    return [...this.#open.values()];
  }

  #output(requestId: string, prompt: string, text: string, finished: boolean): RequestOutput {
    const output = {
      index: 0,
      text,
      tokenIds: [1],
      finishReason: finished ? ("stop" as const) : null,
      stopReason: null,
    };
    const promptTokenIds = [...Buffer.from(prompt)];
    return { requestId, promptTokenIds, outputs: [output], finished, numCachedTokens: 0 };
  }

  #tellStep(part: Partial<StepStats>): void {
    const step: StepStats = {
      ...{ timeMs: performance.now(), numPromptTokens: 0, numCachedTokens: 0, numGenerationTokens: 1 },
      ...{ timeToFirstTokenMs: [], interTokenMs: [this.stepMs], ...part },
    };
    for (const listener of this.#listeners) listener.step?.(step, this.stats());
  }

  #tellEnd(request: OpenRequest & Pick<EndedRequest, "end" | "endMs">): void {
    const ended = { ...request, numCachedTokens: 0, n: 1, maxTokens: 16, temperature: 1, topP: 1, outputs: [] };
    for (const listener of this.#listeners) listener.ended?.(ended);
  }
}

/** A failure as the engine gives it. */
export const failure = new RequestError("the engine gave up on this request", { status: 500 });

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) reject(new AbortError("aborted by its caller"));
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(new AbortError("aborted by its caller"));
    });
  });
}
