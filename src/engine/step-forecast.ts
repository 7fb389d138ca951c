/** StepForecast: how long a step will take, by the last steps with as many tokens. */

/** Planning, and the inaccuracy of timers, in milliseconds. */
const LEAD_MS = 2.5;
/** How much of a step it may be quicker than any before. */
const LEAD_SHARE = 0.04;
/** To wait until then costs the event loop a turn more; shorter steps are not worth that, */
const SHORT_MS = 20;
/** or only while requests keep coming, */
const SHORT_IN_TRAFFIC_MS = 6;
/** the last one not longer ago than this. */
const TRAFFIC_MS = 1000;
/** How far a slower step than usual moves the forecast: mostly the machine was busy. */
const SLOWLY = 1 / 8;

/**
 * A step is planned while another one computes, but as late as possible: requests that come meanwhile are in it, and those that
 * end are not. Too late would mean that compute waits, so the forecast rather falls short.
 */
export class StepForecast {
  readonly #byTokens = new Map<number, number>();
  #arrivedMs = -Infinity;

  /** A step of so many tokens ran so long. */
  add(numTokens: number, nativeMs: number): void {
    const old = this.#byTokens.get(numTokens) ?? nativeMs;
    this.#byTokens.set(numTokens, nativeMs < old ? nativeMs : old + (nativeMs - old) * SLOWLY);
  }

  /** A request came while others were under way. */
  arrived(nowMs: number): void {
    this.#arrivedMs = nowMs;
  }

  /**
   * Milliseconds from `nowMs` until the next step should be planned, while one of `numTokens` tokens runs since `beganMs`; 0: now.
   * A step of a size that was not seen yet may end at any moment, and a short one keeps nobody waiting.
   */
  delay(numTokens: number, beganMs: number, nowMs: number): number {
    const expected = this.#byTokens.get(numTokens);
    const short = nowMs - this.#arrivedMs < TRAFFIC_MS ? SHORT_IN_TRAFFIC_MS : SHORT_MS;
    if (expected === undefined || expected < short) return 0;
    return Math.max(0, beganMs + expected * (1 - LEAD_SHARE) - LEAD_MS - nowMs);
  }
}
