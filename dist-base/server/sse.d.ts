/** Server-sent events, written past Fastify: one write per engine step, keep-alive comments, a limit for slow readers. */
import type { FastifyReply } from "fastify";
export interface SseOptions {
    /** Bytes that may wait for the client before it is cut off. */
    readonly maxBufferedBytes: number;
    /** Milliseconds of silence after which a comment is sent; 0: never. */
    readonly keepAliveMs: number;
    /** Called when the client is gone or cut off, so that the engine can stop. */
    readonly onGone: () => void;
    /** Called with an error that came after the answer had begun; gives back the one to tell the client. */
    readonly onLateError: (error: unknown) => unknown;
}
/**
 * Sends each list of objects as events in one write, and closes with [DONE].
 *
 * @param events lists of JSON objects; ended early when the client is gone
 * @throws what `events` throws before its first list, as long as nothing has been sent
 */
export declare function sendEvents(reply: FastifyReply, events: AsyncIterator<readonly object[]>, options: SseOptions): Promise<void>;
