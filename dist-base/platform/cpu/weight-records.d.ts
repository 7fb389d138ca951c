/** Records of the kernels that fill weights: rows from files, and noise. */
import type { StorageType } from "../../tensor/storage-type.js";
import type { Address, NoiseFill, StoredRows } from "../platform.js";
/** The numbers by which kernels know how rows are stored (native/cpu/gguf_blocks.h). */
export declare const storedTypes: Partial<Record<StorageType, number>>;
/**
 * @param progress address of an i64 that counts bytes of finished rows
 * @throws UnsupportedError for a storage type that kernels do not read
 */
export declare function encodeLoads(loads: readonly StoredRows[], progress: Address): Float64Array;
export declare function encodeFills(fills: readonly NoiseFill[]): Float64Array;
