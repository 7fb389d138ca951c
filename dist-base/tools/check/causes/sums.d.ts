import type { Cause, Evidence, Neighbour } from "./evidence.js";
export interface Term {
    readonly label: string;
    readonly factor: number;
}
/** The shortest sum of at most three neighbours that is `values`; undefined if there is none. */
export declare function sumOf(values: Float32Array, neighbours: readonly Neighbour[], tolerance: number): Term[] | undefined;
/** Compares what the port adds up with what the reference does. */
export declare function sumCause(evidence: Evidence): Cause | undefined;
