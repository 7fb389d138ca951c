/** Lowering of pagedAttention, and the fusion that writes its result packed for the output projection. */
import type { OpRecord } from "../../platform.js";
import type { Storage } from "../../../tensor/tensor.js";
import type { Fusion } from "./fusion.js";
import type { LoweredOp } from "./lowered-op.js";
/**
 * The kernel, and the one that merges partial results; also of mlaAttention, whose queries are in two parts.
 * @param packed where the result goes in packed form, instead of the record's output
 */
export declare function emitAttention(record: OpRecord, threads: number, packed?: {
    storage: Storage;
    isBf16: boolean;
}): LoweredOp[];
/** Matches when linear layers alone read the result, and heads are whole pairs of elements. */
export declare const packedAttention: Fusion;
