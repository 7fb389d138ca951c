/** GrammarHost: a grammar thread that holds compiled grammars, and matchers of running requests. */
import type { GrammarSpec } from "./grammar-spec.js";
import type { Answer } from "./thread.js";
import { GrammarThread } from "./thread.js";
import type { PackedVocabulary } from "./vocabulary.js";
import type { XGrammarMatcher } from "./xgrammar-matcher.js";

/** Grammars that a thread keeps when nobody uses them. */
const MAX_GRAMMARS = 256;
/** Beyond this it keeps none that nobody uses. */
const MAX_MEMORY_BYTES = 384 * 1024 * 1024;
/** To take the vocabulary in: 0.3 s on one core. */
const START_LIMIT_MS = 30_000;

interface Compiled {
  readonly id: number;
  numMatchers: number;
}

export class GrammarHost {
  readonly thread = new GrammarThread();
  readonly matchers = new Set<XGrammarMatcher>();
  /** By key, least recently used first. */
  readonly #grammars = new Map<string, Compiled>();
  readonly #keyOf = new Map<XGrammarMatcher, string>();
  readonly #started: Promise<Answer>;
  #serial = 0;
  #numLong = 1;
  #memoryBytes = 0;
  /** One compilation at a time, so that each gets its time. */
  #compiling: Promise<unknown>;

  constructor(vocabulary: PackedVocabulary) {
    this.#started = this.thread.ask({ type: "vocabulary", vocabulary }, START_LIMIT_MS);
    this.#started.then(
      () => this.#numLong--,
      () => undefined,
    );
    this.#compiling = this.#started.catch(() => undefined);
  }

  /** Whether it is at something that takes more than a mask. */
  get isBusy(): boolean {
    return this.#numLong > 0;
  }

  /** Whether it can be given up without anybody's notice. */
  get isExhausted(): boolean {
    return this.matchers.size === 0 && !this.isBusy && this.#memoryBytes > MAX_MEMORY_BYTES;
  }

  has(key: string): boolean {
    return !this.thread.isEnded && this.#grammars.has(key);
  }

  /** @throws ThreadLostError, RequestError (as a rejection); the thread is lost then */
  compile(key: string, spec: GrammarSpec, limitMs: number): Promise<void> {
    this.#numLong++;
    const compiled = this.#compiling.then(() => this.#compile(key, spec, limitMs));
    this.#compiling = compiled.catch(() => undefined);
    return compiled.finally(() => this.#numLong--);
  }

  /** @throws ThreadLostError (as a rejection) */
  async openMatcher(matcher: XGrammarMatcher, key: string, limitMs: number): Promise<void> {
    const compiled = this.#grammars.get(key)!;
    this.#grammars.delete(key);
    this.#grammars.set(key, compiled);
    compiled.numMatchers++;
    this.matchers.add(matcher);
    this.#keyOf.set(matcher, key);
    matcher.host = this;
    const { id, stopTokenIds, shared } = matcher;
    const tokens = matcher.tokens.slice();
    await this.thread.ask({ type: "open", matcher: id, grammar: compiled.id, stopTokenIds, tokens, shared }, limitMs);
  }

  closeMatcher(matcher: XGrammarMatcher): void {
    if (!this.matchers.delete(matcher)) return;
    const key = this.#keyOf.get(matcher)!;
    this.#keyOf.delete(matcher);
    this.#grammars.get(key)!.numMatchers--;
    this.thread.tell({ type: "close", matchers: [matcher.id] });
  }

  async #compile(key: string, spec: GrammarSpec, limitMs: number): Promise<void> {
    if (this.#grammars.has(key)) return;
    this.#dropUnused();
    const id = this.#serial++;
    const { memoryBytes } = await this.thread.ask({ type: "compile", grammar: id, spec }, limitMs);
    this.#memoryBytes = memoryBytes;
    this.#grammars.set(key, { id, numMatchers: 0 });
  }

  #dropUnused(): void {
    const unused = [...this.#grammars].filter(([, { numMatchers }]) => numMatchers === 0);
    const isFull = this.#memoryBytes > MAX_MEMORY_BYTES;
    const dropped = unused.slice(0, isFull ? unused.length : Math.max(0, this.#grammars.size - MAX_GRAMMARS + 1));
    for (const [key] of dropped) this.#grammars.delete(key);
    if (dropped.length > 0) this.thread.tell({ type: "drop", grammars: dropped.map(([, { id }]) => id) });
  }
}
