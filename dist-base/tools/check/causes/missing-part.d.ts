import type { Cause, Evidence } from "./evidence.js";
/** Differences and quotients of the two values, looked up among the reference's values around. */
export declare function missingPartCause(evidence: Evidence): Cause | undefined;
