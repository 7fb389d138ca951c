/** Buckets of the histograms: vLLM's, so that its dashboards and alerts work as they are. Times are in seconds. */

/** Arrival to first token. */
export const FIRST_TOKEN_SECONDS = [
  0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80, 160, 640, 2560,
];
/** Between two tokens, and per output token of a request. */
export const TOKEN_SECONDS = [
  0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80,
];
/** Whole requests and their phases. */
export const REQUEST_SECONDS = [
  0.3, 0.5, 0.8, 1, 1.5, 2, 2.5, 5, 10, 15, 20, 30, 40, 50, 60, 120, 240, 480, 960, 1920, 7680,
];
/** Tokens of one step. */
export const STEP_TOKENS = [1, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384];
/** The request's `n`. */
export const N_OUTPUTS = [1, 2, 5, 10, 20];

/** 1, 2, 5, 10, 20, 50, ... as far as `max` goes. */
export function tokenCounts(max: number): number[] {
  const bounds: number[] = [];
  for (let scale = 1; ; scale *= 10) {
    for (const digit of [1, 2, 5]) {
      if (digit * scale > max) return bounds;
      bounds.push(digit * scale);
    }
  }
}

/** HTTP durations by endpoint: few. */
export const HTTP_SECONDS = [0.1, 0.5, 1];
/** HTTP durations over all endpoints: many. */
export const HTTP_FINE_SECONDS = [
  0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5, 7.5, 10, 30, 60,
];
/** Compiling a grammar. */
export const COMPILE_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
