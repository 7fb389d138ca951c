/** GroupBuffers: the step inputs of one KV cache group: block tables and slots of tokens, or the slots of states. */
import type { Program } from "../ops/program.js";
import type { AttentionMetadata, SequenceMetadata, StateMetadata } from "../ops/step.js";
import type { Platform } from "../platform/platform.js";
import type { KVCacheGroup } from "../request/kv-cache-group.js";
import type { StepLimits } from "./step-buffers.js";
/** Where a request's rows lie in a step. */
export interface SeqRows {
    /** Index of the request in the step. */
    readonly index: number;
    /** First row; the rows stand at positions `start`, `start` + 1 … */
    readonly row: number;
    readonly start: number;
    readonly count: number;
}
export interface GroupBuffers {
    /** Takes up one request. @param blockIds its block table in this group */
    add(seq: SeqRows, blockIds: Int32Array): void;
    /** Sends what add() gathered to the platform. */
    upload(numSeqs: number, numTokens: number): void;
    /** As tensors of a program that runs numTokens tokens. */
    tensors(program: Program, numTokens: number, shared: SequenceMetadata): AttentionMetadata | StateMetadata;
}
/** @param blockSize tokens of one block */
export declare function createGroupBuffers(platform: Platform, group: KVCacheGroup, limits: StepLimits, blockSize: number): GroupBuffers;
