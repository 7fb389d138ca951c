/** Clients that do not read their answer to its end: cut off, so that they hold neither memory nor connections. */
import type { ServerResponse } from "node:http";
import type { FastifyInstance } from "fastify";

interface Waiting {
  numBytes: number;
  since: number;
}

/** Cuts off connections whose answer is complete on our side and on which nothing has moved for `limitMs`. */
export function cutStalledReaders(app: FastifyInstance, limitMs: number): void {
  const waiting = new Map<ServerResponse, Waiting>();
  const sweep = () => {
    const now = performance.now();
    for (const [response, state] of waiting) {
      const numBytes = response.socket?.bytesWritten ?? 0;
      const pending = response.socket?.writableLength ?? 0;
      const moved = numBytes - pending;
      if (moved !== state.numBytes) waiting.set(response, { numBytes: moved, since: now });
      else if (now - state.since >= limitMs) response.destroy();
    }
  };
  const timer = setInterval(sweep, Math.max(10, limitMs / 4));
  timer.unref();
  app.addHook("onClose", async () => clearInterval(timer));
  app.addHook("onRequest", async (_request, reply) => {
    const { raw } = reply;
    raw.once("prefinish", () => {
      if (!raw.writableFinished) waiting.set(raw, { numBytes: -1, since: performance.now() });
    });
    raw.once("close", () => waiting.delete(raw));
  });
}
