import type { RandomAccessFile } from "./random-access-file.js";
/** One file in the archive; its bytes lie at [position, position + size) of the zip file. */
export interface ZipEntry {
    name: string;
    position: number;
    size: number;
}
/**
 * The entries by name.
 *
 * @throws CheckpointError if the file is no zip, is cut off, has compressed or encrypted entries, two of one name, or entries
 *   that overlap or lie outside the file
 */
export declare function readZip(file: RandomAccessFile): ReadonlyMap<string, ZipEntry>;
