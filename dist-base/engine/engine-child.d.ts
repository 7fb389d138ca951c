import type { CoreMessage, FrontMessage } from "./wire/messages.js";
/** The file descriptor of the child's end of the socket. */
export declare const SOCKET_FD = 3;
/** What node is told before the entry: as this process was, less what concerns this process alone. */
export declare function childExecArgv(execArgv: readonly string[], entry: string): string[];
/**
 * Starts a process and talks with it over a pair of unix sockets that no other process has: there is no path that somebody could
 * open, and nothing to remove. The child has one end as file descriptor 3; it ends when the other one closes.
 */
export declare class EngineChild {
    #private;
    /** Gets every message, in order. */
    onMessage: (message: CoreMessage) => void;
    /** Called once, after the last message: nothing more will come, and the process is no more. `end` says how it ended. */
    onEnd: (end: string) => void;
    /** Settles with `onEnd`. */
    readonly ended: Promise<void>;
    /** @throws ResourceError if no process can be started */
    constructor(entry?: string);
    /** Undefined if it could not be started. */
    get pid(): number | undefined;
    /** Sends a message; nothing happens after the end. @throws ShapeError if it is not plain data */
    send(message: FrontMessage): void;
    /** Ends the process at once, stopped or not. */
    kill(): void;
    /** Whether the process and its socket keep this process alive. */
    hold(isHeld: boolean): void;
}
