/** The native CPU platform: C++ kernels for the best instruction set of this machine, on a thread pool of its own. */
import { totalmem } from "node:os";
import type { DType } from "../../tensor/dtype.js";
import { dtypeBytes } from "../../tensor/dtype.js";
import { formatShape } from "../../tensor/shape.js";
import {
  CheckpointError,
  ConfigError,
  LifetimeError,
  QuireError,
  ResourceError,
  ShapeError,
  UnsupportedError,
} from "../../util/errors.js";
import { messageOf } from "../../util/text.js";
import type { NativeBinding, NativeHandle, RunFinished } from "../native-binding.js";
import { loadNativeBinding } from "../native-binding.js";
import type {
  Address,
  CompiledProgram,
  KVCacheSpec,
  NoiseFill,
  Platform,
  PlatformMatrix,
  ProbeKind,
  RecordedProgram,
  RunTimes,
  RunTrace,
  StoredRows,
} from "../platform.js";
import { RunTransfers } from "../run-transfers.js";
import type { NativePiece, ProgramPiece } from "./cpu-program.js";
import { CpuProgram, isNative } from "./cpu-program.js";
import { defaultThreads } from "./default-threads.js";
import { kvCacheBlockBytes } from "./kv-cache-layout.js";
import { encode } from "./lowering/encode.js";
import type { Fusion } from "./lowering/fusion.js";
import { cpuFusions } from "./lowering/fusions.js";
import { lower } from "./lowering/lower.js";
import type { LoweredOp } from "./lowering/lowered-op.js";
import { kernelDType, matrixBytes } from "./matrix-layout.js";
import { opcodes } from "./opcodes.js";
import { encodeFills, encodeLoads } from "./weight-records.js";

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

const notMeasured = new Float64Array(0);
const nothing = new RunTransfers();

/** Far more than a cache holds. */
const probeBytes = 512 << 20;

interface Allocation {
  readonly bytes: number;
  readonly label: string;
}

interface PendingRun {
  /** Held here, so that disposing a program meanwhile does not free it under the kernels. */
  readonly pieces: readonly ProgramPiece<NativePiece>[];
  readonly measure: boolean;
  readonly transfers: RunTransfers | undefined;
  resolve(times: RunTrace): void;
  reject(error: Error): void;
}

/**
 * Opens the native CPU platform.
 * @throws UnsupportedError if the addon is not built or cannot be loaded, or the machine lacks the instruction set
 * @throws ConfigError if threads is not a whole number from 1 to 1024
 */
export function openCpuPlatform(options: CpuPlatformOptions = {}): CpuPlatform {
  return new CpuPlatform(loadNativeBinding(), options);
}

/** Instruction sets that openPlatform accepts here, best first. @throws UnsupportedError without the addon */
export function availableIsas(): string[] {
  return loadNativeBinding().isas();
}

export class CpuPlatform implements Platform {
  readonly name = "cpu";
  readonly maxRuns = 2;
  readonly isa: string;
  readonly threads: number;
  private readonly binding: NativeBinding;
  private readonly fusions: readonly Fusion[];
  private readonly allocations = new Map<Address, Allocation>();
  private handle: NativeHandle | undefined;
  private workspace: Address = 0;
  private workspaceBytes = 0;
  /** Earlier, smaller workspaces that runs under way may still use. */
  private readonly outgrown: Address[] = [];
  /** Programs with ops in TypeScript run. */
  private isAlone = false;
  /** The native runs under way, in their order. */
  private readonly pending: PendingRun[] = [];
  /** Addresses of functions of ops from outside, by library and name. */
  private readonly opFunctions = new Map<string, Address>();
  private readonly announced = new Set<string>();
  private readonly warn: (line: string) => void;
  private bytes = 0;
  private readonly memoryLimit = Math.min(totalmem(), process.constrainedMemory?.() || Infinity);
  private probeMemory: Address = 0;
  /** performance.now() less the binding's clock, milliseconds. */
  private readonly clockOffsetMs: number;

  constructor(binding: NativeBinding, options: CpuPlatformOptions) {
    this.binding = binding;
    this.fusions = options.fusions ?? cpuFusions;
    this.warn = options.warn ?? ((line) => process.emitWarning(line));
    this.threads = options.threads ?? defaultThreads();
    if (!Number.isInteger(this.threads) || this.threads < 1 || this.threads > 1024)
      throw new ConfigError(`CPU platform: threads must be a whole number from 1 to 1024, got ${this.threads}`);
    const isas = binding.isas();
    this.isa = options.isa ?? isas[0]!;
    if (!isas.includes(this.isa))
      throw new UnsupportedError(
        `CPU platform: no instruction set "${this.isa}" on this machine; it has ${isas.join(", ")}`,
      );
    this.clockOffsetMs = clockOffset(binding);
    this.handle = this.guard(() => binding.open(this.isa, this.threads, (...result) => this.finish(...result)));
  }

  get description(): string {
    return `cpu (${this.isa}, ${this.threads} ${this.threads === 1 ? "thread" : "threads"})`;
  }

  get allocatedBytes(): number {
    return this.bytes;
  }

  allocate(bytes: number, label: string): Address {
    this.open();
    if (!Number.isInteger(bytes) || bytes < 0)
      throw new ShapeError(`allocate ${label}: ${bytes} is no number of bytes`);
    const limit = this.memoryLimit;
    const address = this.bytes + bytes <= limit ? this.binding.allocate(bytes) : 0;
    if (address === 0)
      throw new ResourceError(
        `${label}: ${inMiB(bytes)} + ${inMiB(this.bytes)} already allocated is more than the ${inMiB(limit)} of memory here, ` +
          "or the system refused; use a smaller model, a smaller KV cache or a machine with more memory",
      );
    this.allocations.set(address, { bytes, label });
    this.bytes += bytes;
    return address;
  }

  free(address: Address): void {
    const allocation = this.allocations.get(address);
    if (!allocation) throw new LifetimeError(`free: ${address} is not an address that allocate gave out, or was freed`);
    this.allocations.delete(address);
    this.bytes -= allocation.bytes;
    this.binding.free(address, allocation.bytes);
  }

  discard(address: Address): void {
    const allocation = this.allocations.get(address);
    if (!allocation) throw new LifetimeError(`discard: ${address} is not an address that allocate gave out`);
    this.binding.discard(address, allocation.bytes);
  }

  write(address: Address, bytes: Uint8Array): void {
    this.open();
    this.binding.write(address, bytes);
  }

  read(address: Address, target: Uint8Array): void {
    this.open();
    this.binding.read(address, target);
  }

  matrixBytes(rows: number, columns: number, dtype: DType): number {
    return matrixBytes(rows, columns, dtype);
  }

  writeMatrixRows(
    matrix: PlatformMatrix,
    rowStart: number,
    numRows: number,
    source: Uint8Array,
    sourceDtype: DType,
  ): void {
    const handle = this.open();
    checkRows("writeMatrixRows", matrix, rowStart, numRows);
    const needed = numRows * matrix.columns * dtypeBytes[sourceDtype];
    const isFloat = sourceDtype === "f32" || sourceDtype === "f16" || sourceDtype === "bf16";
    if (matrix.dtype === "i8" ? sourceDtype !== "i8" : !isFloat)
      throw new UnsupportedError(`writeMatrixRows: ${sourceDtype} rows do not become a ${matrix.dtype} matrix`);
    if (source.byteLength < needed)
      throw new ShapeError(
        `writeMatrixRows: ${numRows} rows of ${matrix.columns} ${sourceDtype} are ${needed} bytes, got ${source.byteLength}`,
      );
    if (numRows === 0) return;
    const { address, rows, columns, dtype } = matrix;
    const args = [0, kernelDType(sourceDtype), address, kernelDType(dtype), rows, columns, rowStart, numRows];
    this.guard(() => this.binding.runNow(handle, opcodes.writeMatrixRows, Float64Array.from(args), source));
  }

  readMatrixRows(matrix: PlatformMatrix, rowStart: number, numRows: number): Float32Array {
    const handle = this.open();
    checkRows("readMatrixRows", matrix, rowStart, numRows);
    const { address, rows, columns, dtype } = matrix;
    const out = new Float32Array(numRows * columns);
    const args = [0, address, kernelDType(dtype), rows, columns, rowStart, numRows];
    this.guard(() => this.binding.runNow(handle, opcodes.readMatrixRows, Float64Array.from(args), out));
    return out;
  }

  async loadMatrixRows(loads: readonly StoredRows[], progress: (bytes: number) => void): Promise<void> {
    for (const { matrix, rowStart, numRows } of loads) checkRows("loadMatrixRows", matrix, rowStart, numRows);
    const counter = this.allocate(8, "progress of loading");
    const done = new BigInt64Array(1);
    const timer = setInterval(() => {
      this.read(counter, new Uint8Array(done.buffer));
      progress(Number(done[0]));
    }, 40);
    try {
      await this.runRecords(loads.length, encodeLoads(loads, counter), (record, message) => {
        return new CheckpointError(`${loads[record]!.label}: ${message}; download it again`);
      });
    } finally {
      clearInterval(timer);
      if (this.handle) this.free(counter);
    }
  }

  async fillNoise(fills: readonly NoiseFill[]): Promise<void> {
    await this.runRecords(fills.length, encodeFills(fills));
  }

  /** Runs records that no model recorded. */
  private async runRecords(count: number, records: Float64Array, failure?: CpuProgram["failure"]): Promise<void> {
    if (count === 0) return;
    const handle = this.open();
    const native = this.guard(() => this.binding.createProgram(handle, records, new Int32Array(0)));
    const program = new CpuProgram(this, "weights", [], 0, [{ firstOp: 0, native }]);
    if (failure) program.failure = failure;
    await this.start([program], false);
  }

  kvCacheBlockBytes(spec: KVCacheSpec): number {
    return kvCacheBlockBytes(spec);
  }

  compile(program: RecordedProgram): CompiledProgram {
    const handle = this.open();
    const ops = lower(program, this.threads, this.fusions, (path, symbol) => this.findOp(path, symbol));
    const { pieces, workspaceBytes } = encode(ops);
    const placed = pieces.map((piece) => {
      if ("host" in piece) {
        this.announce(piece.host);
        return piece;
      }
      const { firstOp, records, relocations } = piece;
      return { firstOp, native: this.guard(() => this.binding.createProgram(handle, records, relocations)) };
    });
    return new CpuProgram(this, program.label, ops, workspaceBytes, placed);
  }

  /** @throws UnsupportedError when the library or the function in it cannot be used */
  private findOp(path: string, symbol: string): Address {
    const key = `${path} ${symbol}`;
    let address = this.opFunctions.get(key);
    if (address !== undefined) return address;
    try {
      address = this.binding.findOp(path, symbol);
    } catch (cause) {
      throw new UnsupportedError(`op from outside: ${path} ${messageOf(cause)}`, { cause });
    }
    this.opFunctions.set(key, address);
    return address;
  }

  /** Says once that an op is slow. */
  private announce({ records }: LoweredOp): void {
    const { op } = records[0]!;
    if (this.announced.has(op)) return;
    this.announced.add(op);
    this.warn(
      `WARNING: op ${op} has no native code for the CPU: its TypeScript reference runs between native pieces, on one thread, slowly`,
    );
  }

  run(programs: readonly CompiledProgram[], transfers?: RunTransfers): Promise<RunTimes> {
    return this.start(programs, false, transfers);
  }

  trace(programs: readonly CompiledProgram[], transfers?: RunTransfers): Promise<RunTrace> {
    return this.start(programs, true, transfers);
  }

  probe(what: ProbeKind): number {
    const handle = this.open();
    const result = new Float32Array(16);
    if (what === "read") this.probeMemory ||= this.touched(probeBytes);
    const rounds = 400;
    const args = what === "read" ? [0, this.probeMemory, probeBytes] : [0, kernelDType(what), rounds];
    const opcode = what === "read" ? opcodes.readMemory : opcodes.multiplyPeak;
    const start = process.hrtime.bigint();
    this.guard(() => this.binding.runNow(handle, opcode, Float64Array.from(args), result));
    const seconds = Number(process.hrtime.bigint() - start) / 1e9;
    if (what === "read") return probeBytes / seconds;
    const sums = this.isa.startsWith("avx512") ? 24 : this.isa === "avx2" ? 6 : 3;
    const products = what === "bf16" && this.isa === "avx512_bf16" ? 32 : 16;
    return (rounds * 1024 * sums * products * 2 * this.threads) / seconds;
  }

  /** Waits for a running step. A second call does nothing. */
  dispose(): void {
    if (!this.handle) return;
    this.binding.close(this.handle);
    this.handle = undefined;
    for (const [address, { bytes }] of this.allocations) this.binding.free(address, bytes);
    this.allocations.clear();
    this.workspace = this.workspaceBytes = this.bytes = this.probeMemory = 0;
    this.outgrown.length = 0;
    for (const pending of this.pending.splice(0))
      pending.reject(new LifetimeError("CPU platform: disposed while a step was running"));
  }

  private async start(
    programs: readonly CompiledProgram[],
    measure: boolean,
    transfers?: RunTransfers,
  ): Promise<RunTrace> {
    this.open();
    const ours = programs.map((program) => this.own(program));
    const pieces: ProgramPiece[] = ours.flatMap((program) => program.pieces!.map((piece) => ({ program, piece })));
    const natives = pieces.every(isNative) ? pieces : undefined;
    const numUnderWay = this.pending.length;
    if (this.isAlone || (natives === undefined && numUnderWay > 0))
      throw new LifetimeError(
        "CPU platform: run was called before the last run ended; programs with ops in TypeScript take one call at a time",
      );
    if (numUnderWay >= this.maxRuns)
      throw new LifetimeError(`CPU platform: run was called while ${numUnderWay} runs are under way; that is the most`);
    this.growWorkspace(Math.max(0, ...ours.map((program) => program.workspaceBytes)));
    if (natives !== undefined) return this.runNatives(natives, measure, transfers);
    this.isAlone = true;
    try {
      const { runPieces } = await import("./host-piece.js");
      transfers?.bring(this);
      const run = (some: readonly ProgramPiece<NativePiece>[]) => this.runNatives(some, measure);
      const trace = await runPieces(pieces, this, this.workspace, run, this.threads);
      transfers?.take(this);
      return trace;
    } finally {
      this.isAlone = false;
    }
  }

  /** One native run, after those that are under way. */
  private runNatives(
    pieces: readonly ProgramPiece<NativePiece>[],
    measure: boolean,
    transfers?: RunTransfers,
  ): Promise<RunTrace> {
    const handle = this.open();
    const natives = pieces.map(({ piece }) => piece.native);
    return new Promise<RunTrace>((resolve, reject) => {
      const { moves, numMoves, data } = transfers ?? nothing;
      this.guard(() => this.binding.run(handle, natives, this.workspace, Number(measure), moves, numMoves, data));
      this.pending.push({ pieces, measure, transfers, resolve, reject });
    });
  }

  private finish(...[failure, failedProgram, failedRecord, started, ended]: Parameters<RunFinished>): void {
    const pending = this.pending.shift();
    if (!pending || !this.handle) return;
    if (this.pending.length === 0) for (const address of this.outgrown.splice(0)) this.free(address);
    if (failure !== null) {
      const failed = pending.pieces[failedProgram];
      if (failed === undefined) return pending.reject(new QuireError("KERNEL", `CPU platform: ${failure}`));
      return pending.reject(failed.program.errorOf(failed.piece.firstOp + failedRecord, failure));
    }
    const { transfers, measure } = pending;
    if (transfers) this.binding.results(this.handle, transfers.allocateResults());
    const spans = measure ? this.binding.spans(this.handle) : notMeasured;
    const { clockOffsetMs, threads } = this;
    pending.resolve({ startMs: clockOffsetMs + started / 1e6, endMs: clockOffsetMs + ended / 1e6, threads, spans });
  }

  private own(program: CompiledProgram): CpuProgram {
    if (!(program instanceof CpuProgram) || program.platform !== this)
      throw new LifetimeError(`CPU platform: program "${program.label}" was compiled by another platform`);
    if (!program.pieces) throw new LifetimeError(`CPU platform: program "${program.label}" is disposed`);
    return program;
  }

  /** All programs share one workspace, as they run one after the other. */
  private growWorkspace(bytes: number): void {
    if (bytes <= this.workspaceBytes) return;
    if (this.workspace && this.pending.length > 0) this.outgrown.push(this.workspace);
    else if (this.workspace) this.free(this.workspace);
    this.workspace = this.workspaceBytes = 0;
    this.workspace = this.allocate(bytes, "working memory of a step");
    this.workspaceBytes = bytes;
  }

  /** Memory with pages of its own: untouched pages are all one page of zeros. */
  private touched(bytes: number): Address {
    const address = this.allocate(bytes, "memory probe");
    const piece = new Uint8Array(16 << 20).fill(1);
    for (let at = 0; at < bytes; at += piece.length) this.binding.write(address + at, piece);
    return address;
  }

  private open(): NativeHandle {
    if (!this.handle) throw new LifetimeError("CPU platform: it is disposed");
    return this.handle;
  }

  /** Turns the addon's errors into Quire's. */
  private guard<T>(call: () => T): T {
    try {
      return call();
    } catch (error) {
      throw new QuireError("KERNEL", `CPU platform: ${messageOf(error)}`, {
        cause: error,
      });
    }
  }
}

/** The two clocks are read one after the other; the closest of a few pairs counts. */
function clockOffset(binding: NativeBinding): number {
  let best = Infinity;
  let offset = 0;
  for (let i = 0; i < 10; i++) {
    const before = performance.now();
    const native = binding.clock();
    const after = performance.now();
    if (after - before < best) offset = (before + after) / 2 - native / 1e6;
    best = Math.min(best, after - before);
  }
  return offset;
}

function checkRows(what: string, { rows, columns }: PlatformMatrix, rowStart: number, numRows: number): void {
  if (!(rowStart >= 0 && numRows >= 0 && rowStart + numRows <= rows))
    throw new ShapeError(
      `${what}: rows ${rowStart} .. ${rowStart + numRows} of a ${formatShape([rows, columns])} matrix`,
    );
}

function inMiB(bytes: number): string {
  return bytes === Infinity ? "unlimited" : `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}
