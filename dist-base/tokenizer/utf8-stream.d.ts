/** UTF-8 that arrives in pieces: complete characters at once, an unfinished one is held back. */
/** How many bytes at the end begin a character that is not complete yet: 0 to 3. */
export declare function incompleteTail(bytes: Uint8Array): number;
/** The text of whole bytes, or undefined if they are not valid UTF-8. */
export declare function decodeStrict(bytes: Uint8Array): string | undefined;
/** Text of bytes, each maximal invalid part as one U+FFFD (as the WHATWG decoder and Rust's lossy decoding do). */
export declare function decodeLossy(bytes: Uint8Array): string;
/** A streaming lossy decoder; at most three bytes are pending. */
export declare class Utf8Stream {
    #private;
    /** Bytes of an unfinished character. */
    get pending(): number;
    /** Adds bytes; returns the text that is now certain. */
    write(bytes: Uint8Array): string;
    /** Ends the stream: an unfinished character becomes one U+FFFD. */
    end(): string;
}
