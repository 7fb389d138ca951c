/**
 * The value in `bytes`, all of them.
 * @throws ShapeError if they are cut off, too many, or not what `Packer` writes
 */
export declare function unpack(bytes: Buffer): unknown;
