/** Answers that are complete on our side while their clients still read them, or do not. */
import type { ServerResponse } from "node:http";
import type { FastifyInstance } from "fastify";

interface Waiting {
  /** Bytes that the system has taken. */
  numBytes: number;
  /** When that number last changed. */
  since: number;
}

const LOOK_AGAIN_MS = 10;

/** Watches the answers of one application. */
export class UnreadAnswers {
  readonly #waiting = new Map<ServerResponse, Waiting>();

  /** @param limitMs after which a connection on which nothing moves is cut: it would hold memory for ever */
  constructor(app: FastifyInstance, limitMs: number) {
    const timer = setInterval(() => this.#cutStalled(limitMs), Math.max(LOOK_AGAIN_MS, limitMs / 4));
    timer.unref();
    app.addHook("onClose", async () => clearInterval(timer));
    app.addHook("onRequest", (_request, { raw }, done) => {
      raw.once("prefinish", () => {
        if (!raw.writableFinished && !raw.destroyed) this.#waiting.set(raw, { numBytes: -1, since: performance.now() });
      });
      raw.once("close", () => this.#waiting.delete(raw));
      done();
    });
  }

  /** Waits until all answers have gone out, or the time is over. To be called when no new ones are made. */
  async settle(limitMs: number): Promise<void> {
    const end = performance.now() + limitMs;
    // What has just been answered is being written.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#waiting.size > 0 && performance.now() < end) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
    }
  }

  #cutStalled(limitMs: number): void {
    const now = performance.now();
    for (const [response, state] of this.#waiting) {
      const numBytes = (response.socket?.bytesWritten ?? 0) - (response.socket?.writableLength ?? 0);
      if (numBytes !== state.numBytes) this.#waiting.set(response, { numBytes, since: now });
      else if (now - state.since >= limitMs) response.destroy();
    }
  }
}
