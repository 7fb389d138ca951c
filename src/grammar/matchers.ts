/** Matchers: where each output stands in its grammar; masks go into memory that the engine shares. */
import type { GrammarMatcher } from "@mlc-ai/web-xgrammar";
import type { Compiler } from "./compiler.js";
import { HEADER_WORDS, MASK_TIME, State, STATE, TAKEN } from "./messages.js";
import type { ToThread } from "./messages.js";

interface Entry {
  readonly matcher: GrammarMatcher;
  readonly words: Int32Array;
  readonly stopTokenIds: ReadonlySet<number>;
  readonly compiler: Compiler;
  numTaken: number;
  mayEnd: boolean;
  isEnded: boolean;
}

/** Of one grammar thread. */
export class Matchers {
  readonly #entries = new Map<number, Entry>();

  async open(compiler: Compiler, message: Extract<ToThread, { type: "open" }>): Promise<void> {
    const stopTokenIds = new Set(message.stopTokenIds.filter((id) => id < compiler.vocabSize));
    const matcher = await compiler.matcher(message.grammar);
    const words = new Int32Array(message.shared);
    const numTaken = message.tokens.length;
    const entry: Entry = { matcher, words, stopTokenIds, compiler, numTaken, mayEnd: false, isEnded: false };
    this.#entries.set(message.matcher, entry);
    await write(
      entry,
      message.tokens.every((token) => matcher.acceptToken(token)),
    );
  }

  /** A token that is not allowed makes the matcher fail; a failed one stays so. */
  async advance(id: number, token: number): Promise<void> {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    const isFailed = (entry.words[STATE]! & State.failed) !== 0;
    entry.numTaken++;
    if (entry.stopTokenIds.has(token)) entry.isEnded = true;
    await write(entry, !isFailed && (entry.isEnded ? entry.mayEnd : entry.matcher.acceptToken(token)));
  }

  close(id: number): void {
    this.#entries.get(id)?.matcher.dispose();
    this.#entries.delete(id);
  }
}

async function write(entry: Entry, isTaken: boolean): Promise<void> {
  const { matcher, words, isEnded } = entry;
  const start = performance.now();
  let state: number = State.failed;
  if (isTaken && (isEnded || matcher.isTerminated())) state = State.mayEnd | State.complete;
  else if (isTaken) {
    const mask = await matcher.getNextTokenBitmask();
    state = finish(mask, entry);
    words.set(mask, HEADER_WORDS);
  }
  entry.mayEnd = (state & State.mayEnd) !== 0;
  words[STATE] = state;
  words[MASK_TIME] = Math.min(1e9, 1000 * (performance.now() - start));
  Atomics.store(words, TAKEN, entry.numTaken);
}

/** Puts the request's own stop tokens where the output may end, and takes away what is no token. Returns the state. */
function finish(mask: Int32Array, { compiler, stopTokenIds }: Entry): number {
  const { vocabSize, numTokens } = compiler;
  const mayEnd = (mask[vocabSize >> 5]! & (1 << (vocabSize & 31))) !== 0;
  for (const id of stopTokenIds) mask[id >> 5]! &= ~(1 << (id & 31));
  const last = numTokens >> 5;
  mask[last]! &= (1 << (numTokens & 31)) - 1;
  mask.fill(0, last + 1);
  if (!mayEnd) return 0;
  const isComplete = mask.every((word) => word === 0);
  for (const id of stopTokenIds) mask[id >> 5]! |= 1 << (id & 31);
  return isComplete ? State.mayEnd | State.complete : State.mayEnd;
}
