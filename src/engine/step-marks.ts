/** StepMarks: the core's times that go to the front with a step's outputs. On the core's clock: only differences mean anything there. */

/** A request that was scheduled for the first time: its core id, when the core got it, when it was scheduled. Milliseconds. */
export type RequestStart = readonly [requestId: string, queuedMs: number, scheduledMs: number];

/** Plain data, once per step. */
export interface StepMarks {
  /** When the step's results were taken up: the time of all its tokens. */
  readonly endMs: number;
  /** Requests that were scheduled for the first time since the last marks. */
  readonly starts: readonly RequestStart[];
}

/** Collects them in the core. */
export class StepMarker {
  /** Requests that have not been scheduled, and when they came. */
  readonly #queued = new Map<string, number>();
  #starts: RequestStart[] = [];
  #endMs = 0;

  queued(requestId: string, timeMs: number): void {
    this.#queued.set(requestId, timeMs);
  }

  /** Requests that a step takes in. Those that come back after a preemption had their start. */
  scheduled(requests: readonly { readonly requestId: string }[], timeMs: number): void {
    for (const { requestId } of requests) {
      const queuedMs = this.#queued.get(requestId);
      if (queuedMs === undefined) continue;
      this.#queued.delete(requestId);
      this.#starts.push([requestId, queuedMs, timeMs]);
    }
  }

  /** A request that ended, perhaps before it was scheduled. */
  ended(requestId: string): void {
    this.#queued.delete(requestId);
  }

  stepped(timeMs: number): void {
    this.#endMs = timeMs;
  }

  /** What came since the last call. */
  take(): StepMarks {
    const starts = this.#starts;
    if (starts.length > 0) this.#starts = [];
    return { endMs: this.#endMs, starts };
  }
}
