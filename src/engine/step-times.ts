/** StepTimes: how long the last steps took, and how much of that the native programs ran. */

/** Steps that are looked back on. */
const CAPACITY = 256;

/** Medians over the last steps, in milliseconds; zeros before the first one. */
export interface RecentSteps {
  /** Steps that the medians are of: at most 256. */
  readonly count: number;
  /** From the start of scheduling to the end of taking up the results. */
  readonly wallMs: number;
  /** Inside native programs. */
  readonly nativeMs: number;
  /** Wall time less native time, step by step: JavaScript that compute waits for, and waking threads. */
  readonly outsideMs: number;
}

/** A ring of the last steps; adding one costs next to nothing. */
export class StepTimes {
  readonly #wall = new Float64Array(CAPACITY);
  readonly #native = new Float64Array(CAPACITY);
  #added = 0;

  add(wallMs: number, nativeMs: number): void {
    const at = this.#added++ % CAPACITY;
    this.#wall[at] = wallMs;
    this.#native[at] = nativeMs;
  }

  /** @param lastSteps of so many steps at most */
  recent(lastSteps = CAPACITY): RecentSteps {
    const count = Math.max(0, Math.min(lastSteps, this.#added, CAPACITY));
    const at = (i: number): number => (this.#added - count + i) % CAPACITY;
    const wall = new Float64Array(count).map((_, i) => this.#wall[at(i)]!);
    const native = new Float64Array(count).map((_, i) => this.#native[at(i)]!);
    const outside = wall.map((value, i) => value - native[i]!);
    return { count, wallMs: median(wall), nativeMs: median(native), outsideMs: median(outside) };
  }
}

/** Sorts in place. */
function median(values: Float64Array): number {
  values.sort();
  const middle = values.length >> 1;
  if (values.length % 2 === 1) return values[middle]!;
  return values.length === 0 ? 0 : (values[middle - 1]! + values[middle]!) / 2;
}
