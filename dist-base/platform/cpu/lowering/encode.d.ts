/** Plans memory for lowered ops and writes them as the numbers that native/binding/program.cpp parses. */
import type { Storage } from "../../../tensor/tensor.js";
import type { LoweredOp } from "./lowered-op.js";
/** Ops that run natively in one go. */
export interface EncodedPiece {
    /** Index of the first of its ops in the program. */
    readonly firstOp: number;
    /** [opcode, count, arguments ...] repeated */
    readonly records: Float64Array;
    /** Indexes of addresses that count from the workspace's start. */
    readonly relocations: Int32Array;
}
/** An op that runs as TypeScript. */
export interface HostPiece {
    readonly firstOp: number;
    readonly host: LoweredOp;
    /** Where a storage lies: an address, or an offset into the workspace. */
    readonly placeOf: (storage: Storage) => {
        readonly address: number;
        readonly isOffset: boolean;
    };
}
export interface EncodedProgram {
    /** In order; one native piece, unless there are ops that run as TypeScript. */
    readonly pieces: readonly (EncodedPiece | HostPiece)[];
    readonly workspaceBytes: number;
}
/** @throws LifetimeError if an external storage has no address */
export declare function encode(ops: readonly LoweredOp[]): EncodedProgram;
