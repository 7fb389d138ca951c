/** Spread: how some times lie: how many, their sum, the largest, and percentiles. */

/** Times of which percentiles are made; of more of them a random choice is kept. */
const MAX_KEPT = 256;

/** Milliseconds. All 0 if there were none. */
export interface SpreadFigures {
  readonly count: number;
  readonly sumMs: number;
  readonly maxMs: number;
  readonly p50Ms: number;
  readonly p90Ms: number;
  readonly p99Ms: number;
}

/** Takes times in one after the other. */
export class Spread {
  #count = 0;
  #sum = 0;
  #max = 0;
  readonly #kept: number[] = [];

  add(ms: number): void {
    this.#count++;
    this.#sum += ms;
    if (ms > this.#max) this.#max = ms;
    if (this.#kept.length < MAX_KEPT) this.#kept.push(ms);
    else {
      const place = Math.floor(Math.random() * this.#count);
      if (place < MAX_KEPT) this.#kept[place] = ms;
    }
  }

  figures(): SpreadFigures {
    const sorted = this.#kept.toSorted((a, b) => a - b);
    const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
    return {
      count: this.#count,
      sumMs: this.#sum,
      maxMs: this.#max,
      p50Ms: at(0.5),
      p90Ms: at(0.9),
      p99Ms: at(0.99),
    };
  }
}
