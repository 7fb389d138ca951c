/** StatsHub: what the engine did lately, second by second and request by request, for the dashboard. */
import type { EngineStats } from "../../engine/engine-stats.js";
import type { EndedRequest, StatsListener, StepStats } from "../../engine/stats-listener.js";
import { Ring } from "./ring.js";
import { Spread, type SpreadFigures } from "./spread.js";

/** Seconds that are kept: 15 minutes of work. Seconds in which nothing happened take no place. */
const MAX_SECONDS = 900;
/** Ended requests that are kept. */
const MAX_REQUESTS = 1000;

/** One second in which something happened. */
export interface SecondFigures {
  /** Its start: milliseconds of this process's `performance.now()`, a multiple of 1000. */
  readonly timeMs: number;
  /** Most at the end of a step of this second. */
  readonly numRunning: number;
  readonly numWaiting: number;
  /** Share of the KV cache's blocks, 0..1, after the second's last step. */
  readonly kvCacheUsage: number;
  readonly numSteps: number;
  readonly numPromptTokens: number;
  readonly numCachedTokens: number;
  readonly numGenerationTokens: number;
  /** Tokens looked up in the prefix cache, and found. */
  readonly prefixQueries: number;
  readonly prefixHits: number;
  readonly numPreemptions: number;
  /** Callers' requests that ended. */
  readonly numFinished: number;
  readonly numAborted: number;
  readonly numFailed: number;
  readonly timeToFirstToken: SpreadFigures;
  readonly interToken: SpreadFigures;
  readonly endToEnd: SpreadFigures;
}

/**
 * A listener of the engine. Steps cost it well under a microsecond per token; its memory is bounded. What is asked for is made then.
 */
export class StatsHub implements StatsListener {
  readonly #seconds = new Ring<SecondFigures>(MAX_SECONDS);
  readonly #requests = new Ring<EndedRequest>(MAX_REQUESTS);
  #now: Second | undefined;
  #prefixQueries = 0;
  #prefixHits = 0;
  #numPreemptions = 0;
  #numSteps = 0;

  step(step: StepStats, engine: EngineStats): void {
    const second = this.#secondOf(step.timeMs);
    second.step(step, engine);
    const { queries, hits } = engine.prefixCache;
    second.prefixQueries += queries - this.#prefixQueries;
    second.prefixHits += hits - this.#prefixHits;
    second.numPreemptions += engine.numPreemptions - this.#numPreemptions;
    second.numSteps += engine.numSteps - this.#numSteps;
    this.#prefixQueries = queries;
    this.#prefixHits = hits;
    this.#numPreemptions = engine.numPreemptions;
    this.#numSteps = engine.numSteps;
  }

  ended(request: EndedRequest): void {
    this.#requests.add(request);
    const second = this.#secondOf(request.endMs);
    if (request.end === "finished") second.numFinished++;
    else if (request.end === "aborted") second.numAborted++;
    else second.numFailed++;
    if (request.end === "finished") second.endToEnd.add(request.endMs - request.arrivalMs);
  }

  /** Oldest first, the one under way last. @param sinceMs only seconds that began then or later */
  seconds(sinceMs = -Infinity): SecondFigures[] {
    const all = this.#seconds.toArray();
    if (this.#now !== undefined) all.push(this.#now.figures());
    return all.filter(({ timeMs }) => timeMs >= sinceMs);
  }

  /** Ended requests in the order of their ends. @param sinceMs only those that ended then or later */
  requests(sinceMs = -Infinity): EndedRequest[] {
    return this.#requests.toArray().filter(({ endMs }) => endMs >= sinceMs);
  }

  #secondOf(timeMs: number): Second {
    const start = Math.floor(timeMs / 1000) * 1000;
    if (this.#now === undefined || this.#now.timeMs < start) {
      if (this.#now !== undefined) this.#seconds.add(this.#now.figures());
      this.#now = new Second(start);
    }
    return this.#now;
  }
}

/** A second under way. */
class Second {
  readonly timeMs: number;
  numFinished = 0;
  numAborted = 0;
  numFailed = 0;
  prefixQueries = 0;
  prefixHits = 0;
  numPreemptions = 0;
  numSteps = 0;
  readonly endToEnd = new Spread();
  readonly #timeToFirstToken = new Spread();
  readonly #interToken = new Spread();
  #numRunning = 0;
  #numWaiting = 0;
  #kvCacheUsage = 0;
  #numPromptTokens = 0;
  #numCachedTokens = 0;
  #numGenerationTokens = 0;

  constructor(timeMs: number) {
    this.timeMs = timeMs;
  }

  step(step: StepStats, engine: EngineStats): void {
    this.#numRunning = Math.max(this.#numRunning, engine.numRunning);
    this.#numWaiting = Math.max(this.#numWaiting, engine.numWaiting);
    this.#kvCacheUsage = engine.kvCacheUsage;
    this.#numPromptTokens += step.numPromptTokens;
    this.#numCachedTokens += step.numCachedTokens;
    this.#numGenerationTokens += step.numGenerationTokens;
    for (const ms of step.timeToFirstTokenMs) this.#timeToFirstToken.add(ms);
    for (const ms of step.interTokenMs) this.#interToken.add(ms);
  }

  figures(): SecondFigures {
    const { timeMs, prefixQueries, prefixHits, numPreemptions, numFinished, numAborted, numFailed } = this;
    return {
      timeMs,
      numRunning: this.#numRunning,
      numWaiting: this.#numWaiting,
      kvCacheUsage: this.#kvCacheUsage,
      numSteps: this.numSteps,
      numPromptTokens: this.#numPromptTokens,
      numCachedTokens: this.#numCachedTokens,
      numGenerationTokens: this.#numGenerationTokens,
      prefixQueries,
      prefixHits,
      numPreemptions,
      numFinished,
      numAborted,
      numFailed,
      timeToFirstToken: this.#timeToFirstToken.figures(),
      interToken: this.#interToken.figures(),
      endToEnd: this.endToEnd.figures(),
    };
  }
}
