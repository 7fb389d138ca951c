/** Packs messages, one frame each. */
export declare class FrameWriter {
    #private;
    /** @throws ShapeError for what is not plain data, or is larger than 1 GiB */
    frame(message: unknown): Buffer;
}
/** Unpacks messages from pieces of the stream, wherever they are cut. */
export declare class FrameReader {
    #private;
    /**
     * The messages that this piece completes, in order.
     * @throws ShapeError if the stream is broken; it cannot be read further
     */
    read(piece: Buffer): Generator<unknown, void, undefined>;
}
