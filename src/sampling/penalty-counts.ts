/** How often each token occurred: what repetition, frequency and presence penalty need, kept up as tokens come. */
import type { SamplingParams } from "../request/sampling-params.js";

/** Tokens that occurred, each with its count in the output. Grows by the new tokens of a step alone. */
export class PenaltyCounts {
  private pairs: Int32Array;
  private numPairs = 0;
  private numCounted = 0;
  private readonly indexOf = new Map<number, number>();
  private readonly promptTokenIds: readonly number[];

  /** @param promptTokenIds tokens that count as seen (0 times in the output); empty when only the output matters */
  constructor(promptTokenIds: readonly number[]) {
    this.promptTokenIds = promptTokenIds;
    this.pairs = new Int32Array(128);
    for (const id of promptTokenIds) this.find(id);
  }

  /** Counts output tokens that came since the last call; starts anew when there are fewer than then. */
  update(outputTokenIds: readonly number[]): void {
    if (outputTokenIds.length < this.numCounted) {
      this.indexOf.clear();
      this.numPairs = this.numCounted = 0;
      for (const id of this.promptTokenIds) this.find(id);
    }
    for (; this.numCounted < outputTokenIds.length; this.numCounted++) {
      const at = 2 * this.find(outputTokenIds[this.numCounted]!) + 1;
      this.pairs[at] = this.pairs[at]! + 1;
    }
  }

  /** Pairs (token id, count in the output), each id once. Valid until the next update. */
  get entries(): Int32Array {
    return this.pairs.subarray(0, 2 * this.numPairs);
  }

  private find(id: number): number {
    let index = this.indexOf.get(id);
    if (index !== undefined) return index;
    index = this.numPairs++;
    if (2 * this.numPairs > this.pairs.length) {
      const larger = new Int32Array(2 * this.pairs.length);
      larger.set(this.pairs);
      this.pairs = larger;
    }
    this.pairs[2 * index] = id;
    this.pairs[2 * index + 1] = 0;
    this.indexOf.set(id, index);
    return index;
  }
}

/** Counts for a request, or null when its parameters have no penalty. Prompt tokens matter to the repetition penalty alone. */
export function createPenaltyCounts(params: SamplingParams, promptTokenIds: readonly number[]): PenaltyCounts | null {
  if (params.repetitionPenalty !== 1) return new PenaltyCounts(promptTokenIds);
  return params.frequencyPenalty !== 0 || params.presencePenalty !== 0 ? new PenaltyCounts([]) : null;
}
