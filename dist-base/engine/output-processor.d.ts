/** OutputProcessor: brings what the core gives to the requests that wait for it. */
import type { Tokenizer } from "../tokenizer/tokenizer.js";
import type { RequestCounts } from "./engine-stats.js";
import type { ProcessedRequest } from "./input-processor.js";
import { RequestState } from "./request-state.js";
import type { EngineCoreOutput } from "./transport.js";
/** Holds all open requests, by the caller's id and by the core's ids. */
export declare class OutputProcessor {
    #private;
    constructor(tokenizer: Tokenizer | undefined);
    /** What became of all requests so far. */
    get counts(): RequestCounts;
    /** Requests that have not ended. */
    get numRequests(): number;
    /**
     * Opens a request; to be done before the core gets it.
     * @throws RequestError if an open request has the same id
     */
    add(request: ProcessedRequest): RequestState;
    /** Takes in one step's outputs. Returns the core's ids of requests that ended here but go on in the core. */
    process(outputs: readonly EngineCoreOutput[]): string[];
    /** Ends a request with reason "abort". Returns the core's ids that are still open; none for an unknown id. */
    abort(requestId: string): string[];
    /** Ends a request with an error for its reader. Returns the core's ids that are still open; none if it had ended. */
    fail(state: RequestState, error: Error): string[];
    /** Ends every request with the error. */
    failAll(error: Error): void;
}
