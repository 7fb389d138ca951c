/** The ops between values that are known from the reference and one that is to be judged: what to look for a mistake in. */
import type { OpRecord } from "../../../platform/platform.js";
import type { Tensor } from "../../../tensor/tensor.js";
import type { TracingPlatform } from "../../../worker/tracing-platform.js";
/** One step of a variant: an op of the port, as it is or changed, or arithmetic done here. */
export type VariantStep = OpRecord | (() => void);
/** A value of the port that was set to the reference's. */
export interface KnownValue {
    /** Calls of the reference: "model.layers.0.self_attn.q_proj:out". */
    readonly labels: readonly string[];
    readonly tensor: Tensor;
    /** Which columns of the tensor a label is about; those that are not here are about all. */
    readonly columns: ReadonlyMap<string, readonly number[]>;
}
export interface SegmentParts {
    readonly tracing: TracingPlatform;
    /** In order; the last one makes the target, or the list is empty (the target is a known value itself). */
    readonly records: readonly OpRecord[];
    readonly known: readonly KnownValue[];
    /** The port's value, [numTokens, …]. */
    readonly target: Tensor;
    /** Which of the target's columns are judged, in which order; undefined: all. */
    readonly columns?: readonly number[] | undefined;
    /** The reference's value, [numTokens, features]. */
    readonly wanted: Float32Array;
    readonly numTokens: number;
}
export declare class Segment {
    readonly tracing: TracingPlatform;
    readonly records: readonly OpRecord[];
    readonly known: readonly KnownValue[];
    readonly target: Tensor;
    readonly wanted: Float32Array;
    readonly numTokens: number;
    /** The port's own value. */
    readonly got: Float32Array;
    /** Distance of `got` from `wanted`. */
    readonly distance: number;
    private readonly columns;
    constructor(parts: SegmentParts);
    /** The judged columns of the port's value as it is now. */
    readTarget(): Float32Array;
    /**
     * Runs a variant of the records and gives what comes out; undefined where it cannot run. Values that records made are the
     * variant's afterwards, those known from the reference stay.
     */
    run(steps: readonly VariantStep[]): Promise<Float32Array | undefined>;
    /** Puts the port's own values back. */
    restore(): Promise<void>;
    /** The records with one replaced: by another record, or by arithmetic. */
    replaced(record: OpRecord, ...by: readonly VariantStep[]): VariantStep[];
}
/** Columns of a [numTokens, …] list. */
export declare function pickColumns(values: Float32Array, numTokens: number, columns: readonly number[] | undefined): Float32Array;
/** The list with some of its columns replaced by those of another. */
export declare function withColumns(values: Float32Array, numTokens: number, columns: readonly number[] | undefined, part: Float32Array): Float32Array;
/** Who made what in a program, and which values are known from the reference. */
export declare class Ancestry {
    private readonly makers;
    private readonly known;
    /** Call before a record runs or when a program begins: storages must have their addresses. */
    add(record: OpRecord): void;
    markKnown(tensor: Tensor, label: string, columns?: readonly number[]): void;
    isKnown(tensor: Tensor): boolean;
    /** The records from known values to `tensors`, in order, and those values. */
    slice(tensors: readonly Tensor[], order: (record: OpRecord) => number): {
        records: OpRecord[];
        known: KnownValue[];
    };
}
/** Columns of its storage's rows that a tensor is a view of. */
export declare function columnRange({ offset, strides, shape }: Tensor): [start: number, end: number];
