/** StatsRecorder: follows steps and requests in the front, and tells the listeners. */
import { messageOf } from "../util/text.js";
import type { EngineStats } from "./engine-stats.js";
import type { OutputTimes } from "./output-times.js";
import type { RequestState } from "./request-state.js";
import type { EndedRequest, OpenRequest, RequestEnd, StatsListener, StepStats } from "./stats-listener.js";
import type { EngineCoreOutput } from "./transport.js";

/** Without listeners it does nothing. */
export class StatsRecorder {
  readonly #listeners = new Set<StatsListener>();
  readonly #engine: () => EngineStats;
  readonly #step: StepStats = {
    timeMs: 0,
    numPromptTokens: 0,
    numCachedTokens: 0,
    numGenerationTokens: 0,
    timeToFirstTokenMs: [],
    interTokenMs: [],
  };

  /** @param engine the figures as of now */
  constructor(engine: () => EngineStats) {
    this.#engine = engine;
  }

  get isActive(): boolean {
    return this.#listeners.size > 0;
  }

  /** Tells of everything from now on; what comes back ends it. */
  observe(listener: StatsListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** The outputs of a step begin. */
  begin(): void {
    const step = this.#step;
    step.timeMs = performance.now();
    step.numPromptTokens = step.numCachedTokens = step.numGenerationTokens = 0;
    step.timeToFirstTokenMs.length = step.interTokenMs.length = 0;
  }

  /** An output was scheduled for the first time; both on the core's clock. */
  start(times: OutputTimes, queuedCoreMs: number, scheduledCoreMs: number): void {
    times.start(queuedCoreMs, scheduledCoreMs, this.#step.timeMs);
  }

  /** An output got tokens. @param coreMs when, on the core's clock */
  tokens(state: RequestState, index: number, { newTokenIds, numCachedTokens }: EngineCoreOutput, coreMs: number): void {
    const step = this.#step;
    const { times } = state.completions[index]!;
    step.numGenerationTokens += newTokenIds.length;
    const since = times.tokens(newTokenIds.length, coreMs, step.timeMs);
    if (since !== undefined) {
      step.interTokenMs.push(since);
      return;
    }
    const { arrivalMs, promptTokenIds } = state.request;
    times.numCachedTokens = Math.max(0, numCachedTokens);
    step.timeToFirstTokenMs.push(step.timeMs - arrivalMs);
    step.numPromptTokens += promptTokenIds.length;
    step.numCachedTokens += times.numCachedTokens;
  }

  /** All outputs of the step were taken. */
  end(): void {
    const engine = this.#engine();
    this.#tell((listener) => listener.step?.(this.#step, engine));
  }

  /** A caller's request ended. */
  ended(state: RequestState, end: RequestEnd): void {
    if (!this.isActive) return;
    const record = endedRequest(state, end);
    this.#tell((listener) => listener.ended?.(record));
  }

  grammarMade(ms: number): void {
    this.#tell((listener) => listener.grammarMade?.(ms));
  }

  /** A listener that throws is not asked again; the engine goes on. */
  #tell(tell: (listener: StatsListener) => void): void {
    for (const listener of this.#listeners) {
      try {
        tell(listener);
      } catch (error) {
        this.#listeners.delete(listener);
        process.emitWarning(`statistics: a listener failed and is not called any more: ${messageOf(error)}`);
      }
    }
  }
}

function endedRequest(state: RequestState, end: RequestEnd): EndedRequest {
  const endMs = performance.now();
  const open = openRequest(state);
  const { params } = state.request;
  return {
    ...open,
    end,
    endMs,
    numCachedTokens: state.numCachedTokens,
    n: params.n,
    maxTokens: params.maxTokens ?? 0,
    temperature: params.temperature,
    topP: params.topP,
    outputs: state.completions.map(({ index, finishReason, times }) =>
      times.ended(index, finishReason, open.arrivalMs, endMs),
    ),
  };
}

/** How far a request has come. */
export function openRequest(state: RequestState): OpenRequest {
  const { requestId, trace, arrivalMs, promptTokenIds } = state.request;
  const times = state.completions.map((completion) => completion.times);
  return {
    requestId,
    trace,
    arrivalMs,
    scheduledMs: earliest(times.map(({ scheduledMs }) => scheduledMs)),
    firstTokenMs: earliest(times.map(({ firstTokenMs }) => firstTokenMs)),
    numPromptTokens: promptTokenIds.length,
    numOutputTokens: times.reduce((sum, { numTokens }) => sum + numTokens, 0),
  };
}

function earliest(times: readonly (number | undefined)[]): number | undefined {
  const known = times.filter((time) => time !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}
