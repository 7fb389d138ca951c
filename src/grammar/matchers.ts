/** Matchers: where each output stands in its grammar; masks go into memory that the engine shares. */
import type { GrammarMatcher } from "@mlc-ai/web-xgrammar";
import type { Compiler } from "./compiler.js";
import { HEADER_WORDS, MASK_TIME, State, STATE, TAKEN } from "./messages.js";
import type { ToThread } from "./messages.js";

interface Entry {
  readonly matcher: GrammarMatcher;
  readonly words: Int32Array;
  readonly stopTokenIds: readonly number[];
  readonly vocabSize: number;
  numTaken: number;
}

/** Of one grammar thread. */
export class Matchers {
  readonly #entries = new Map<number, Entry>();

  async open(compiler: Compiler, message: Extract<ToThread, { type: "open" }>): Promise<void> {
    const { vocabSize } = compiler;
    const stopTokenIds = message.stopTokenIds.filter((id) => id < vocabSize);
    const matcher = await compiler.matcher(message.grammar, stopTokenIds);
    const words = new Int32Array(message.shared);
    const entry: Entry = { matcher, words, stopTokenIds, vocabSize, numTaken: message.tokens.length };
    this.#entries.set(message.matcher, entry);
    const isTaken = message.tokens.every((token) => matcher.acceptToken(token));
    await this.#write(entry, isTaken);
  }

  /** A token that is not allowed makes the matcher fail; a failed one stays so. */
  async advance(id: number, token: number): Promise<void> {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    const isFailed = (entry.words[STATE]! & State.failed) !== 0;
    entry.numTaken++;
    await this.#write(entry, !isFailed && entry.matcher.acceptToken(token));
  }

  close(id: number): void {
    this.#entries.get(id)?.matcher.dispose();
    this.#entries.delete(id);
  }

  async #write(entry: Entry, isTaken: boolean): Promise<void> {
    const { matcher, words, vocabSize } = entry;
    const start = performance.now();
    let state: number = State.failed;
    if (isTaken) {
      if (matcher.isTerminated()) state = State.mayEnd | State.complete;
      else {
        const mask = await matcher.getNextTokenBitmask();
        state = stateOf(mask, vocabSize, entry.stopTokenIds);
        words.set(mask, HEADER_WORDS);
      }
    }
    words[STATE] = state;
    words[MASK_TIME] = Math.min(1e9, 1000 * (performance.now() - start));
    Atomics.store(words, TAKEN, entry.numTaken);
  }
}

/** What a mask says; its bit for the end goes away. */
function stateOf(mask: Int32Array, vocabSize: number, stopTokenIds: readonly number[]): number {
  const [end, bit] = [vocabSize >> 5, 1 << (vocabSize & 31)];
  const mayEnd = (mask[end]! & bit) !== 0;
  mask[end]! &= ~bit;
  if (!mayEnd) return 0;
  const others = stopTokenIds.filter((id) => (mask[id >> 5]! & (1 << (id & 31))) !== 0);
  for (const id of others) mask[id >> 5]! &= ~(1 << (id & 31));
  const isComplete = mask.every((word) => word === 0);
  for (const id of others) mask[id >> 5]! |= 1 << (id & 31);
  return isComplete ? State.mayEnd | State.complete : State.mayEnd;
}
