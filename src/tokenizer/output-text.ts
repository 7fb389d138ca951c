/** The text of one request: tokens in, increments out, stop strings found and cut. */
import type { Detokenizer } from "./detokenizer.js";
import { StopStringChecker } from "./stop-strings.js";

export interface OutputTextOptions {
  /** Stop strings; default none. */
  stop?: readonly string[];
  /** A stop string, or the text of a stop token, stays in the text; default false. */
  includeStop?: boolean;
  /** Stop strings do not count in the text of the first `minTokens` tokens; default 0. */
  minTokens?: number;
}

/** Joins a detokenizer and stop strings. */
export class OutputText {
  readonly #detokenizer: Detokenizer;
  readonly #checker: StopStringChecker;
  readonly #includeStop: boolean;
  readonly #minTokens: number;
  #numTokens = 0;
  #text = "";
  /** The end of `#text` that `take` has not given out as a delta. Kept apart: slicing the long text would copy it. */
  #unsent = "";
  /** The last characters in which a stop string may have begun. */
  #recent = "";
  #isEnded = false;

  constructor(detokenizer: Detokenizer, { stop = [], includeStop = false, minTokens = 0 }: OutputTextOptions = {}) {
    this.#detokenizer = detokenizer;
    this.#checker = new StopStringChecker(stop, { includeStop });
    this.#includeStop = includeStop;
    this.#minTokens = minTokens;
  }

  /** Output tokens so far, a stop token included. */
  get numTokens(): number {
    return this.#numTokens;
  }

  /**
   * Adds the tokens of a step.
   * @param endsWithStopToken  the last id is a stop token: it counts, but gives text only with `includeStop`
   * @returns the stop string that ends the text, already cut; the caller then finishes the request
   */
  push(ids: readonly number[], { endsWithStopToken = false } = {}): { stopped?: string } {
    if (this.#isEnded || ids.length === 0) return {};
    const shown = endsWithStopToken && !this.#includeStop ? ids.slice(0, -1) : ids;
    const unchecked = Math.max(0, this.#minTokens - this.#numTokens);
    const early = unchecked === 0 ? "" : this.#append(shown.slice(0, unchecked));
    const late = this.#append(unchecked === 0 ? shown : shown.slice(unchecked));
    this.#numTokens += ids.length;
    if (this.#checker.maxLength === 0) return {};

    const window = this.#recent + early + late;
    const match = this.#numTokens > this.#minTokens ? this.#checker.check(window, late.length) : undefined;
    this.#recent = this.#checker.maxLength > 1 ? window.slice(1 - this.#checker.maxLength) : "";
    if (match === undefined) return {};
    if (match.truncateTo >= 0) this.#dropEnd(window.length - match.truncateTo);
    this.#isEnded = true;
    return { stopped: match.stop };
  }

  /**
   * Text for the caller. Until `finished`, the end in which a stop string may have begun is held back.
   * @param delta     true: what is new since the last call; false: the whole text
   * @param finished  the request is over: everything, with U+FFFD for unfinished characters
   */
  take(delta: boolean, finished: boolean): string {
    if (finished && !this.#isEnded) {
      this.#isEnded = true;
      const rest = this.#detokenizer.flush();
      this.#text += rest;
      this.#unsent += rest;
    }
    const holdBack = finished ? 0 : this.#checker.holdBack;
    if (!delta) return this.#text.slice(0, wholeCharacters(this.#text, this.#text.length - holdBack));
    const end = wholeCharacters(this.#unsent, this.#unsent.length - holdBack);
    const text = this.#unsent.slice(0, end);
    this.#unsent = this.#unsent.slice(end);
    return text;
  }

  #append(ids: readonly number[]): string {
    const text = this.#detokenizer.push(ids);
    this.#text += text;
    this.#unsent += text;
    return text;
  }

  #dropEnd(length: number): void {
    this.#text = this.#text.slice(0, this.#text.length - length);
    this.#unsent = this.#unsent.slice(0, Math.max(0, this.#unsent.length - length));
  }
}

/** `end`, or one less where it would cut a surrogate pair in two; at least 0. */
function wholeCharacters(text: string, end: number): number {
  if (end <= 0) return 0;
  if (end >= text.length) return text.length;
  const last = text.charCodeAt(end - 1);
  return last >= 0xd800 && last <= 0xdbff ? end - 1 : end;
}
