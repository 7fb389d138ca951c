import type { CustomOp, OpArray, OpAttributes, OpCall } from "../platform/custom-op.js";
import type { Shape } from "../tensor/shape.js";
import { Tensor } from "../tensor/tensor.js";
import type { OutputSpec } from "./program.js";
export type { OpArray, OpAttributes, OpCall } from "../platform/custom-op.js";
/** What `shape` returns: the shape of the one output, which is f32, or shape and dtype ("f32" or "i32") of each. */
export type OpOutputs = Shape | readonly OutputSpec[];
type Arrays<I extends readonly Tensor[]> = {
    readonly [K in keyof I]: OpArray;
};
/** What an op from outside is. I: its inputs, a tuple of tensors; A: its attributes; O: what `shape` returns. */
export interface OpDefinition<I extends readonly Tensor[], A extends OpAttributes, O extends OpOutputs> {
    /** The outputs' shapes; throws ShapeError for inputs that do not fit. Called while a step is recorded: no values are there. */
    shape(inputs: I, attributes: A): O;
    /**
     * Computes the op: the specification. Inputs are dense copies, outputs are zeros to fill. A row's result must depend on that row
     * alone (and on parameters), with its terms added in one order: then requests give the same bits in any batch.
     */
    reference(call: OpCall<Arrays<I>, A, O extends readonly OutputSpec[] ? {
        readonly [K in keyof O]: OpArray;
    } : readonly [OpArray]>): void;
    /** Bytes and operations, for `quire bench --breakdown`; default: every tensor once, one operation an element. */
    cost?: CustomOp["cost"];
    /** Fast code. A platform without any computes the reference, slowly, and says so once. */
    native?: {
        /** A shared library for the CPU: a URL (`new URL("./my-op.so", import.meta.url)`) or an absolute path. */
        cpu?: string | URL;
        /** The function in it; see native/include/quire_op.h. Default: the name's letters, digits and underscores. */
        symbol?: string;
        /** CUDA source, a URL or an absolute path. No platform of this version compiles it. */
        cuda?: string | URL;
    };
}
/** The function that a model calls: the inputs one after the other, then the attributes. */
export type Op<I extends readonly Tensor[], A extends OpAttributes, O extends OpOutputs> = (...args: Record<never, never> extends A ? [...inputs: I, attributes?: A] : [...inputs: I, attributes: A]) => O extends readonly OutputSpec[] ? {
    -readonly [K in keyof O]: Tensor;
} : Tensor;
/**
 * Makes an op of a name, a shape and a reference; it runs on every platform.
 *
 * @param name as it stands in messages and profiles; with the package in front it clashes with nobody's: "my-package/xielu"
 * @param base URL of a module, for paths in `native` that are relative
 * @returns the function that records it. It takes f32 and i32 tensors (views too), and parameters in plain order; it throws
 *   ShapeError for others, and what `shape` throws
 * @throws ConfigError for a name that Quire or another package has, or a definition that is none
 *
 * @example
 * export const squaredRelu = defineOp("my-package/squared-relu", {
 *   shape: ([x]: [Tensor]) => x.shape,
 *   reference({ inputs: [x], outputs: [out] }) {
 *     for (let i = 0; i < out.data.length; i++) out.data[i] = Math.max(0, x.data[i]!) ** 2;
 *   },
 * });
 */
export declare function defineOp<I extends readonly Tensor[], A extends OpAttributes = OpAttributes, const O extends OpOutputs = Shape>(name: string, definition: OpDefinition<I, A, O>, base?: string): Op<I, A, O>;
