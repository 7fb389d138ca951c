import type { Cause, Evidence } from "./evidence.js";
/** A factor, or a constant per feature. */
export declare function affineCause(evidence: Evidence): Cause | undefined;
/** A function of each element of the port's value: a cap, an activation. */
export declare function unaryCause(evidence: Evidence): Cause | undefined;
/** The same features in another order: whole blocks (heads), or rows and columns of blocks exchanged. */
export declare function orderCause(evidence: Evidence): Cause | undefined;
