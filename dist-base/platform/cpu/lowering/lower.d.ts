/** Lowers a recorded program to kernel calls: one walk, each fusion tried at each record, what is left one kernel an op. */
import type { RecordedProgram } from "../../platform.js";
import type { Fusion } from "./fusion.js";
import type { LoweredOp } from "./lowered-op.js";
/** The address of an op's function in a shared library. */
export type FindOp = (path: string, symbol: string) => number;
/**
 * @param fusions tried in order at every record; none: the plain list
 * @throws UnsupportedError naming the record when an op has no kernel
 */
export declare function lower(program: RecordedProgram, threads: number, fusions: readonly Fusion[], findOp?: FindOp): LoweredOp[];
