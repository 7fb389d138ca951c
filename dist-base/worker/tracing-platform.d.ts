/** A platform that runs programs op by op on another one, so that every value can be read, or replaced, on the way. */
import type { OpRecord, Platform, RecordedProgram } from "../platform/platform.js";
import { Parameter } from "../tensor/parameter.js";
import type { Shape } from "../tensor/shape.js";
import { Tensor } from "../tensor/tensor.js";
/** Looks at a run. Both are awaited; while they run, values may be read and written, and other records run. */
export interface StepVisitor {
    /** May give a record to run instead, with the same outputs. */
    before?(record: OpRecord, program: RecordedProgram): Promise<OpRecord | undefined>;
    after?(record: OpRecord, program: RecordedProgram): Promise<void>;
}
/**
 * `platform` is what the worker gets in place of `inner`: all but `compile` and `run` goes straight through. Nothing is fused,
 * and every value of a program keeps its place until the program is disposed.
 */
export declare class TracingPlatform {
    readonly platform: Platform;
    visitor: StepVisitor | undefined;
    private readonly inner;
    private readonly compiled;
    constructor(inner: Platform);
    /** Runs single records, now. Their inputs must have been computed. */
    runRecords(records: readonly OpRecord[]): Promise<void>;
    /** Drops what was compiled for records that will not run again. */
    forget(records: readonly OpRecord[]): void;
    /** All values of a tensor or parameter as f32, row-major. */
    read(tensor: Tensor): Float32Array;
    /** Replaces the values of a f32 or i32 tensor; its place must be known (its program has run up to here). */
    write(tensor: Tensor, values: Float32Array): void;
    /** A tensor of its own, with values, for records that are made up. Free it by `free`. */
    scratch(shape: Shape, values?: Float32Array): Tensor;
    /** A row-major f32 parameter with values, for records that are made up. */
    scratchParameter(shape: Shape, values: Float32Array): Parameter;
    free(tensor: Tensor): void;
    private compile;
    private run;
    private placeStorage;
    private addressOf;
    /** Every element of the storage, as numbers. */
    private readStorage;
}
