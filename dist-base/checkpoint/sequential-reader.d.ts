import type { RandomAccessFile } from "./random-access-file.js";
/** A cursor over the first `limit` bytes of a file. Every read throws CheckpointError instead of passing the limit. */
export declare class SequentialReader {
    private readonly file;
    private readonly limit;
    private readonly window;
    private readonly view;
    /** File position of the window's first byte. */
    private windowStart;
    private windowLength;
    /** Cursor, relative to the window. */
    private at;
    constructor(file: RandomAccessFile, limit?: number);
    /** File position of the next byte. */
    get position(): number;
    /** Bytes up to the limit. */
    get remaining(): number;
    u8: () => number;
    i8: () => number;
    u16: () => number;
    i16: () => number;
    u32: () => number;
    i32: () => number;
    f32: () => number;
    f64: () => number;
    u64: () => number | bigint;
    i64: () => number | bigint;
    /**
     * A u64 that counts things of at least `bytesEach` bytes each, which must fit into the rest.
     *
     * @param what names the count in the error, with `of`: the key or so that it belongs to
     */
    count(what: string, bytesEach: number, most: number, of?: string): number;
    /** `length` bytes as UTF-8; bytes that are none become U+FFFD. */
    text(length: number): string;
    /**
     * Passes over `count` texts, each with its length in front as a u64, without decoding them: a vocabulary has many.
     *
     * @param most bytes of one text
     * @param of names the key in errors
     * @returns the bytes passed over, lengths included
     */
    skipTexts(count: number, most: number, of: string): Uint8Array<ArrayBuffer>;
    /** `length` bytes in an array of their own. */
    bytes(length: number): Uint8Array<ArrayBuffer>;
    /** Moves the cursor over the next `length` (at most the window's) bytes; their index in the window. */
    private take;
    private skip;
    private fill;
    private need;
}
