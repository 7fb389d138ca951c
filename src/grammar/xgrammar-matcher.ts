/** XGrammarMatcher: the engine's end of a matcher that lives in a grammar thread. */
import { setImmediate as nextTurn } from "node:timers/promises";
import type { StructuredOutputs } from "../request/structured-outputs.js";
import type { GrammarMatcher } from "./backend.js";
import { HEADER_WORDS, MASK_TIME, State, STATE, TAKEN } from "./messages.js";

/** Masks that took longer are awaited before their request is in a step again. */
const SLOW_MASK_US = 5000;

/** The thread that a matcher lives in. */
export interface MatcherHome {
  /** Whether it is at something that takes more than a mask. */
  readonly isBusy: boolean;
  closeMatcher(matcher: XGrammarMatcher): void;
}

/** Knows all that is needed to be set up again in another thread. */
export class XGrammarMatcher implements GrammarMatcher {
  readonly id: number;
  readonly outputs: StructuredOutputs;
  readonly stopTokenIds: readonly number[];
  readonly shared: SharedArrayBuffer;
  readonly mask: Int32Array;
  /** All tokens that it was given. */
  readonly tokens: number[] = [];
  /** Where it lives; changes when a thread is lost. */
  host: MatcherHome;
  /** The answer that it waits for. */
  pending: Promise<void> = Promise.resolve();
  isClosed = false;
  #failure: string | undefined;
  readonly #words: Int32Array;

  /** @param vocabSize rows of the logits */
  constructor(
    id: number,
    host: MatcherHome,
    outputs: StructuredOutputs,
    stopTokenIds: readonly number[],
    vocabSize: number,
  ) {
    this.id = id;
    this.host = host;
    this.outputs = outputs;
    this.stopTokenIds = stopTokenIds;
    // One bit more than there are tokens, for the end.
    this.shared = new SharedArrayBuffer(4 * (HEADER_WORDS + Math.ceil((vocabSize + 1) / 32)));
    this.#words = new Int32Array(this.shared);
    this.#words[TAKEN] = -1;
    this.mask = this.#words.subarray(HEADER_WORDS, HEADER_WORDS + Math.ceil(vocabSize / 32));
  }

  get isReady(): boolean {
    return this.#failure !== undefined || Atomics.load(this.#words, TAKEN) === this.tokens.length;
  }

  get isPrompt(): boolean {
    return !this.host.isBusy && this.#words[MASK_TIME]! <= SLOW_MASK_US;
  }

  get mayEnd(): boolean {
    return (this.#words[STATE]! & State.mayEnd) !== 0;
  }

  get isComplete(): boolean {
    return (this.#words[STATE]! & State.complete) !== 0;
  }

  get failure(): string | undefined {
    if (this.#failure !== undefined) return this.#failure;
    return (this.#words[STATE]! & State.failed) === 0
      ? undefined
      : "a token was sampled that the grammar does not allow";
  }

  async ready(): Promise<void> {
    while (!this.isReady && !this.isClosed) {
      const { pending } = this;
      await pending;
      // Its thread was lost at this very moment: who replaces it needs the event loop.
      if (!this.isReady && this.pending === pending) await nextTurn();
    }
  }

  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.host.closeMatcher(this);
  }

  /** It cannot go on. */
  fail(reason: string): void {
    this.#failure ??= reason;
  }
}
