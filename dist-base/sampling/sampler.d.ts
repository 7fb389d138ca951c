/** The sampler: puts each step's sampling metadata into platform memory, records the op, and reads the results. */
import type { LogprobsMode } from "../ops/sample.js";
import type { TopLogprobs } from "../request/model-runner-output.js";
import { Tensor } from "../tensor/tensor.js";
import type { SamplingState } from "./sampling-state.js";
/** What the sampler needs of a platform. */
export interface SamplerMemory {
    allocate(bytes: number, label: string): number;
    free(address: number): void;
    write(address: number, bytes: Uint8Array): void;
    read(address: number, target: Uint8Array): void;
}
/** One row of logits. */
export interface SamplingRow {
    readonly state: SamplingState;
    /** The request's output so far; its length numbers the draw. */
    readonly outputTokenIds: readonly number[];
    /** Top log-probabilities wanted; 0: only the token's own; -1: none. See resolveNumLogprobs. */
    readonly numLogprobs: number;
    /** A prompt's next token, whose raw log-probabilities are wanted: nothing is sampled. */
    readonly forcedTokenId?: number;
    /** What was done to the logits already: "lists": allowed and banned ids, bias; "draw": penalties, temperature and min-p too. */
    readonly applied?: "lists" | "draw";
}
export interface SampledRow {
    /** The sampled token, or the given one. */
    readonly tokenId: number;
    readonly logprobs: TopLogprobs | null;
    /** Why the request of this row must end; then the other fields mean nothing. */
    readonly error: string | null;
}
/** One per worker. Each step: prepare(rows), run the program that record() was called for, collect(). */
export declare class Sampler {
    private readonly memory;
    private readonly vocabSize;
    private readonly logprobsMode;
    private generation;
    private addresses;
    private maxRows;
    private listCapacity;
    private topCapacity;
    private metadata;
    private outputs;
    private ints;
    private floats;
    /** tokenIds, ranks, statuses, logprobs: maxRows of each. */
    private results;
    private readonly lists;
    private rows;
    /** @throws ResourceError when there is no memory for maxRows rows */
    constructor(memory: SamplerMemory, options: {
        maxRows: number;
        vocabSize: number;
        logprobsMode?: LogprobsMode;
    });
    /**
     * Writes the metadata of a step; row i is for row i of the logits.
     *
     * @returns generation: changes when buffers moved; programs that were recorded before it must not run any more
     * @throws ResourceError when a buffer has to grow and there is no memory; the sampler stays usable
     */
    prepare(rows: readonly SamplingRow[]): {
        generation: number;
    };
    /**
     * Records the op for logits [numRows, vocabSize] f32, numRows at most the rows prepared last.
     * @throws ShapeError if the logits have another shape
     */
    record(logits: Tensor): void;
    /** Results of the rows prepared last, after the program ran. */
    collect(): SampledRow[];
    /** Whether log-probabilities are those of the model's own logits, before anything else is done to them. */
    get reportsRaw(): boolean;
    /** [maxRows] i32: the sampled tokens where the op leaves them, for a program that goes on with them. */
    get tokenIds(): Tensor;
    dispose(): void;
    /** Entries of the row in topTokenIds and topLogprobs. */
    private numTopOf;
    private writeRow;
    /** Appends the row's lists, and puts their places into `ints`. */
    private writeLists;
    private writePenalties;
    /** Makes the buffers at least this large, doubling those that are too small. */
    private grow;
    /** Moves to buffers of these sizes. */
    private reserve;
    private write;
}
