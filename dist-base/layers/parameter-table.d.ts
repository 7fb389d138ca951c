/** Every parameter that a model declared while it was constructed: shapes, dtypes, and where the values come from. */
import { Parameter } from "../tensor/parameter.js";
import type { ParameterLayout } from "../tensor/parameter.js";
import type { Shape } from "../tensor/shape.js";
import type { Source } from "./source.js";
/**
 * Rows [rowStart, rowStart + rowCount) of a parameter come from one source. A fused layer has several parts. Rows of a matrix
 * parameter [count, rows, columns] are counted through all its matrices; a part, and what a sink writes, lies in one of them.
 */
export interface ParameterPart {
    readonly source: Source;
    readonly rowStart: number;
    readonly rowCount: number;
}
/** What a loader can do with a parameter's memory; rows are of the first dimension. */
export interface ParameterWriter {
    /** Puts f32 values into rows of a matrix or row-major parameter, converting to its dtype. */
    writeRows(parameter: Parameter, rowStart: number, values: Float32Array): void;
    /** Puts int8 values into rows of an i8 matrix. */
    writeInt8Rows(parameter: Parameter, rowStart: number, values: Int8Array): void;
}
/** Turns loaded rows into what the parameter stores: a quantizer. Gets whole rows as f32, a few at a time. */
export type RowSink = (writer: ParameterWriter, rowStart: number, rows: Float32Array) => void;
export interface ParameterSpec {
    /** Full name, as in the module tree. */
    readonly name: string;
    /** This rank's shape. */
    readonly shape: Shape;
    readonly dtype: "f32" | "bf16" | "i8";
    readonly layout: ParameterLayout;
    /** Empty for a parameter that another one's sink fills. Rows that no part covers stay zero. */
    readonly parts: readonly ParameterPart[];
    /** Without one, rows are converted to dtype and stored. */
    readonly sink?: RowSink;
}
export interface DeclaredParameter {
    readonly spec: ParameterSpec;
    readonly parameter: Parameter;
}
/** A constant that a layer computed itself, such as a rotary table. */
export interface DeclaredConstant {
    readonly parameter: Parameter;
    /** Called once, when its memory is filled. */
    readonly compute: () => Float32Array;
}
/** Collects declarations; the worker allocates and fills them. Names are unique. */
export declare class ParameterTable {
    readonly declared: DeclaredParameter[];
    readonly constants: Map<string, DeclaredConstant>;
    declare(spec: ParameterSpec): Parameter;
    /** A f32 constant shared by all layers that ask for the same key; `compute` runs once, after the model is constructed. */
    constant(key: string, shape: Shape, compute: () => Float32Array): Parameter;
}
