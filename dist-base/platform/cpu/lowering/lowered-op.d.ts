/** The form between recorded ops and native records: kernels with arguments that still name buffers. */
import type { CompiledOp } from "../../platform.js";
import type { Storage, Tensor } from "../../../tensor/tensor.js";
import type { KernelName } from "../opcodes.js";
/** An address inside a storage; whether it is absolute is known once memory is planned. */
export interface Place {
    readonly storage: Storage;
    readonly byteOffset: number;
}
/** A number as it is, a place, or 0 for an optional address that is absent. */
export type Argument = number | Place;
/** What runs as TypeScript between native pieces: its arguments are the places that it reads and writes. */
export declare const hostKernel = "host";
export interface LoweredOp extends CompiledOp {
    readonly kernel: KernelName | typeof hostKernel;
    readonly args: readonly Argument[];
}
export declare function place(tensor: Tensor): Place;
export declare function optionalPlace(tensor: Tensor | undefined): Argument;
/** Whether a tensor is all of another, in the same order. */
export declare function isAllOf(tensor: Tensor, all: Tensor): boolean;
/** The start of a storage. */
export declare function whole(storage: Storage): Place;
/** Working memory of the program. */
export declare function temporary(bytes: number, label: string): Storage;
/**
 * Six numbers: address, n0, stride0, n1, stride1, n2 (native/cpu/kernel.h, View).
 * @throws ShapeError for more than three dimensions or a last one with gaps
 */
export declare function view(tensor: Tensor): Argument[];
