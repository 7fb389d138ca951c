/** Lets logits processors from outside change the rows of a step, in the order of vLLM's pipeline. */
import type { LogitsRequest } from "../request/logits-processor.js";
import type { SamplingRow } from "./sampler.js";
/** A row that is to be sampled, in memory of JavaScript. */
export interface EditableRow {
    readonly requestId: string;
    readonly row: SamplingRow;
    /** [vocabSize], changed in place. */
    readonly logits: Float32Array;
}
/** What the sampler must leave out for a row, as it was done here. */
export type AppliedStages = NonNullable<SamplingRow["applied"]>;
/** One per worker. */
export declare class LogitsEditor {
    private readonly vocabSize;
    private readonly running;
    private readonly requests;
    constructor(vocabSize: number);
    /** A request that comes. Costs nothing where no processor touches it. */
    add(request: LogitsRequest): void;
    remove(requestId: string): void;
    /** Whether anything changes this request's rows. */
    touches(requestId: string): boolean;
    /** Changes rows of requests that it touches; returns for each the stages that are done, or an error that ends its request. */
    edit(rows: readonly EditableRow[]): (AppliedStages | Error)[];
    private start;
    /** Processors of one kind, in the order in which they were registered. */
    private applyAll;
    private applyFunction;
}
