import type { HubFile } from "./hub-plan.js";
/** Where and as whom. */
export interface Hub {
    /** Without a trailing slash. */
    readonly endpoint: string;
    readonly token: string | undefined;
    readonly signal: AbortSignal | undefined;
    /** Milliseconds without any data after which a connection counts as dead. */
    readonly idleTimeoutMs: number;
}
/** A repository at one commit. */
export interface HubListing {
    readonly commit: string;
    readonly files: readonly HubFile[];
}
/** A failure that may be gone at the next try. `waitMs`: how long the server asks to wait. */
export declare class TransientError extends Error {
    readonly waitMs: number | undefined;
    constructor(message: string, waitMs?: number, options?: ErrorOptions);
}
/**
 * The files of a model at a branch, tag or commit.
 *
 * @throws ConfigError when the model or revision is unknown or closed to this token; TransientError; ResourceError when the
 *   answer is no listing
 */
export declare function listFiles(hub: Hub, id: string, revision: string): Promise<HubListing>;
/**
 * Opens one file from byte `offset` on. Status 200 means that it starts at 0 all the same; 206 that it starts at `offset`;
 * 416 that there is nothing there.
 */
export declare function openFile(hub: Hub, id: string, commit: string, path: string, offset: number, signal?: AbortSignal): Promise<Response>;
/** The words of the innermost error: fetch itself only says "fetch failed". */
export declare function reasonOf(error: unknown): string;
