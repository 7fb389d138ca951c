/** The requests under way, so that they can be waited for or ended when the server stops. */
import { setMaxListeners } from "node:events";

export class OpenRequests {
  readonly #open = new Set<AbortController>();
  #isClosing = false;
  #onEmpty: () => void = () => {};

  /** The server stops: new requests are to be refused. */
  get isClosing(): boolean {
    return this.#isClosing;
  }

  get count(): number {
    return this.#open.size;
  }

  /** Notes a request; `release` must be called when it has been answered. */
  add(): { abort: AbortController; release: () => void } {
    const abort = new AbortController();
    setMaxListeners(0, abort.signal); // one per prompt
    this.#open.add(abort);
    const release = () => {
      this.#open.delete(abort);
      if (this.#open.size === 0) this.#onEmpty();
    };
    return { abort, release };
  }

  /**
   * Lets open requests finish for `timeoutMs`, then aborts the rest, and waits until all have been answered (a second at most:
   * what hangs longer is cut off by the closing of its connection).
   */
  async drain(timeoutMs: number): Promise<void> {
    this.#isClosing = true;
    await this.#empty(timeoutMs);
    for (const abort of this.#open) abort.abort();
    await this.#empty(1000);
  }

  async #empty(timeoutMs: number): Promise<void> {
    if (this.#open.size === 0 || timeoutMs <= 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, timeoutMs);
      this.#onEmpty = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
