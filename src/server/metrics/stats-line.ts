/** StatsLine: the line of figures that a server logs every few seconds while it works; what it says is what vLLM's says. */
import type { EngineStats } from "../../engine/engine-stats.js";
import type { StatsListener, StepStats } from "../../engine/stats-listener.js";

/** The hit rate is that of so many requests, the last ones. */
const MAX_RECENT_REQUESTS = 1000;

interface Lookups {
  readonly requests: number;
  readonly queries: number;
  readonly hits: number;
}

/** A listener of the engine; ask for a line at each interval. */
export class StatsLine implements StatsListener {
  #numPromptTokens = 0;
  #numGenerationTokens = 0;
  #engine: EngineStats | undefined;
  #startedMs: number;
  #wasIdle = true;
  /** Lookups step by step, those of the last requests. */
  readonly #recent: Lookups[] = [];
  #sum: Lookups = { requests: 0, queries: 0, hits: 0 };
  #seen: Lookups = { requests: 0, queries: 0, hits: 0 };

  /** @param nowMs `performance.now()` */
  constructor(nowMs: number) {
    this.#startedMs = nowMs;
  }

  step(step: StepStats, engine: EngineStats): void {
    this.#numPromptTokens += step.numPromptTokens;
    this.#numGenerationTokens += step.numGenerationTokens;
    this.#engine = engine;
    const { requests, queries, hits } = engine.prefixCache;
    if (requests === this.#seen.requests) return;
    this.#look(difference({ requests, queries, hits }, this.#seen));
    this.#seen = { requests, queries, hits };
  }

  /**
   * What happened since the last call. Undefined when nothing has since the call before it; so the end of work is told once.
   * @param nowMs `performance.now()`
   */
  next(nowMs: number): string | undefined {
    const seconds = Math.max(1e-3, (nowMs - this.#startedMs) / 1000);
    const prompt = this.#numPromptTokens / seconds;
    const generation = this.#numGenerationTokens / seconds;
    this.#startedMs = nowMs;
    this.#numPromptTokens = this.#numGenerationTokens = 0;
    const isIdle = prompt + generation === 0;
    const wasIdle = this.#wasIdle;
    this.#wasIdle = isIdle;
    const engine = this.#engine;
    if (engine === undefined || (isIdle && wasIdle)) return undefined;
    return (
      `Engine 000: Avg prompt throughput: ${prompt.toFixed(1)} tokens/s, Avg generation throughput: ` +
      `${generation.toFixed(1)} tokens/s, Running: ${engine.numRunning} reqs, Waiting: ${engine.numWaiting} reqs, ` +
      `KV cache usage: ${percent(engine.kvCacheUsage)}, Prefix cache hit rate: ${percent(this.#hitRate)}`
    );
  }

  get #hitRate(): number {
    return this.#sum.queries === 0 ? 0 : this.#sum.hits / this.#sum.queries;
  }

  #look(lookups: Lookups): void {
    this.#recent.push(lookups);
    this.#sum = difference(this.#sum, { requests: -lookups.requests, queries: -lookups.queries, hits: -lookups.hits });
    while (this.#recent.length > 1 && this.#sum.requests > MAX_RECENT_REQUESTS) {
      this.#sum = difference(this.#sum, this.#recent.shift()!);
    }
  }
}

function difference(a: Lookups, b: Lookups): Lookups {
  return { requests: a.requests - b.requests, queries: a.queries - b.queries, hits: a.hits - b.hits };
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)}%`;
}
