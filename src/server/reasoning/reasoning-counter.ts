/** Counts the tokens of reasoning in an output, by the tokens that open and close it. */
import type { Tokenizer } from "../../tokenizer/tokenizer.js";

/** For one output. */
export class ReasoningCounter {
  readonly #start: number | undefined;
  readonly #end: number | undefined;
  #isInside: boolean;
  #count = 0;

  /**
   * @param bounds    texts of the opening and the closing token; where they are no tokens, nothing is counted
   * @param isInside  whether the output begins inside the reasoning
   */
  constructor(
    tokenizer: Pick<Tokenizer, "tokenToId"> | undefined,
    bounds: { readonly start: string; readonly end: string },
    isInside: boolean,
  ) {
    this.#start = tokenizer?.tokenToId(bounds.start);
    this.#end = tokenizer?.tokenToId(bounds.end);
    this.#isInside = isInside && this.#end !== undefined;
  }

  get count(): number {
    return this.#count;
  }

  add(tokenIds: readonly number[]): void {
    if (this.#end === undefined) return;
    for (const id of tokenIds) {
      if (id === this.#end) this.#isInside = false;
      else if (id === this.#start) this.#isInside = true;
      else if (this.#isInside) this.#count++;
    }
  }
}
