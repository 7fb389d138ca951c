import type { NativeProgram } from "../native-binding.js";
import type { CompiledProgram, Platform } from "../platform.js";
import type { HostPiece } from "./lowering/encode.js";
import type { LoweredOp } from "./lowering/lowered-op.js";
/** Ops that one native call runs. */
export interface NativePiece {
    /** Index of the first of its ops in the program. */
    readonly firstOp: number;
    readonly native: NativeProgram;
}
export declare class CpuProgram implements CompiledProgram {
    readonly label: string;
    readonly workspaceBytes: number;
    readonly ops: readonly LoweredOp[];
    readonly platform: Platform;
    /** undefined once disposed */
    pieces: readonly (NativePiece | HostPiece)[] | undefined;
    /** The error of a failed record; without one it is told from the record. */
    failure?: (record: number, message: string) => Error;
    constructor(platform: Platform, label: string, ops: readonly LoweredOp[], workspaceBytes: number, pieces: readonly (NativePiece | HostPiece)[]);
    dispose(): void;
    /** The error of op `i`. */
    errorOf(i: number, message: string, cause?: unknown): Error;
}
/** A piece with the program that it is of. */
export interface ProgramPiece<Piece = NativePiece | HostPiece> {
    readonly program: CpuProgram;
    readonly piece: Piece;
}
export declare function isNative(one: ProgramPiece): one is ProgramPiece<NativePiece>;
