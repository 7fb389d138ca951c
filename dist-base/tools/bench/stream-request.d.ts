import type { HttpTarget } from "./http-target.js";
import type { RequestRecord } from "./serve-metrics.js";
export interface StreamRequestOptions {
    readonly target: HttpTarget;
    /** The JSON body. */
    readonly body: Buffer;
    /** As the client counted them. */
    readonly promptTokens: number | undefined;
    /** `performance.now()` of the start of the run. */
    readonly originMs: number;
    /** Milliseconds for the whole request. */
    readonly timeoutMs: number;
    readonly signal: AbortSignal;
}
/** Sends the request and reads its stream to the end. All events of one piece of the stream have the time at which it came. */
export declare function streamRequest(options: StreamRequestOptions): Promise<RequestRecord>;
