/** The reference platform's memory: ordinary ArrayBuffers, addressed as segment * 2^32 + offset. */
import type { DType } from "../../tensor/dtype.js";
import type { Tensor } from "../../tensor/tensor.js";
/** Typed array of a tensor's storage, as the reference kernels see it. bf16 and f16 are their raw bits. */
export type Elements = Float32Array | Float64Array | Int32Array | Uint16Array | Int8Array | Uint8Array;
export declare class ReferenceMemory {
    private readonly segments;
    private next;
    allocatedBytes: number;
    allocate(bytes: number, label: string): number;
    free(address: number): void;
    /** `bytes` bytes at an address. Throws a plain Error when the address is not allocated: a bug, not bad input. */
    bytes(address: number, bytes: number): Uint8Array;
    clear(): void;
}
/** Views raw bytes as elements of a dtype. */
export declare function elements(bytes: Uint8Array, dtype: DType): Elements;
/** A tensor with its values: element (i, j, …) is data[offset + i * strides[0] + j * strides[1] + …]. */
export interface View {
    readonly tensor: Tensor;
    readonly shape: readonly number[];
    readonly strides: readonly number[];
    readonly offset: number;
    readonly data: Elements;
}
/** One record with its values, as a reference kernel gets it. */
export interface KernelCall {
    readonly inputs: readonly View[];
    readonly outputs: readonly View[];
    /** Attribute as a number. */
    number(name: string): number;
    /** Attribute as a string. */
    text(name: string): string;
}
/** Computes one op, plainly, in double; rounds to f32 when it stores. */
export type ReferenceKernel = (call: KernelCall) => void;
/** Start of row `i` of a view in its data. */
export declare function rowStart(view: View, i: number): number;
