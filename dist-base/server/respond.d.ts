import type { FastifyReply, FastifyRequest } from "fastify";
import type { ServerConfig } from "../config/server-config.js";
import type { EngineClient } from "./engine-client.js";
import type { OpenRequests } from "./open-requests.js";
import type { ServerLog } from "./server-log.js";
/** What all endpoints share. */
export interface ServerContext {
    readonly engine: EngineClient;
    readonly config: ServerConfig;
    readonly log: ServerLog;
    readonly open: OpenRequests;
}
/** One request at an endpoint. */
export interface Call {
    /** Of the answer: "cmpl-..." */
    readonly id: string;
    /** Unix time in seconds. */
    readonly created: number;
    /** Aborted when the client leaves or the server stops. */
    readonly signal: AbortSignal;
    /** Ends what the request started. */
    readonly abort: () => void;
}
/** Either the whole answer, or lists of events, each list to be sent in one piece. */
export type Answer = {
    readonly json: object;
} | {
    readonly events: AsyncGenerator<readonly object[]>;
};
/**
 * Runs `work` and sends what it answers. Errors before the answer begins are thrown, for Fastify's error handler.
 *
 * @param prefix  of the answer's id: "cmpl"
 */
export declare function respond(context: ServerContext, request: FastifyRequest, reply: FastifyReply, prefix: string, work: (call: Call) => Promise<Answer>): Promise<unknown>;
/** Logs an error that is not the client's fault. */
export declare function logFailure(context: ServerContext, where: string, error: unknown): void;
/** The client's X-Request-Id or `request_id`, else random. */
export declare function requestId(request: FastifyRequest): string;
/** @throws RequestError 404 unless the engine serves the model under this name; no name: the first */
export declare function servedName(engine: EngineClient, model: string | null | undefined): string;
