/** What /dashboard/data answers, as far as the dashboard reads it. The server's types are in server/dashboard-data.ts. */

/** A spread of durations, in milliseconds. */
export interface Spread {
  readonly count: number;
  readonly sumMs: number;
  readonly maxMs: number;
  readonly p50Ms: number;
  readonly p90Ms: number;
  readonly p99Ms: number;
}

/** One second in which something happened. */
export interface Second {
  /** Its start, on the server's clock. */
  readonly timeMs: number;
  readonly numRunning: number;
  readonly numWaiting: number;
  /** 0..1 */
  readonly kvCacheUsage: number;
  readonly numPromptTokens: number;
  readonly numGenerationTokens: number;
  readonly prefixQueries: number;
  readonly prefixHits: number;
  readonly numFinished: number;
  readonly numAborted: number;
  readonly numFailed: number;
  readonly timeToFirstToken: Spread;
  readonly interToken: Spread;
  readonly endToEnd: Spread;
}

/** One request; times on the server's clock, null where it has not got so far. */
export interface RequestRecord {
  readonly id: string;
  readonly endpoint: string;
  readonly arrivalMs: number;
  readonly scheduledMs: number | null;
  readonly firstTokenMs: number | null;
  readonly endMs: number | null;
  readonly end: string | null;
  readonly numPromptTokens: number;
  readonly numCachedTokens: number;
  readonly numOutputTokens: number;
}

export interface DashboardData {
  readonly version: string;
  readonly nowMs: number;
  readonly isResponding: boolean;
  readonly model: { readonly names: readonly string[] };
  readonly now: {
    readonly numRunning: number;
    readonly numWaiting: number;
    readonly kvCacheUsage: number;
    readonly numOpenRequests: number;
    readonly requests: {
      readonly accepted?: number;
      readonly finished?: number;
      readonly aborted?: number;
      readonly failed?: number;
    };
    readonly numPreemptions: number;
  };
  readonly seconds: readonly Second[];
  readonly requests: readonly RequestRecord[];
}
