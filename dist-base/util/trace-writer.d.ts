/** Why a trace ended before it was closed. */
export type TraceEnd = {
    readonly reason: "full";
} | {
    readonly reason: "failed";
    readonly message: string;
};
export declare class TraceWriter {
    #private;
    /**
     * Opens the file, emptying it.
     *
     * @param maxEvents the trace ends when there are so many
     * @param onEnd     told, at most once, when the trace ends by itself
     * @throws the system's Error when the file cannot be written, or an Error when it is no regular file
     */
    constructor(path: string, maxEvents: number, onEnd: (end: TraceEnd) => void);
    /** False once the trace has ended or was closed; events are ignored then. */
    get isOpen(): boolean;
    get numEvents(): number;
    /** Adds events, all of them: the limit is looked at afterwards. */
    add(events: readonly object[]): void;
    /** Writes what waits. */
    flush(): void;
    /** Writes what waits and closes the file. Can be called again. */
    close(): void;
}
