/** The server under test: where it is, what is sent with every request, and plain calls to it. */
import * as http from "node:http";
export type Backend = "openai" | "openai-chat";
export interface TargetOptions {
    /** "http://127.0.0.1:8000", with or without a path; a final /v1 is left out where the endpoint begins with it. */
    readonly baseUrl: string;
    /** Path of the requests: "/v1/completions". */
    readonly endpoint: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly apiKey: string | undefined;
}
/** Connections are kept open from request to request. Close it when done. */
export declare class HttpTarget {
    #private;
    /** Full address of the requests. */
    readonly url: URL;
    /** @throws ConfigError if the address is none */
    constructor({ baseUrl, endpoint, headers, apiKey }: TargetOptions);
    /** Opens a POST to the endpoint; the caller ends it with the body. @throws TypeError for a header that HTTP forbids */
    post(bodyLength: number): http.ClientRequest;
    /**
     * The first model that the server lists.
     * @throws ResourceError if the server cannot be reached, or lists none
     */
    firstModel(signal?: AbortSignal): Promise<string>;
    close(): void;
}
/** The body as text, cut off after 64 KiB. */
export declare function readText(response: http.IncomingMessage): Promise<string>;
