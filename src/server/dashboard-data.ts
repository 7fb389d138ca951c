/** GET /dashboard/data: what the engine did in the last 15 minutes, and what is known of the model. The page at /dashboard asks once a second. */
import type { AsyncLLM } from "../engine/async-llm.js";
import type { EngineStats } from "../engine/engine-stats.js";
import type { EndedRequest, OpenRequest } from "../engine/stats-listener.js";
import { RequestError } from "../util/errors.js";
import type { EngineClient } from "./engine-client.js";
import type { SecondFigures } from "./metrics/stats-hub.js";
import type { ServerContext } from "./respond.js";

/** Open requests that are listed; how many there are is told too. */
const MAX_OPEN = 300;

/** One request, for the timeline. Times as in `DashboardData.nowMs`; null: not reached. */
export interface DashboardRequest {
  readonly id: string;
  readonly endpoint: string;
  readonly arrivalMs: number;
  readonly scheduledMs: number | null;
  readonly firstTokenMs: number | null;
  /** Null: it is open. */
  readonly endMs: number | null;
  /** "stop", "length", "abort", "failed" and the like; null: it is open. */
  readonly end: string | null;
  readonly numPromptTokens: number;
  readonly numCachedTokens: number;
  readonly numOutputTokens: number;
}

export interface DashboardData {
  readonly version: string;
  /** Now, on this process's clock, in milliseconds; give it back as `since` to get what is new. Every time below is on this clock. */
  readonly nowMs: number;
  /** False while the engine is dead, stuck or closing. */
  readonly isResponding: boolean;
  readonly model: {
    readonly names: readonly string[];
    readonly maxModelLen: number;
    /** Without one there is no chat: only completions. */
    readonly hasChatTemplate: boolean;
    /** Label and value of what else is known, to be shown as they are. */
    readonly facts: readonly (readonly [string, string])[];
  };
  readonly now: {
    readonly numRunning: number;
    readonly numWaiting: number;
    /** 0..1. */
    readonly kvCacheUsage: number;
    /** HTTP requests under way. */
    readonly numOpenRequests: number;
    /** Since the start: accepted = open + finished + aborted + failed. */
    readonly requests: Partial<EngineStats["requests"]>;
    readonly numPreemptions: number;
  };
  /** Seconds in which something happened, oldest first; the last one may still change and is sent again. */
  readonly seconds: readonly SecondFigures[];
  /** Ended since then, then the open ones in the order of coming. */
  readonly requests: readonly DashboardRequest[];
}

/**
 * @param since `nowMs` of the last answer; undefined: all that is kept; "none": no history at all
 * @throws RequestError unless `since` is one of these
 */
export function dashboardData(context: ServerContext, version: string, since: string | undefined): DashboardData {
  const { engine, stats, open } = context;
  const sinceMs = since === "none" ? Infinity : since === undefined ? -Infinity : Number(since);
  if (typeof since === "object" || Number.isNaN(sinceMs) || since === "") {
    throw new RequestError(
      `since: expected the nowMs of an earlier answer, or "none"; got ${String(since).slice(0, 40)}`,
      {
        param: "since",
      },
    );
  }
  const figures = engine.stats?.();
  return {
    version,
    nowMs: round(performance.now()),
    isResponding: engine.isResponding && !open.isClosing,
    model: {
      names: engine.servedModelNames,
      maxModelLen: engine.modelConfig.maxModelLen,
      hasChatTemplate: hasChatTemplate(engine),
      facts: modelFacts(engine.modelConfig),
    },
    now: {
      numRunning: figures?.numRunning ?? 0,
      numWaiting: figures?.numWaiting ?? 0,
      kvCacheUsage: figures?.kvCacheUsage ?? 0,
      numOpenRequests: open.count,
      requests: figures?.requests ?? {},
      numPreemptions: figures?.numPreemptions ?? 0,
    },
    // A second that had begun then may have gone on.
    seconds: since === "none" ? [] : stats.seconds(Math.floor(sinceMs / 1000) * 1000),
    requests: [
      ...stats.requests(sinceMs).map(ended),
      ...(since === "none" ? [] : (engine.openRequests?.() ?? []).slice(0, MAX_OPEN).map(stillOpen)),
    ],
  };
}

/** Whether conversations can be rendered at all. */
function hasChatTemplate(engine: EngineClient): boolean {
  return engine.hasChatTemplate ?? engine.tokenizer?.chatTemplate !== undefined;
}

function ended(request: EndedRequest): DashboardRequest {
  const { requestId, trace, arrivalMs, scheduledMs, firstTokenMs, endMs, end, outputs } = request;
  const { numPromptTokens, numCachedTokens, numOutputTokens } = request;
  return {
    id: requestId,
    endpoint: trace.endpoint ?? "",
    arrivalMs: round(arrivalMs),
    scheduledMs: roundOrNull(scheduledMs),
    firstTokenMs: roundOrNull(firstTokenMs),
    endMs: round(endMs),
    end: end === "failed" ? "failed" : end === "aborted" ? "abort" : (outputs.at(-1)?.finishReason ?? "stop"),
    numPromptTokens,
    numCachedTokens,
    numOutputTokens,
  };
}

function stillOpen(request: OpenRequest): DashboardRequest {
  const { requestId, trace, arrivalMs, scheduledMs, firstTokenMs, numPromptTokens, numOutputTokens } = request;
  return {
    id: requestId,
    endpoint: trace.endpoint ?? "",
    arrivalMs: round(arrivalMs),
    scheduledMs: roundOrNull(scheduledMs),
    firstTokenMs: roundOrNull(firstTokenMs),
    endMs: null,
    end: null,
    numPromptTokens,
    numCachedTokens: 0,
    numOutputTokens,
  };
}

/** An engine without a model (in tests, say) tells less. */
function modelFacts(info: Partial<Omit<AsyncLLM["modelConfig"], "eosTokenIds">>): [string, string][] {
  const { architecture, numParameters, dtype, weightBytes, kvCacheBytes, numBlocks, blockSize, platform, vocabSize } =
    info;
  const facts: [string, string | undefined][] = [
    ["Architecture", architecture],
    ["Parameters", numParameters === undefined ? undefined : count(numParameters)],
    ["Weights", weightBytes === undefined ? undefined : `${bytes(weightBytes)}, ${dtype}`],
    [
      "KV cache",
      kvCacheBytes === undefined ? undefined : `${bytes(kvCacheBytes)}, ${numBlocks} blocks of ${blockSize} tokens`,
    ],
    ["Vocabulary", vocabSize === undefined ? undefined : vocabSize.toLocaleString("en")],
    ["Platform", platform],
  ];
  return facts.filter((fact): fact is [string, string] => fact[1] !== undefined);
}

function count(value: number): string {
  if (value >= 1e9) return `${(value / 1e9).toFixed(2)} billion`;
  return value >= 1e6 ? `${(value / 1e6).toFixed(1)} million` : value.toLocaleString("en");
}

function bytes(value: number): string {
  if (value >= 2 ** 30) return `${(value / 2 ** 30).toFixed(2)} GiB`;
  return value >= 2 ** 20 ? `${(value / 2 ** 20).toFixed(1)} MiB` : `${(value / 2 ** 10).toFixed(1)} KiB`;
}

const round = (ms: number): number => Math.round(ms * 10) / 10;
const roundOrNull = (ms: number | undefined): number | null => (ms === undefined ? null : round(ms));
