/** XGrammarBackend: grammars and matchers in a few threads; a thread that fails or hangs is replaced, and its matchers move. */
import type { StructuredOutputs } from "../request/structured-outputs.js";
import { RequestError } from "../util/errors.js";
import { messageOf } from "../util/text.js";
import type { GrammarBackend, GrammarMatcher } from "./backend.js";
import { Checkers } from "./checkers.js";
import { fieldError } from "./field-error.js";
import { GrammarHost } from "./grammar-host.js";
import { grammarKey } from "./grammar-key.js";
import type { GrammarSpec } from "./grammar-spec.js";
import type { PackedVocabulary } from "./vocabulary.js";
import { XGrammarMatcher } from "./xgrammar-matcher.js";

/** Threads that hold grammars; a new grammar goes to one that serves nobody, as long as there may be more. */
const MAX_HOSTS = 3;
/** Grammars that are known to be right, by their key. */
const MAX_KNOWN = 1024;
/** Characters of all known ones together. */
const MAX_KNOWN_LENGTH = 64 * 1024 * 1024;

/** For the masks of one step; they take microseconds. */
const MASK_LIMIT_MS = 5000;

export interface XGrammarOptions {
  readonly vocabulary: PackedVocabulary;
  /** For checking a grammar, and for compiling it. Default 20 s. */
  readonly limitMs?: number;
}

export class XGrammarBackend implements GrammarBackend {
  readonly #vocabulary: PackedVocabulary;
  readonly #vocabSize: number;
  readonly #limitMs: number;
  readonly #checkers: Checkers;
  readonly #hosts = new Set<GrammarHost>();
  /** Least recently used first. */
  readonly #known = new Map<string, GrammarSpec>();
  #knownLength = 0;
  readonly #compiling = new Map<string, Promise<GrammarHost>>();
  #serial = 0;
  #isClosed = false;

  constructor({ vocabulary, limitMs = 20_000 }: XGrammarOptions) {
    this.#vocabulary = vocabulary;
    this.#vocabSize = vocabulary.offsets.length - 1;
    this.#limitMs = limitMs;
    this.#checkers = new Checkers(limitMs);
    this.#addHost();
  }

  /** For tests: the threads that hold matchers. */
  get hosts(): readonly GrammarHost[] {
    return [...this.#hosts];
  }

  async compile(outputs: StructuredOutputs): Promise<void> {
    await this.#hostOf(outputs);
  }

  async open(outputs: StructuredOutputs, stopTokenIds: readonly number[]): Promise<GrammarMatcher> {
    const host = await this.#hostOf(outputs);
    const matcher = new XGrammarMatcher(this.#serial++, host, outputs, stopTokenIds, this.#vocabSize);
    matcher.pending = this.#open(matcher, host);
    await matcher.ready();
    if (matcher.failure !== undefined) {
      matcher.close();
      throw fieldError(outputs.field, matcher.failure);
    }
    return matcher;
  }

  advance(steps: readonly (readonly [matcher: GrammarMatcher, tokenId: number])[]): void {
    const pairs = new Map<GrammarHost, number[]>();
    const taking = new Map<GrammarHost, XGrammarMatcher[]>();
    for (const [one, tokenId] of steps) {
      const matcher = one as XGrammarMatcher;
      matcher.tokens.push(tokenId);
      if (matcher.failure !== undefined || matcher.isClosed) continue;
      const { id } = matcher;
      const host = matcher.host as GrammarHost;
      // One that moves takes its tokens along.
      if (!host.matchers.has(matcher)) continue;
      if (!pairs.has(host)) {
        pairs.set(host, []);
        taking.set(host, []);
      }
      pairs.get(host)!.push(id, tokenId);
      taking.get(host)!.push(matcher);
    }
    for (const [host, matchers] of taking) {
      // What was begun before may take its own time.
      const limitMs = host.isBusy ? this.#limitMs + MASK_LIMIT_MS : MASK_LIMIT_MS;
      const answered = host.thread.ask({ type: "advance", pairs: pairs.get(host)! }, limitMs);
      const done = answered.then(
        () => undefined,
        (error) =>
          this.#replace(
            host,
            matchers.find((matcher) => !matcher.isReady),
            messageOf(error),
          ),
      );
      for (const matcher of matchers) matcher.pending = done;
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([...[...this.#hosts].map(({ thread }) => thread.kill()), this.#checkers.close()]);
  }

  /** A thread that has the grammar compiled. */
  async #hostOf(outputs: StructuredOutputs): Promise<GrammarHost> {
    const key = grammarKey(outputs);
    for (const host of this.#hosts) if (host.has(key)) return host;
    const running = this.#compiling.get(key) ?? this.#compile(key, outputs);
    this.#compiling.set(key, running);
    try {
      return await running;
    } catch (error) {
      // Who asked second has a field of his own.
      if (!(error instanceof RequestError) || error.status !== 400) throw error;
      const [, ...words] = error.message.split(": ");
      throw error.message.startsWith(`${outputs.field}`) ? error : fieldError(outputs.field, words.join(": "));
    } finally {
      this.#compiling.delete(key);
    }
  }

  async #compile(key: string, outputs: StructuredOutputs): Promise<GrammarHost> {
    const spec = this.#known.get(key) ?? (await this.#checkers.check(outputs));
    this.#remember(key, spec);
    const host = this.#freeHost();
    try {
      await host.compile(key, spec, this.#limitMs);
    } catch (error) {
      void this.#replace(host, undefined, "");
      throw fieldError(outputs.field, `it cannot be compiled for this vocabulary: ${messageOf(error)}`);
    }
    return host;
  }

  /** One that serves nobody, else a new one, else the one that serves the fewest. */
  #freeHost(): GrammarHost {
    for (const host of this.#hosts) if (host.isExhausted) void this.#drop(host);
    const hosts = [...this.#hosts];
    const idle = hosts.find((host) => host.matchers.size === 0 && !host.isBusy);
    if (idle !== undefined) return idle;
    const starting = hosts.find((host) => host.matchers.size === 0);
    if (starting !== undefined && hosts.length === 1) return starting;
    if (hosts.length < MAX_HOSTS) return this.#addHost();
    return hosts.reduce((best, host) => (host.matchers.size < best.matchers.size ? host : best));
  }

  #addHost(): GrammarHost {
    const host = new GrammarHost(this.#vocabulary);
    this.#hosts.add(host);
    host.thread.onEnd = () => void this.#replace(host, undefined, "");
    return host;
  }

  #drop(host: GrammarHost): Promise<void> {
    this.#hosts.delete(host);
    return host.thread.kill();
  }

  /** @returns when the matcher is ready, or has failed */
  async #open(matcher: XGrammarMatcher, host: GrammarHost): Promise<void> {
    try {
      await host.openMatcher(matcher, grammarKey(matcher.outputs), this.#limitMs);
    } catch (error) {
      await this.#replace(host, matcher, messageOf(error));
    }
  }

  /**
   * Gives a thread up, and moves its matchers to others.
   * @param culprit the matcher that the thread was lost with
   */
  async #replace(host: GrammarHost, culprit: XGrammarMatcher | undefined, reason: string): Promise<void> {
    culprit?.fail(`the grammar engine could not go on: ${reason}`);
    const isFirst = this.#hosts.delete(host);
    if (isFirst) void host.thread.kill();
    const moving = [...host.matchers].filter((matcher) => matcher.failure === undefined && !matcher.isClosed);
    host.matchers.clear();
    if (this.#isClosed) for (const matcher of moving) matcher.fail("the engine was closed");
    else {
      const moved = moving.map((matcher) => (matcher.pending = this.#move(matcher)));
      await Promise.all(moved);
    }
  }

  async #move(matcher: XGrammarMatcher): Promise<void> {
    try {
      const host = await this.#hostOf(matcher.outputs);
      if (!matcher.isClosed) await this.#open(matcher, host);
    } catch (error) {
      matcher.fail(messageOf(error));
    }
  }

  #remember(key: string, spec: GrammarSpec): void {
    if (!this.#known.delete(key)) this.#knownLength += key.length + spec.text.length;
    this.#known.set(key, spec);
    for (const [oldest, { text }] of this.#known) {
      if (this.#known.size <= MAX_KNOWN && this.#knownLength <= MAX_KNOWN_LENGTH) break;
      this.#known.delete(oldest);
      this.#knownLength -= oldest.length + text.length;
    }
  }
}
