import type { DType } from "../../tensor/dtype.js";
import type { NativeBinding } from "../native-binding.js";
import type { Address, CompiledProgram, KVCacheSpec, NoiseFill, Platform, PlatformMatrix, ProbeKind, RecordedProgram, RunTimes, RunTrace, StoredRows } from "../platform.js";
import type { Fusion } from "./lowering/fusion.js";
export interface CpuPlatformOptions {
    /** Compute threads. Default: the physical cores that this process may use. */
    threads?: number;
    /** avx512_bf16, avx512, avx2, neon or portable. Default: the best that the machine has. */
    isa?: string;
    /** Which fusions programs may use; tests compare with none. Default: all. */
    fusions?: readonly Fusion[];
    /** Told what is slower than it could be. Default: a warning of the process. */
    warn?: (line: string) => void;
}
/**
 * Opens the native CPU platform.
 * @throws UnsupportedError if the addon is not built or cannot be loaded, or the machine lacks the instruction set
 * @throws ConfigError if threads is not a whole number from 1 to 1024
 */
export declare function openCpuPlatform(options?: CpuPlatformOptions): CpuPlatform;
/** Instruction sets that openPlatform accepts here, best first. @throws UnsupportedError without the addon */
export declare function availableIsas(): string[];
export declare class CpuPlatform implements Platform {
    readonly name = "cpu";
    readonly isa: string;
    readonly threads: number;
    private readonly binding;
    private readonly fusions;
    private readonly allocations;
    private handle;
    private workspace;
    private workspaceBytes;
    private running;
    /** The native run under way. */
    private pending;
    /** Addresses of functions of ops from outside, by library and name. */
    private readonly opFunctions;
    private readonly announced;
    private readonly warn;
    private bytes;
    private readonly memoryLimit;
    private probeMemory;
    /** performance.now() less the binding's clock, milliseconds. */
    private readonly clockOffsetMs;
    constructor(binding: NativeBinding, options: CpuPlatformOptions);
    get description(): string;
    get allocatedBytes(): number;
    allocate(bytes: number, label: string): Address;
    free(address: Address): void;
    write(address: Address, bytes: Uint8Array): void;
    read(address: Address, target: Uint8Array): void;
    matrixBytes(rows: number, columns: number, dtype: DType): number;
    writeMatrixRows(matrix: PlatformMatrix, rowStart: number, numRows: number, source: Uint8Array, sourceDtype: DType): void;
    readMatrixRows(matrix: PlatformMatrix, rowStart: number, numRows: number): Float32Array;
    loadMatrixRows(loads: readonly StoredRows[], progress: (bytes: number) => void): Promise<void>;
    fillNoise(fills: readonly NoiseFill[]): Promise<void>;
    /** Runs records that no model recorded. */
    private runRecords;
    kvCacheBlockBytes(spec: KVCacheSpec): number;
    compile(program: RecordedProgram): CompiledProgram;
    /** @throws UnsupportedError when the library or the function in it cannot be used */
    private findOp;
    /** Says once that an op is slow. */
    private announce;
    run(programs: readonly CompiledProgram[]): Promise<RunTimes>;
    trace(programs: readonly CompiledProgram[]): Promise<RunTrace>;
    probe(what: ProbeKind): number;
    /** Waits for a running step. A second call does nothing. */
    dispose(): void;
    private start;
    /** One native run. */
    private runNatives;
    private finish;
    private own;
    /** All programs share one workspace, as they run one at a time. */
    private growWorkspace;
    /** Memory with pages of its own: untouched pages are all one page of zeros. */
    private touched;
    private open;
    /** Turns the addon's errors into Quire's. */
    private guard;
}
