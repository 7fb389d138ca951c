/** ThinkingLimit: ends a request's reasoning when its budget is used up. */
import type { ThinkingBudget } from "../request/sampling-params.js";

/** Walks along a request's tokens. Reasoning may begin several times; each time has the whole budget. */
export class ThinkingLimit {
  readonly #budget: ThinkingBudget;
  /** The tokens so far, as far as a start or an end could still be completed by the next one. */
  readonly #tail: number[] = [];
  readonly #tailLength: number;
  /** Tokens of reasoning so far; -1: outside. */
  #numThinking: number;
  #numRead = 0;

  constructor(budget: ThinkingBudget, promptTokenIds: readonly number[]) {
    this.#budget = budget;
    this.#tailLength = Math.max(budget.startTokenIds.length, budget.endTokenIds.length);
    this.#numThinking = -1;
    for (const id of promptTokenIds) this.#read(id);
    if (budget.startTokenIds.length === 0) this.#numThinking = 0;
  }

  /** The next token, where the budget decides it. @param outputTokenIds all of them; more than in the last call */
  forcedTokenId(outputTokenIds: readonly number[]): number | undefined {
    while (this.#numRead < outputTokenIds.length) this.#read(outputTokenIds[this.#numRead++]!);
    const { maxTokens, endTokenIds } = this.#budget;
    if (this.#numThinking < maxTokens) return undefined;
    // What of the end is there already goes on.
    let numThere = endTokenIds.length - 1;
    while (numThere > 0 && !this.#endsWith(endTokenIds.slice(0, numThere))) numThere--;
    return endTokenIds[numThere];
  }

  #read(id: number): void {
    this.#tail.push(id);
    if (this.#tail.length > this.#tailLength) this.#tail.shift();
    const { startTokenIds, endTokenIds } = this.#budget;
    if (startTokenIds.length > 0 && this.#endsWith(startTokenIds)) this.#numThinking = 0;
    else if (this.#numThinking >= 0) this.#numThinking = this.#endsWith(endTokenIds) ? -1 : this.#numThinking + 1;
  }

  #endsWith(ids: readonly number[]): boolean {
    const offset = this.#tail.length - ids.length;
    return offset >= 0 && ids.every((id, i) => this.#tail[offset + i] === id);
  }
}
