/** Numbers of the config that the port does not apply to what goes into an op that is not linear: factors, clamps, soft caps. */
import type { Evidence } from "./evidence.js";
import type { Variant } from "./variants.js";
/** Variants in which a value that goes into the segment is first multiplied, clamped or capped. */
export declare function factorVariants(evidence: Evidence): Variant[];
