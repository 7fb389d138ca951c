import type { Evidence } from "./evidence.js";
import type { Variant } from "./variants.js";
/** Variants in which a value that goes into the segment is first what some module of the reference makes of it. */
export declare function skippedModuleVariants(evidence: Evidence): Variant[];
