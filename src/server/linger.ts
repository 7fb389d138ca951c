/** Ending a connection whose request is refused before its body has come: the client must be able to read the answer. */
import type { Socket } from "node:net";
import type { FastifyInstance, FastifyRequest } from "fastify";

/** A body that is shorter is read to its end and dropped; the connection lives on. */
const SMALL_BODY_BYTES = 256 * 1024;
/** Of a longer one, as much is read, for as long, before the connection is cut. */
const MAX_DROPPED_BYTES = 16 * 1024 * 1024;
const MAX_LINGER_MS = 2000;

/** Answers that are given while a long body is still coming close their connection, without reading all of it. */
export function lingerAfterRefusals(app: FastifyInstance): void {
  app.addHook("onSend", (request, reply, payload, done) => {
    if (request.raw.complete || reply.statusCode < 400 || !hasLongBody(request)) return done(null, payload);
    reply.header("Connection", "close");
    const { socket } = request.raw;
    socket.destroySoon = () => linger(socket);
    done(null, payload);
  });
}

function hasLongBody({ headers }: FastifyRequest): boolean {
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > SMALL_BODY_BYTES;
}

/**
 * Closes our half, and drops what still comes, up to a limit. Closing at once would make the system answer the client's next packet
 * with a reset, and the client would lose the answer that it has not read yet.
 */
export function linger(socket: Socket): void {
  socket.end();
  socket.removeAllListeners("data");
  const timer = setTimeout(() => socket.destroy(), MAX_LINGER_MS);
  let dropped = 0;
  socket.on("data", (bytes: Buffer) => {
    dropped += bytes.length;
    if (dropped > MAX_DROPPED_BYTES) socket.destroy();
  });
  socket.once("close", () => clearTimeout(timer));
  socket.resume();
}
