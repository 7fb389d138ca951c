/** The typed mirror of native/binding: what the compiled addon exports, and how it is found. */
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { UnsupportedError } from "../util/errors.js";
import { packageRoot } from "../util/package-root.js";
import { messageOf } from "../util/text.js";
import { expectedContract } from "./native-contract.js";

/** A thread pool with the kernels of one instruction set. Opaque. */
export interface NativeHandle {
  readonly __handle: never;
}
/** A parsed program; freed by the garbage collector. Opaque. */
export interface NativeProgram {
  readonly __program: never;
}

/**
 * Called on the event loop when a run has ended; `failure` is null when all went well. `failedProgram` is -1 where the run
 * never began because the one before it failed. Times are those of clock().
 */
export type RunFinished = (
  failure: string | null,
  failedProgram: number,
  failedRecord: number,
  started: number,
  ended: number,
) => void;

/** Functions of the addon. Addresses are pointers as plain numbers; failures are Errors whose code is QUIRE_NATIVE. */
export interface NativeBinding {
  /** Hash of the files that both sides must agree on. */
  readonly contract: string;
  /** Instruction sets that this machine has and the addon was built with; best first. */
  isas(): string[];
  open(isa: string, threads: number, finished: RunFinished): NativeHandle;
  /** Waits for a running step, then ends the threads. Steps that wait behind it are dropped. */
  close(handle: NativeHandle): void;
  /** `records`: [opcode, count, arguments ...] repeated. `relocations`: indexes of workspace-relative addresses. */
  createProgram(handle: NativeHandle, records: Float64Array, relocations: Int32Array): NativeProgram;
  /**
   * Runs the programs, one after the other, after the runs that were given before; the callback of open() reports runs in their
   * order. `workspace`: what relative addresses count from. `moves`, `numMoves`, `data`: those of a RunTransfers.
   */
  run(
    handle: NativeHandle,
    programs: readonly NativeProgram[],
    workspace: number,
    measure: number,
    moves: Float64Array,
    numMoves: number,
    data: Uint8Array,
  ): void;
  /** Inside the callback of open(): what the run that it reports read, as far as it fits. */
  results(handle: NativeHandle, target: Uint8Array): void;
  /** Nanoseconds by the clock that times runs. */
  clock(): number;
  /** Inside the callback of open(): of the run that it reports, as `Spans` has them (src/util/spans.ts). */
  spans(handle: NativeHandle): Float64Array;
  /** One kernel on the pool, and waits; the array's address becomes its first argument. */
  runNow(handle: NativeHandle, opcode: number, args: Float64Array, array: Uint8Array | Float32Array): void;
  /** Address of a function in a shared library (native/include/quire_op.h), which stays loaded. */
  findOp(path: string, symbol: string): number;
  /** Zeroed memory; 0 when there is none. */
  allocate(bytes: number): number;
  free(address: number, bytes: number): void;
  /** Gives the pages back to the system; the memory then reads as zeros. */
  discard(address: number, bytes: number): void;
  write(address: number, bytes: Uint8Array): void;
  read(address: number, target: Uint8Array): void;
}

/** Builds the addon, in a clone and where the package is installed. */
const buildScript = relative(process.cwd(), join(packageRoot, "scripts", "build.mjs"));

/** Where CMake leaves the addon. */
export const nativeBindingPath = join(packageRoot, "build", "native", "quire_cpu.node");

export type NativeBindingLoad =
  | { readonly binding: NativeBinding }
  | { readonly binding: undefined; readonly reason: WhyNoBinding; readonly message: string };

/**
 * missing: it was never built (no C++ compiler?). failed: it is there, and the system refuses to load it. stale: it was built from
 * other sources, and would compute nonsense or crash.
 */
export type WhyNoBinding = "missing" | "failed" | "stale";

/** Loads the addon, or says why it cannot; never throws. Callers decide what to do without it. */
export function tryLoadNativeBinding(path = nativeBindingPath): NativeBindingLoad {
  if (!existsSync(path)) return { binding: undefined, reason: "missing", message: whyMissing(path) };
  try {
    const binding = createRequire(import.meta.url)(path) as NativeBinding;
    if (binding.contract === expectedContract()) return { binding };
    return { binding: undefined, reason: "stale", message: whyStale(path, binding.contract) };
  } catch (error) {
    const detail = messageOf(error);
    return {
      binding: undefined,
      reason: "failed",
      message: `native CPU platform: ${path} cannot be loaded: ${detail}; delete build/native and build again`,
    };
  }
}

function whyStale(path: string, found: string | undefined): string {
  const is = found === undefined ? "is older than" : "was built from other sources than";
  return `native CPU platform: ${path} ${is} this Quire (its kernels are not the ones that are called); build it again: node ${buildScript}`;
}

/** The build leaves a file beside the addon's place when it cannot build it; that is the best explanation. */
function whyMissing(path: string): string {
  const note = join(dirname(path), "not-built.txt");
  const reason = existsSync(note) ? readFileSync(note, "utf8").trim() : `${path} does not exist`;
  return `native CPU kernels: ${reason}; build them with CMake and a C++17 compiler: node ${buildScript}`;
}

/** The addon cannot be used; `reason` tells a missing build from a broken or stale one. */
export class NativeBindingError extends UnsupportedError {
  readonly reason: WhyNoBinding;

  constructor(message: string, reason: WhyNoBinding) {
    super(message);
    this.reason = reason;
  }
}

/** @throws NativeBindingError saying why the addon cannot be used */
export function loadNativeBinding(path = nativeBindingPath): NativeBinding {
  const load = tryLoadNativeBinding(path);
  if (!load.binding) throw new NativeBindingError(load.message, load.reason);
  return load.binding;
}
