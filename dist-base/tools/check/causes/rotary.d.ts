import type { Evidence } from "./evidence.js";
import type { Variant } from "./variants.js";
/** Variants of a segment that attends: other tables in its rotary ops, or rotary ops that it lacks. */
export declare function rotaryVariants(evidence: Evidence): Variant[];
