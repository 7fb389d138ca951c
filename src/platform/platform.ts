/** What a platform is: memory, weight layouts, and running a recorded program. Everything above talks to this alone. */
import type { DType } from "../tensor/dtype.js";
import type { StorageType } from "../tensor/storage-type.js";
import type { Tensor } from "../tensor/tensor.js";
import type { Spans } from "../util/spans.js";
import type { CustomOp } from "./custom-op.js";
import type { RunTransfers } from "./run-transfers.js";

/** A place in platform memory. A plain number; only the platform knows what it means. 0 is no place. */
export type Address = number;

/** One op of a program: what to compute, on which tensors, with which numbers. */
export interface OpRecord {
  /** The op's name: `rmsNorm`. One reference, one case table, one kernel a platform. */
  readonly op: string;
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
  readonly attributes: Readonly<Record<string, number | string>>;
  /** Full name of the module that recorded it, for messages and profiles. */
  readonly scope: string;
  /** Of an op from outside: how it is computed. */
  readonly custom?: CustomOp | undefined;
}

/** A recorded program as a platform sees it. */
export interface RecordedProgram {
  readonly label: string;
  readonly records: readonly OpRecord[];
  /** Values with names of their own, for `quire check`. */
  readonly taps?: readonly { readonly name: string; readonly tensor: Tensor }[];
}

/** One kernel call of a compiled program. */
export interface CompiledOp {
  /** The kernel's name; the op's own where nothing is fused. */
  readonly kernel: string;
  /** The records that it computes; the last names it in messages. */
  readonly records: readonly OpRecord[];
  /** Does a part of a record that another kernel call stands for: packs its input, merges its results. */
  readonly helps?: boolean;
}

/** A program that was lowered and planned for this platform; replayed any number of times. */
export interface CompiledProgram {
  readonly label: string;
  /** What it does, in order. */
  readonly ops: readonly CompiledOp[];
  /** Bytes of working memory that it needs while it runs. */
  readonly workspaceBytes: number;
  /** Some of its ops run here, in TypeScript: it runs while nothing else does. */
  readonly needsHost?: boolean;
  dispose(): void;
}

/** What one layer caches of a token: a key and a value of each kv head. */
export interface KVCacheShape {
  readonly numKvHeads: number;
  readonly headDim: number;
  /**
   * Set for latents: a token has one row of headDim elements and no values of its own; the row's first latentDim elements are
   * the value. numKvHeads is then 1.
   */
  readonly latentDim?: number | undefined;
}

/** One layer's paged KV cache. Only a platform knows how many bytes that is (`kvCacheBlockBytes`). */
export interface KVCacheSpec extends KVCacheShape {
  /** Tokens of one block. */
  readonly blockSize: number;
  readonly dtype: "f32" | "bf16";
}

/** When a run was given to the platform's threads and when its last op ended, in milliseconds of performance.now(). */
export interface RunTimes {
  readonly startMs: number;
  readonly endMs: number;
}

/** A measured run: the ops are those of its programs, one program after the other. */
export interface RunTrace extends RunTimes, Spans {}

/** What a platform can probe: a plain read of memory, or multiply-adds of one type. */
export type ProbeKind = "read" | "f32" | "bf16";

/** A matrix in platform memory. */
export interface PlatformMatrix {
  readonly address: Address;
  readonly rows: number;
  readonly columns: number;
  readonly dtype: DType;
}

/** Rows of a matrix that lie in an open file. */
export interface StoredRows {
  readonly matrix: PlatformMatrix;
  /** First row of the matrix that is written, and how many. */
  readonly rowStart: number;
  readonly numRows: number;
  /** f32, bf16, f16 or a GGUF block type; a row is whole blocks. */
  readonly storage: StorageType;
  readonly descriptor: number;
  /** Row i of the file begins at byte position + i * rowBytes. */
  readonly position: number;
  readonly rowBytes: number;
  /** The row of the file that becomes rowStart; the others follow. */
  readonly sourceRow: number;
  /** Rows of a head in the file whose two halves alternate (`FilePlace.pairedRows` of a checkpoint); 0: in order. */
  readonly pairedRows: number;
  /** File and tensor, for errors. */
  readonly label: string;
}

/** Memory to be filled with `noise` (src/tensor/noise.ts): a matrix, or dense f32. */
export interface NoiseFill {
  readonly target: PlatformMatrix;
  readonly isMatrix: boolean;
  readonly seed: number;
  readonly centre: number;
  readonly scale: number;
}

/**
 * A device that holds memory and runs programs. Addresses, layouts and compiled programs of one platform mean nothing
 * to another. All methods but `run` are quick and synchronous; `run` computes off the event loop where it can.
 */
export interface Platform {
  /** `reference`, `cpu` … */
  readonly name: string;
  /** One line for logs: instruction set, threads. */
  readonly description: string;
  /** Bytes that allocate() has handed out and that were not freed. */
  readonly allocatedBytes: number;

  /** Zeroed memory of `bytes`, aligned to 64. @throws ResourceError when there is none */
  allocate(bytes: number, label: string): Address;
  free(address: Address): void;
  /**
   * Gives an allocation's pages back to the system while nothing needs its contents: the address stays, and reads as zeros.
   * A platform without it keeps its memory. Never called during a run.
   */
  discard?(address: Address): void;
  /** Copies bytes into platform memory. The platform must not be running a program that reads them. */
  write(address: Address, bytes: Uint8Array): void;
  /** Copies bytes out of platform memory. */
  read(address: Address, target: Uint8Array): void;

  /** Bytes of a [rows, columns] matrix of `dtype` (f32, bf16 or i8) in this platform's matrix layout. */
  matrixBytes(rows: number, columns: number, dtype: DType): number;
  /**
   * Puts dense rows into a matrix, converting to its dtype (f32 to bf16 rounds to nearest even).
   *
   * @param matrix      the matrix: where, its [rows, columns], its dtype
   * @param rowStart    first row that is written
   * @param source      numRows * columns elements, row-major
   * @param sourceDtype f32, f16, bf16, or i8 for an i8 matrix
   */
  writeMatrixRows(
    matrix: PlatformMatrix,
    rowStart: number,
    numRows: number,
    source: Uint8Array,
    sourceDtype: DType,
  ): void;
  /** Copies rows out again as f32, row-major; for tests and `quire check`. */
  readMatrixRows(matrix: PlatformMatrix, rowStart: number, numRows: number): Float32Array;

  /**
   * Reads rows from files, converts and packs them, on all threads and off the event loop; GGUF blocks become what
   * dequantizeGguf makes of them. A platform without it gets rows by writeMatrixRows.
   *
   * @param progress told the bytes done so far, now and then
   * @throws CheckpointError (as a rejection) naming the tensor where a file ends early or cannot be read
   */
  loadMatrixRows?(loads: readonly StoredRows[], progress: (bytes: number) => void): Promise<void>;
  /** Fills memory on all threads, off the event loop; a platform without it gets values by writeMatrixRows and write. */
  fillNoise?(fills: readonly NoiseFill[]): Promise<void>;

  /**
   * Bytes of one block of one layer's KV cache (keys and values). Block b lies at base + b * stride, where the stride is
   * this or more: the second size of the cache's tensor.
   */
  kvCacheBlockBytes(spec: KVCacheSpec): number;

  /** Lowers and plans a program. @throws UnsupportedError naming the record when an op has no kernel here */
  compile(program: RecordedProgram): CompiledProgram;
  /** How many runs may be under way: each waits for the one before. Default 1. */
  readonly maxRuns?: number;
  /**
   * Runs programs one after the other, and resolves when their results can be read. A run waits for those that were given before it,
   * of which there are fewer than `maxRuns`, none if any of the programs involved needs the host; runs end in their order.
   * @param transfers what is brought before and taken after
   * @throws QuireError naming the record (op, shapes, scope) when a kernel fails; runs that wait for this one then fail too
   */
  run(programs: readonly CompiledProgram[], transfers?: RunTransfers): Promise<RunTimes>;
  /** As run(), and measures every thread in every op; a little slower. */
  trace(programs: readonly CompiledProgram[], transfers?: RunTransfers): Promise<RunTrace>;
  /**
   * What the machine gives at this moment, to compare with: bytes per second of a plain read of memory by all threads, or
   * operations per second (a multiply-add is two) without memory. Holds the caller for some milliseconds.
   */
  probe?(what: ProbeKind): number;
  /** Frees everything. Programs and addresses are void afterwards. */
  dispose(): void;
}
