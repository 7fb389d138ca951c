/** The inputs of a step: fixed places in platform memory, and the plain arrays that are gathered into them. */
import type { Platform } from "../platform/platform.js";
import type { Program } from "../ops/program.js";
import type { AttentionMetadata, StateMetadata } from "../ops/step.js";
import type { KVCacheGroup } from "../request/kv-cache-group.js";
import type { Tensor } from "../tensor/tensor.js";
export interface StepLimits {
    readonly maxNumTokens: number;
    readonly maxNumSeqs: number;
    readonly maxBlocksPerSeq: number;
}
/** One request's part of a step. */
export interface SeqInput {
    readonly tokenIds: Int32Array;
    readonly numComputedTokens: number;
    readonly numScheduledTokens: number;
    /** By KV cache group. */
    readonly blockIds: readonly Int32Array[];
}
/** Token ids, positions, slots and block tables of one step; slots and tables once for each KV cache group. Allocated once for the largest step. */
export declare class StepBuffers {
    private readonly limits;
    private readonly inputIds;
    private readonly positions;
    private readonly numSeqs;
    private readonly queryStartLoc;
    private readonly seqLens;
    private readonly groups;
    private readonly logitsRows;
    constructor(platform: Platform, limits: StepLimits, blockSize: number, maxLogitsRows: number, groups: readonly KVCacheGroup[]);
    /** Gathers the step's requests, one after the other, and sends them to the platform. */
    fill(seqs: readonly SeqInput[]): void;
    /** Rows of the hidden states whose logits are computed. */
    fillLogitsRows(rows: readonly number[]): void;
    /** The inputs as tensors of a program that runs numTokens tokens; metadata by KV cache group. */
    tensors(program: Program, numTokens: number): {
        inputIds: Tensor;
        positions: Tensor;
        metadata: (AttentionMetadata | StateMetadata)[];
    };
    /** The list of logits rows as a tensor. */
    logitsRowsTensor(program: Program, numRows: number): Tensor;
}
