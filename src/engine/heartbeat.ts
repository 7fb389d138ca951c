/** Heartbeat: whether the other process still turns its event loop. */

const INTERVAL_MS = 1000;
/** Beats without a word after which the other process counts as stuck: 10 seconds. It may come back. */
const MAX_MISSED = 10;

/**
 * Asks once a second, when nothing else was heard. Missed beats are counted, not seconds: where this process itself stood still, the
 * other one is not blamed. Keeps no process alive.
 */
export class Heartbeat {
  readonly #timer: NodeJS.Timeout;
  #missed = 0;

  /** @param ask makes the other process say something */
  constructor(ask: () => void, intervalMs = INTERVAL_MS) {
    this.#timer = setInterval(() => {
      this.#missed++;
      ask();
    }, intervalMs);
    this.#timer.unref();
  }

  /** To be called for every sign of life. */
  heard(): void {
    this.#missed = 0;
  }

  get isBeating(): boolean {
    return this.#missed < MAX_MISSED;
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
