/** Checkers: threads in which a grammar shows that it is right, before any thread that serves others sees it. */
import type { StructuredOutputs } from "../request/structured-outputs.js";
import { RequestError } from "../util/errors.js";
import { messageOf } from "../util/text.js";
import { fieldError } from "./field-error.js";
import type { GrammarSpec } from "./grammar-spec.js";
import { GrammarThread } from "./thread.js";

const MAX_CHECKERS = 2;
/** Grammars that may wait for a checker; more are refused. */
const MAX_WAITING = 128;

export class Checkers {
  readonly #limitMs: number;
  readonly #idle: GrammarThread[] = [];
  readonly #all = new Set<GrammarThread>();
  readonly #queue: ((thread: GrammarThread) => void)[] = [];

  /** @param limitMs for one grammar */
  constructor(limitMs: number) {
    this.#limitMs = limitMs;
  }

  /** @throws RequestError (as a rejection) */
  async check(outputs: StructuredOutputs): Promise<GrammarSpec> {
    const thread = await this.#take(outputs.field);
    try {
      const { spec } = await thread.ask({ type: "check", outputs }, this.#limitMs);
      return spec!;
    } catch (error) {
      if (error instanceof RequestError) throw error;
      throw fieldError(outputs.field, `it cannot be compiled: ${messageOf(error)}`);
    } finally {
      this.#give(thread);
    }
  }

  async close(): Promise<void> {
    this.#queue.length = 0;
    await Promise.all([...this.#all].map((thread) => thread.kill()));
  }

  #take(field: string): Promise<GrammarThread> {
    const idle = this.#idle.pop();
    if (idle !== undefined) return Promise.resolve(idle);
    if (this.#all.size < MAX_CHECKERS) return Promise.resolve(this.#start());
    if (this.#queue.length >= MAX_WAITING) {
      const message = `${field}: too many new grammars wait to be compiled; try again later`;
      return Promise.reject(new RequestError(message, { status: 503, code: "UNAVAILABLE" }));
    }
    return new Promise((resolve) => this.#queue.push(resolve));
  }

  #start(): GrammarThread {
    const thread = new GrammarThread();
    this.#all.add(thread);
    thread.onEnd = () => {
      this.#all.delete(thread);
      const place = this.#idle.indexOf(thread);
      if (place >= 0) this.#idle.splice(place, 1);
    };
    return thread;
  }

  /** To who waits; a thread that ended is replaced for that. */
  #give(thread: GrammarThread): void {
    const next = this.#queue.shift();
    if (next !== undefined) next(thread.isEnded ? this.#start() : thread);
    else if (!thread.isEnded) this.#idle.push(thread);
  }
}
