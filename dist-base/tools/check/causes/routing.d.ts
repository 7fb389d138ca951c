/** Experts: does the reference choose as many, and the same? */
import type { Cause, Evidence } from "./evidence.js";
/** Compares the chosen experts with those that the reference's router or experts were given. */
export declare function routingCause({ segment, dump }: Evidence): Cause | undefined;
