/** An open regular file. Its size is taken when it is opened. */
export declare class RandomAccessFile {
    readonly path: string;
    /** Bytes. */
    readonly size: number;
    private openDescriptor;
    /** @throws CheckpointError if the path is not a readable regular file */
    constructor(path: string);
    /** The system's number of the open file. @throws CheckpointError if it is closed */
    get descriptor(): number;
    /**
     * Fills target[targetOffset, targetOffset + length) with the bytes from `position` on.
     *
     * @throws CheckpointError if the file is closed, ends earlier, or cannot be read
     */
    readInto(position: number, length: number, target: Uint8Array, targetOffset?: number): void;
    /** The bytes [position, position + length) in a new array. For headers; the caller bounds `length` first. */
    readBytes(position: number, length: number): Uint8Array;
    close(): void;
}
