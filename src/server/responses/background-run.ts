/** BackgroundRun: a response that is made whether or not anybody waits for it; its events can be read from any place on. */
import type { ResponseEvent } from "./response-writer.js";

export class BackgroundRun {
  /** Characters of all events, about; for bounds. */
  numBytes = 0;
  readonly #events: ResponseEvent[] = [];
  readonly #cancel: () => void;
  #isOver = false;
  #waiting: (() => void)[] = [];

  /** @param cancel ends it in the engine */
  constructor(cancel: () => void) {
    this.#cancel = cancel;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  add(events: readonly ResponseEvent[]): void {
    if (events.length === 0) return;
    for (const event of events) this.numBytes += 2 * JSON.stringify(event).length;
    this.#events.push(...events);
    this.#wake();
  }

  /** No more events come. */
  end(): void {
    this.#isOver = true;
    this.#wake();
  }

  cancel(): void {
    this.#cancel();
  }

  /** Events after the one of this number, until the end. Leaving the loop early changes nothing. */
  async *read(after: number): AsyncGenerator<ResponseEvent[]> {
    for (let next = Math.max(0, after + 1); ;) {
      if (next < this.#events.length) {
        const events = this.#events.slice(next);
        next += events.length;
        yield events;
      } else if (this.#isOver) return;
      else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }
}
