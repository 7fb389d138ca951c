/** The order in which causes are looked for: what explains most with least work first. */
import type { OpRecord } from "../../../platform/platform.js";
import type { Cause, Evidence } from "./evidence.js";
/**
 * @param leaf   the record that computes the module, where its output is wrong; undefined: what goes in is wrong
 * @param likely causes that were found elsewhere (`withoutLayers`): their kind is tried first
 */
export declare function findCause(evidence: Evidence, leaf: OpRecord | undefined, likely: ReadonlySet<string>): Promise<Cause | undefined>;
