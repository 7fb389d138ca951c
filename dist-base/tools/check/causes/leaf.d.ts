/** Mistakes inside one module: its input is the reference's, its output is not. */
import type { OpRecord } from "../../../platform/platform.js";
import type { Dump } from "../reference/dump.js";
import type { Cause, Evidence } from "./evidence.js";
/** By the op that computes the module. */
export declare function leafCause(evidence: Evidence, record: OpRecord): Cause | undefined;
/** The number that the reference's module adds before the root, by its own field. */
export declare function referenceEps(dump: Dump, call: string): number | undefined;
