/** A program: the list of ops that one step records. Nothing is computed while it is recorded. */
import type { CustomOp } from "../platform/custom-op.js";
import type { OpRecord } from "../platform/platform.js";
import type { DType } from "../tensor/dtype.js";
import type { Shape } from "../tensor/shape.js";
import { Tensor } from "../tensor/tensor.js";
import type { Step } from "./step.js";
export interface OutputSpec {
    shape: Shape;
    dtype: DType;
}
/** Records ops in order. Tensors that it makes belong to it alone; using them in another program throws. */
export declare class Program {
    readonly label: string;
    readonly records: OpRecord[];
    /** Values that were given a name, by `tap`. */
    readonly taps: {
        readonly name: string;
        readonly tensor: Tensor;
    }[];
    /** The step that is being recorded; layers reach KV caches and attention metadata through it. */
    step: Step | undefined;
    private readonly scopes;
    constructor(label: string);
    /** Name of the module that is recording. */
    get scope(): string;
    enter(scope: string): void;
    leave(): void;
    /** A value that is written from outside before each run, at a fixed address: token ids, positions, block tables. */
    input(label: string, shape: Shape, dtype: DType, address: number): Tensor;
    /**
     * Appends one record and returns its outputs, dense tensors of this program.
     * @throws LifetimeError if an input belongs to another program
     */
    record(op: string, inputs: readonly Tensor[], outputs: readonly OutputSpec[], attributes?: OpRecord["attributes"], custom?: CustomOp): Tensor[];
    /**
     * Makes the value of `tensor` land at a fixed address, to be read after the run or by a following program.
     * Must be a whole dense tensor that an op of this program made.
     */
    output(tensor: Tensor, address: number): void;
}
/** The program of the first of `tensors` that has one. @throws LifetimeError if none has */
export declare function programOf(op: string, ...tensors: readonly Tensor[]): Program;
