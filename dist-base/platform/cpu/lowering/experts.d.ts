/**
 * Lowering of mixtures of experts. Rows are sorted by expert once for each routing, and packed in that order; the fusion of an
 * expert product with its gated activation writes the next product's input in that order too, so that nothing is packed twice.
 */
import type { OpRecord } from "../../platform.js";
import type { Fusion } from "./fusion.js";
import type { LoweredOp } from "./lowered-op.js";
import type { LoweringContext } from "./lowering-context.js";
/** Bytes of ExpertGroups (native/cpu/experts.h). */
export declare function expertGroupsBytes(numRows: number, numExperts: number): number;
export declare function isExpertLinear(record: OpRecord | undefined): boolean;
export declare function emitTopkRouting(record: OpRecord): LoweredOp[];
export declare function emitExpertLinear(record: OpRecord, context: LoweringContext): LoweredOp[];
/**
 * Matches an expert product whose gated activation alone reads it, when experts' products of the same routing alone read that.
 * Needs whole panels on both sides: an intermediate size that is a multiple of 16.
 */
export declare const expertGatedLinear: Fusion;
