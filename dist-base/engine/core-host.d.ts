/** CoreHost: the engine core's end of the socket, in its own process. */
import type { Socket } from "node:net";
import type { CreateWorker } from "../worker/worker.js";
/** `closed`: as the front asked. `died`: the front was told. `orphaned`: the front is gone. */
export type HostEnd = "closed" | "died" | "orphaned";
/**
 * Loads the model that the first message names, and joins its core with the socket. A front that is slow to read never holds a
 * step up: what it has not read yet is gathered, which takes no more memory than the open requests' own results.
 */
export declare class CoreHost {
    #private;
    /** Settles when the process has no more to do and the last message is out. */
    readonly done: Promise<HostEnd>;
    constructor(socket: Socket, createWorker: CreateWorker);
    /** Tells the front that the process can go no further, and ends. */
    die(cause: unknown): void;
    /** Ends the step under way, if it does so in time, and closes what the core has open. */
    closeCore(limitMs: number): Promise<void>;
}
