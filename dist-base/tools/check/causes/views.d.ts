import type { Evidence } from "./evidence.js";
import type { Variant } from "./variants.js";
/** Variants in which an op reads other columns, as many, of the value that it reads a part of. */
export declare function viewVariants(evidence: Evidence): Variant[];
