/** Server-sent events out of raw bytes, however the network cuts them. */
/** One stream. Lines end in LF or CRLF; fields other than `data` are left out, as are comments. */
export declare class SseParser {
    #private;
    /** @param onData gets the data of each event */
    constructor(onData: (data: string) => void);
    /** Takes the next bytes; events that are complete now are handed out before it returns. */
    push(chunk: Buffer): void;
    /** The stream has ended: an event that only lacks its last empty line counts. */
    end(): void;
}
