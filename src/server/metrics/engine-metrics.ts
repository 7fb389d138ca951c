/** EngineMetrics: vLLM's metrics of an engine, fed by its steps and ended requests, and by its figures when they are scraped. */
import type { EngineStats } from "../../engine/engine-stats.js";
import type { EndedOutput, EndedRequest, StatsListener, StepStats } from "../../engine/stats-listener.js";
import type { EngineClient } from "../engine-client.js";
import { Computed } from "./computed.js";
import { Counter } from "./counter.js";
import type { CounterCell } from "./counter.js";
import { CACHE_CONFIG_LABELS, engineDefinitions, QUIRE_DEFINITIONS } from "./definitions.js";
import { Histogram, type HistogramCell } from "./histogram.js";
import type { Labels, Metric, MetricDefinition } from "./metric.js";

const FINISHED_REASONS = ["stop", "length", "abort", "error", "repetition"] as const;
const SLEEP_STATES = ["awake", "weights_offloaded", "discard_all"] as const;
/** Of the model's length, where an engine says nothing of it. */
const SOME_LENGTH = 131_072;

type Definitions = ReturnType<typeof engineDefinitions>;

/** Series that steps and ends add to. */
interface EngineCounters {
  readonly promptTokens: CounterCell;
  readonly computed: CounterCell;
  readonly fromCache: CounterCell;
  readonly cachedTokens: CounterCell;
  readonly generationTokens: CounterCell;
  /** By finish reason. */
  readonly reasons: ReadonlyMap<string, CounterCell>;
}

const HISTOGRAMS = [
  "requestPromptTokens",
  "requestGenerationTokens",
  "iterationTokens",
  "maxGenerationTokens",
  "paramsN",
  "paramsMaxTokens",
  "timeToFirstToken",
  "interToken",
  "timePerOutputToken",
  "endToEnd",
  "queueTime",
  "inferenceTime",
  "prefillTime",
  "decodeTime",
  "prefillComputedTokens",
] as const;
type EngineHistograms = Readonly<Record<(typeof HISTOGRAMS)[number], HistogramCell>>;

export class EngineMetrics implements StatsListener {
  readonly metrics: readonly Metric[];
  readonly #labels: Labels;
  readonly #count: EngineCounters;
  readonly #times: EngineHistograms;
  readonly #grammarCompile: HistogramCell;
  readonly #made: Metric[] = [];

  constructor(engine: EngineClient) {
    this.#labels = { engine: "0", model_name: engine.servedModelNames[0] ?? "" };
    const definitions = engineDefinitions(engine.modelConfig.maxModelLen || SOME_LENGTH);
    this.#gauges(engine, definitions);
    this.#count = this.#counters(definitions);
    this.#times = this.#histograms(definitions);
    this.#grammarCompile = this.#add(new Histogram(QUIRE_DEFINITIONS.grammarCompile)).cell(this.#labels);
    this.#ownMetrics(engine);
    this.metrics = this.#made;
  }

  step(step: StepStats): void {
    const { numPromptTokens, numCachedTokens, numGenerationTokens } = step;
    if (numPromptTokens + numGenerationTokens === 0) return;
    const count = this.#count;
    count.promptTokens.inc(numPromptTokens);
    count.cachedTokens.inc(numCachedTokens);
    count.fromCache.inc(numCachedTokens);
    count.computed.inc(numPromptTokens - numCachedTokens);
    count.generationTokens.inc(numGenerationTokens);
    const times = this.#times;
    times.iterationTokens.observe(numPromptTokens + numGenerationTokens);
    for (const ms of step.timeToFirstTokenMs) times.timeToFirstToken.observe(ms / 1000);
    for (const ms of step.interTokenMs) times.interToken.observe(ms / 1000);
  }

  grammarMade(ms: number): void {
    this.#grammarCompile.observe(ms / 1000);
  }

  ended(request: EndedRequest): void {
    for (const output of request.outputs) {
      const reason = output.finishReason ?? (request.end === "aborted" ? "abort" : "error");
      this.#count.reasons.get(reason)?.inc();
      if (request.end === "finished") this.#observe(output, request);
    }
    if (request.end !== "finished") return;
    this.#times.paramsN.observe(request.n);
    this.#times.maxGenerationTokens.observe(Math.max(...request.outputs.map(({ numTokens }) => numTokens)));
  }

  #observe(output: EndedOutput, { numPromptTokens, maxTokens }: EndedRequest): void {
    const { numTokens, numCachedTokens, queuedMs = 0, prefillMs = 0, decodeMs = 0, endToEndMs } = output;
    const times = this.#times;
    times.endToEnd.observe(endToEndMs / 1000);
    times.queueTime.observe(queuedMs / 1000);
    times.prefillTime.observe(prefillMs / 1000);
    times.decodeTime.observe(decodeMs / 1000);
    times.inferenceTime.observe((prefillMs + decodeMs) / 1000);
    times.timePerOutputToken.observe(numTokens > 1 ? decodeMs / (numTokens - 1) / 1000 : 0);
    times.requestPromptTokens.observe(numPromptTokens);
    times.requestGenerationTokens.observe(numTokens);
    times.prefillComputedTokens.observe(numPromptTokens - numCachedTokens);
    times.paramsMaxTokens.observe(maxTokens);
  }

  #add<T extends Metric>(metric: T): T {
    this.#made.push(metric);
    return metric;
  }

  /** A value that is read at the scrape, 0 for an engine without figures. */
  #read(engine: EngineClient, definition: MetricDefinition, value: (stats: EngineStats) => number): void {
    this.#add(
      new Computed(definition, () => {
        const stats = engine.stats?.();
        return [[this.#labels, stats === undefined ? 0 : value(stats)]];
      }),
    );
  }

  #gauges(engine: EngineClient, of: Definitions): void {
    const labels = this.#labels;
    this.#read(engine, of.running, (stats) => stats.numRunning);
    this.#read(engine, of.waiting, (stats) => stats.numWaiting);
    this.#add(
      new Computed(of.waitingByReason, () => [
        [{ ...labels, reason: "capacity" }, waitingForRoom(engine.stats?.())],
        [{ ...labels, reason: "deferred" }, engine.stats?.().numDeferred ?? 0],
      ]),
    );
    this.#add(
      new Computed(of.sleepState, () =>
        SLEEP_STATES.map(
          (state, level) => [{ ...labels, sleep_state: state }, level === (engine.sleepLevel ?? 0) ? 1 : 0] as const,
        ),
      ),
    );
    this.#read(engine, of.kvCacheUsage, (stats) => stats.kvCacheUsage);
    const { numBlocks = 0, blockSize = 0 } = engine.modelConfig;
    this.#add(new Computed(of.numBlocks, () => [[labels, numBlocks]]));
    this.#read(engine, of.cachedBlocks, (stats) => stats.numCachedBlocks);
    this.#read(engine, of.cachedTokens, (stats) => stats.numCachedBlocks * blockSize);
    this.#read(engine, of.cachedShare, (stats) => (numBlocks === 0 ? 0 : stats.numCachedBlocks / numBlocks));
    this.#read(engine, of.prefixQueries, (stats) => stats.prefixCache.queries);
    this.#read(engine, of.prefixHits, (stats) => stats.prefixCache.hits);
    for (const none of [of.externalQueries, of.externalHits, of.mmQueries, of.mmHits])
      this.#add(new Counter(none)).cell(labels);
    this.#read(engine, of.preemptions, (stats) => stats.numPreemptions);
    this.#add(new Computed(of.cacheConfig, () => [[cacheConfigLabels(engine), 1]]));
  }

  #counters(of: Definitions): EngineCounters {
    const labels = this.#labels;
    const bySource = this.#add(new Counter(of.promptTokensBySource));
    const success = this.#add(new Counter(of.requestSuccess));
    const computed = bySource.cell({ ...labels, source: "local_compute" });
    const fromCache = bySource.cell({ ...labels, source: "local_cache_hit" });
    bySource.cell({ ...labels, source: "external_kv_transfer" });
    return {
      promptTokens: this.#add(new Counter(of.promptTokens)).cell(labels),
      computed,
      fromCache,
      cachedTokens: this.#add(new Counter(of.promptTokensCached)).cell(labels),
      generationTokens: this.#add(new Counter(of.generationTokens)).cell(labels),
      reasons: new Map(
        FINISHED_REASONS.map((reason): [string, CounterCell] => [
          reason,
          success.cell({ ...labels, finished_reason: reason }),
        ]),
      ),
    };
  }

  #histograms(of: Definitions): EngineHistograms {
    const cells = HISTOGRAMS.map((name) => [name, this.#add(new Histogram(of[name])).cell(this.#labels)] as const);
    return Object.fromEntries(cells) as EngineHistograms;
  }

  /** Those that vLLM does not have. */
  #ownMetrics(engine: EngineClient): void {
    const of = QUIRE_DEFINITIONS;
    const labels = this.#labels;
    this.#add(new Computed(of.up, () => [[labels, engine.isResponding ? 1 : 0]]));
    this.#read(engine, of.accepted, (stats) => stats.requests.accepted);
    this.#read(engine, of.finished, (stats) => stats.requests.finished);
    this.#read(engine, of.aborted, (stats) => stats.requests.aborted);
    this.#read(engine, of.failed, (stats) => stats.requests.failed);
    this.#read(engine, of.open, (stats) => stats.numOpenRequests);
    this.#read(engine, of.steps, (stats) => stats.numSteps);
    this.#read(engine, of.scheduledTokens, (stats) => stats.numScheduledTokens);
    this.#add(
      new Computed(of.jsSeconds, () => {
        const times = engine.stats?.().jsTimeMs ?? { schedule: 0, update: 0, outputs: 0 };
        return Object.entries(times).map(([phase, ms]) => [{ ...labels, phase }, ms / 1000] as const);
      }),
    );
  }
}

function waitingForRoom(stats: EngineStats | undefined): number {
  return stats === undefined ? 0 : stats.numWaiting - stats.numDeferred;
}

/** Python's words for what is true and what is not there, as dashboards expect them. */
function cacheConfigLabels({ modelConfig: model, config }: EngineClient): Labels {
  const { numBlocks, blockSize, kvCacheBytes } = model;
  const word = (value: unknown) =>
    typeof value === "boolean" ? (value ? "True" : "False") : value === undefined ? "None" : String(value);
  const known: Record<(typeof CACHE_CONFIG_LABELS)[number], unknown> = {
    block_size: blockSize,
    cache_dtype: config?.kvCacheDtype,
    enable_prefix_caching: config?.enablePrefixCaching,
    engine: "0",
    gpu_memory_utilization: config?.memoryUtilization,
    is_attention_free: false,
    kv_cache_memory_bytes: kvCacheBytes,
    kv_cache_size_tokens: numBlocks === undefined || blockSize === undefined ? undefined : (numBlocks - 1) * blockSize,
    num_cpu_blocks: undefined,
    num_gpu_blocks: numBlocks,
    num_gpu_blocks_override: config?.numBlocksOverride,
    sliding_window: undefined,
  };
  return Object.fromEntries(CACHE_CONFIG_LABELS.map((name) => [name, word(known[name])]));
}
