export declare class OpenRequests {
    #private;
    /** The server stops: new requests are to be refused. */
    get isClosing(): boolean;
    get count(): number;
    /** Notes a request; `release` must be called when it has been answered. */
    add(): {
        abort: AbortController;
        release: () => void;
    };
    /**
     * Lets open requests finish for `timeoutMs`, then aborts the rest, and waits until all have been answered (a second at most:
     * what hangs longer is cut off by the closing of its connection).
     */
    drain(timeoutMs: number): Promise<void>;
}
