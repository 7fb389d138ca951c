import type { DType } from "../../tensor/dtype.js";
import type { Address, CompiledProgram, KVCacheSpec, Platform, RecordedProgram, RunTimes, RunTrace } from "../platform.js";
type Matrix = Parameters<Platform["writeMatrixRows"]>[0];
export declare class ReferencePlatform implements Platform {
    readonly name = "reference";
    readonly description = "reference (plain TypeScript, one thread; slow, for checking)";
    private readonly memory;
    get allocatedBytes(): number;
    allocate(bytes: number, label: string): Address;
    free(address: Address): void;
    write(address: Address, bytes: Uint8Array): void;
    read(address: Address, target: Uint8Array): void;
    matrixBytes(rows: number, columns: number, dtype: DType): number;
    writeMatrixRows(matrix: Matrix, rowStart: number, numRows: number, source: Uint8Array, sourceDtype: DType): void;
    readMatrixRows(matrix: Matrix, rowStart: number, numRows: number): Float32Array;
    kvCacheBlockBytes(spec: KVCacheSpec): number;
    compile(program: RecordedProgram): CompiledProgram;
    run(programs: readonly CompiledProgram[]): Promise<RunTimes>;
    /** Yields to the event loop between ops, as it computes on it. */
    trace(programs: readonly CompiledProgram[]): Promise<RunTrace>;
    dispose(): void;
    private runRecord;
    private view;
}
export {};
