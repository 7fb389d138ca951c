/**
 * What an op must move and compute, from its record alone: the least that any kernel could do. Time against these is a
 * kernel's distance from the roofline.
 *
 * Bytes: each tensor once, by its dtype (weights as they are stored); rows that are picked from a table (embedding,
 * rotary table) once per pick; the KV cache once per sequence, as far as it is attended; of experts, as many as even choices
 * touch. Operations: two per multiply-add;
 * a comparison, a square root, an exponential or a whole activation function is one.
 */
import type { CompiledOp, OpRecord } from "../platform/platform.js";
export interface Cost {
    readonly bytesRead: number;
    readonly bytesWritten: number;
    readonly flops: number;
}
/** One request's part of a step: what a record of attention does not know. */
export interface SequenceLengths {
    /** Rows of this step. */
    readonly numTokens: number;
    /** Tokens in the KV cache after this step. */
    readonly seqLen: number;
}
/**
 * Bytes and operations of each op of a program. What a fused op makes and reads itself is not read, and is written only if
 * another op reads it, or it lands at an address for good. An op that helps another (packing, merging) costs nothing of its
 * own: its record is counted once.
 *
 * @param ops       a compiled program's
 * @param sequences the step's requests
 */
export declare function programCosts(ops: readonly CompiledOp[], sequences: readonly SequenceLengths[]): Cost[];
/** One record alone. An op that is not known here moves its tensors and computes nothing. */
export declare function recordCost(record: OpRecord, sequences: readonly SequenceLengths[]): Cost;
/** The ops whose cost is known, for a test that holds the list complete. */
export declare function opsWithCost(): string[];
/** How many of the experts numTokens tokens touch, each with topK different ones, on average over even choices. */
export declare function touchedExperts(numExperts: number, topK: number, numTokens: number): number;
