import type { ServerConfig } from "../config/server-config.js";
import type { EngineClient } from "./engine-client.js";
/** A server that listens. */
export interface RunningServer {
    /** "http://127.0.0.1:8000", or "unix:/path". */
    readonly url: string;
    /** Requests under way. */
    readonly numOpenRequests: number;
    /**
     * Stops accepting, lets open requests finish for `shutdownTimeout` seconds, aborts the rest, and closes. The engine stays open.
     * Can be called again.
     */
    close(): Promise<void>;
}
export interface ServerHooks {
    /** Takes the log's lines; standard error by default. */
    readonly log?: (line: string) => void;
    /** Quire's own, for /version. */
    readonly version?: string;
}
/**
 * Serves an engine over HTTP.
 *
 * @throws ResourceError when the address cannot be listened on
 */
export declare function startServer(engine: EngineClient, config: ServerConfig, hooks?: ServerHooks): Promise<RunningServer>;
