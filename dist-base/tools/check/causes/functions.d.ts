/** Functions of each element that the port does not apply: a sigmoid of a gate, a square, an exponential. */
import type { Evidence } from "./evidence.js";
import type { Variant } from "./variants.js";
/** Variants in which one input of an op first goes through a function. */
export declare function functionVariants(evidence: Evidence): Variant[];
