/** The server's log: plain lines, each written where the caller wants it. */
export declare class ServerLog {
    #private;
    constructor(write: (line: string) => void);
    /** Writes a line; control characters of clients' words become spaces. */
    line(text: string): void;
    /** Writes the line the first time only. */
    once(text: string): void;
}
