/** Server-sent events, written past Fastify: one write per engine step, keep-alive comments, a limit for slow readers. */
import type { ServerResponse } from "node:http";
import type { FastifyReply } from "fastify";
import { toErrorResponse } from "./error-response.js";
import { plainEvents } from "./event-format.js";
import type { EventFormat } from "./event-format.js";

export interface SseOptions {
  /** Bytes that may wait for the client before it is cut off. */
  readonly maxBufferedBytes: number;
  /** Milliseconds of silence after which a comment is sent; 0: never. */
  readonly keepAliveMs: number;
  /** Called when the client is gone or cut off, so that the engine can stop. */
  readonly onGone: () => void;
  /** Called when the client is cut off because it reads too slowly, before `onGone`. */
  readonly onSlow?: () => void;
  /** Called with an error that came after the answer had begun; gives back the one to tell the client. */
  readonly onLateError: (error: unknown) => unknown;
  /** Default: data alone, closed by [DONE]. */
  readonly format?: EventFormat;
}

/** Until then an error still becomes an HTTP status; after that, an event. */
const FIRST_EVENT_WAIT_MS = 500;

/**
 * Sends each list of objects as events in one write, and closes as the format says.
 *
 * @param events lists of JSON objects; ended early when the client is gone
 * @throws what `events` throws before its first list, as long as nothing has been sent
 */
export async function sendEvents(
  reply: FastifyReply,
  events: AsyncIterator<readonly object[]>,
  options: SseOptions,
): Promise<void> {
  let next = events.next();
  next.catch(() => {});
  await Promise.race([next, pause(FIRST_EVENT_WAIT_MS)]);
  const { raw } = reply;
  if (raw.destroyed) {
    reply.hijack();
    options.onGone();
    await events.return?.();
    return;
  }
  const { format = plainEvents } = options;
  const stream = new SseStream(reply, options, format);
  try {
    for (let item = await next; !item.done; item = await next) {
      stream.send(item.value);
      if (stream.isGone) break;
      next = events.next();
      next.catch(() => {});
    }
    stream.end(format.end);
  } catch (error) {
    const told = stream.isGone ? error : options.onLateError(error);
    stream.end(format.failure(toErrorResponse(told)).map(format.write).join("") + format.end);
  } finally {
    await events.return?.();
  }
}

class SseStream {
  isGone = false;
  readonly #reply: FastifyReply;
  readonly #options: SseOptions;
  readonly #format: EventFormat;
  readonly #timer: NodeJS.Timeout | undefined;

  constructor(reply: FastifyReply, options: SseOptions, format: EventFormat) {
    this.#reply = reply;
    this.#options = options;
    this.#format = format;
    reply.hijack();
    const { raw } = reply;
    raw.on("close", () => this.#leave());
    raw.on("error", () => this.#leave());
    raw.writeHead(200, {
      "Content-Type": "text/event-stream; charset=utf-8",
      "Cache-Control": "no-cache",
      "X-Accel-Buffering": "no",
    });
    raw.flushHeaders();
    if (options.keepAliveMs > 0) {
      this.#timer = setInterval(() => this.#write(": keep-alive\n\n"), options.keepAliveMs);
    }
  }

  send(objects: readonly object[]): void {
    if (objects.length === 0) return;
    let text = "";
    for (const object of objects) text += this.#format.write(object);
    this.#timer?.refresh();
    this.#write(text);
  }

  end(text: string): void {
    clearInterval(this.#timer);
    if (this.isGone) return;
    this.#reply.raw.end(text);
  }

  #write(text: string): void {
    if (this.isGone) return;
    const { raw } = this.#reply;
    if (!writeChunk(raw, text)) raw.write(text);
    if (raw.writableLength <= this.#options.maxBufferedBytes) return;
    this.#options.onSlow?.();
    raw.destroy();
  }

  #leave(): void {
    if (this.isGone) return;
    this.isGone = true;
    clearInterval(this.#timer);
    if (!this.#reply.raw.writableFinished) this.#options.onGone();
  }
}

/**
 * Writes one chunk of a chunked answer to its socket, in one piece: half of the time that node:http takes, which writes length, text
 * and line end apart. False where that is not possible: before this answer's turn on its connection, or without chunks (HTTP/1.0).
 */
function writeChunk(raw: ServerResponse, text: string): boolean {
  const { socket } = raw;
  if (socket === null || !raw.chunkedEncoding || raw.writableLength !== socket.writableLength) return false;
  const numBytes = Buffer.byteLength(text);
  socket.write(`${numBytes.toString(16)}\r\n${text}\r\n`, numBytes === text.length ? "latin1" : "utf8");
  return true;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, ms).unref());
}
