import { UnsupportedError } from "../util/errors.js";
/** A thread pool with the kernels of one instruction set. Opaque. */
export interface NativeHandle {
    readonly __handle: never;
}
/** A parsed program; freed by the garbage collector. Opaque. */
export interface NativeProgram {
    readonly __program: never;
}
/** Called on the event loop when a run has ended; `failure` is null when all went well. Times are those of clock(). */
export type RunFinished = (failure: string | null, failedProgram: number, failedRecord: number, started: number, ended: number) => void;
/** Functions of the addon. Addresses are pointers as plain numbers; failures are Errors whose code is QUIRE_NATIVE. */
export interface NativeBinding {
    /** Instruction sets that this machine has and the addon was built with; best first. */
    isas(): string[];
    open(isa: string, threads: number, finished: RunFinished): NativeHandle;
    /** Waits for a running step, then ends the threads. */
    close(handle: NativeHandle): void;
    /** `records`: [opcode, count, arguments ...] repeated. `relocations`: indexes of workspace-relative addresses. */
    createProgram(handle: NativeHandle, records: Float64Array, relocations: Int32Array): NativeProgram;
    /** Starts the programs, one after the other; the callback of open() reports. `workspace`: what relative addresses count from. */
    run(handle: NativeHandle, programs: readonly NativeProgram[], workspace: number, measure: number): void;
    /** Nanoseconds by the clock that times runs. */
    clock(): number;
    /** Of the last measured run, as `Spans` has them (src/util/spans.ts). */
    spans(handle: NativeHandle): Float64Array;
    /** One kernel on the pool, and waits; the array's address becomes its first argument. */
    runNow(handle: NativeHandle, opcode: number, args: Float64Array, array: Uint8Array | Float32Array): void;
    /** Address of a function in a shared library (native/include/quire_op.h), which stays loaded. */
    findOp(path: string, symbol: string): number;
    /** Zeroed memory; 0 when there is none. */
    allocate(bytes: number): number;
    free(address: number, bytes: number): void;
    write(address: number, bytes: Uint8Array): void;
    read(address: number, target: Uint8Array): void;
}
/** Where CMake leaves the addon. */
export declare const nativeBindingPath: string;
export type NativeBindingLoad = {
    readonly binding: NativeBinding;
}
/** missing: it was never built (no C++ compiler?). failed: it is there, and the system refuses to load it. */
 | {
    readonly binding: undefined;
    readonly reason: "missing" | "failed";
    readonly message: string;
};
/** Loads the addon, or says why it cannot; never throws. Callers decide what to do without it. */
export declare function tryLoadNativeBinding(path?: string): NativeBindingLoad;
/** The addon cannot be used; `reason` tells a missing build from a broken one. */
export declare class NativeBindingError extends UnsupportedError {
    readonly reason: "missing" | "failed";
    constructor(message: string, reason: "missing" | "failed");
}
/** @throws NativeBindingError saying why the addon cannot be used */
export declare function loadNativeBinding(path?: string): NativeBinding;
