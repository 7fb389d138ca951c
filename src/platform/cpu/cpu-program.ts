/** A program that was lowered for the CPU: native pieces, and between them the ops that run as TypeScript. */
import { formatShape } from "../../tensor/shape.js";
import { QuireError } from "../../util/errors.js";
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

export class CpuProgram implements CompiledProgram {
  readonly label: string;
  readonly workspaceBytes: number;
  readonly ops: readonly LoweredOp[];
  readonly platform: Platform;
  /** undefined once disposed */
  pieces: readonly (NativePiece | HostPiece)[] | undefined;
  /** The error of a failed record; without one it is told from the record. */
  failure?: (record: number, message: string) => Error;

  constructor(
    platform: Platform,
    label: string,
    ops: readonly LoweredOp[],
    workspaceBytes: number,
    pieces: readonly (NativePiece | HostPiece)[],
  ) {
    this.platform = platform;
    this.label = label;
    this.ops = ops;
    this.workspaceBytes = workspaceBytes;
    this.pieces = pieces;
  }

  get needsHost(): boolean {
    return this.pieces?.some((piece) => !("native" in piece)) === true;
  }

  dispose(): void {
    this.pieces = undefined;
  }

  /** The error of op `i`. */
  errorOf(i: number, message: string, cause?: unknown): Error {
    if (this.failure) return this.failure(i, message);
    const record = this.ops[i]!.records.at(-1)!;
    const shapes = record.inputs.map((tensor) => `${tensor.dtype}${formatShape(tensor.shape)}`).join(", ");
    const where = `program "${this.label}", op ${record.op}(${shapes}) in ${record.scope || "the program itself"}`;
    return new QuireError("KERNEL", `${where}: ${message}`, { cause });
  }
}

/** A piece with the program that it is of. */
export interface ProgramPiece<Piece = NativePiece | HostPiece> {
  readonly program: CpuProgram;
  readonly piece: Piece;
}

export function isNative(one: ProgramPiece): one is ProgramPiece<NativePiece> {
  return "native" in one.piece;
}
