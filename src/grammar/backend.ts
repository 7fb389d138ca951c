/** GrammarBackend: what the engine needs of a grammar engine. */
import type { StructuredOutputs } from "../request/structured-outputs.js";

/** Where one output stands in its grammar. */
export interface GrammarMatcher {
  /** Whether the mask for the next token is there. */
  readonly isReady: boolean;
  /** Whether it will be there soon; false while its thread is at something long, or its masks have been slow. */
  readonly isPrompt: boolean;
  /** Which tokens may come next, bit i % 32 of word i / 32; to be read when ready. [ceil(vocabSize / 32)] */
  readonly mask: Int32Array;
  /** The output may end here; when ready. */
  readonly mayEnd: boolean;
  /** Nothing can follow but an end; when ready. */
  readonly isComplete: boolean;
  /** Why it cannot go on; undefined while it can. */
  readonly failure: string | undefined;
  /** Settles when it is ready. Never rejects. */
  ready(): Promise<void>;
  close(): void;
}

export interface GrammarBackend {
  /**
   * Makes sure that the form is right, and that it can be compiled within the time limit.
   * @throws RequestError (as a rejection) naming the field, with the grammar engine's words
   */
  compile(outputs: StructuredOutputs): Promise<void>;
  /**
   * A matcher that has its first mask.
   *
   * @param stopTokenIds tokens that end the output; allowed exactly where the grammar may end
   * @throws RequestError (as a rejection), as `compile`
   */
  open(outputs: StructuredOutputs, stopTokenIds: readonly number[]): Promise<GrammarMatcher>;
  /** Matchers take the token that was sampled, and begin to compute the next mask. */
  advance(steps: readonly (readonly [matcher: GrammarMatcher, tokenId: number])[]): void;
  /** Ends all threads. */
  close(): Promise<void>;
}
