/** A platform that runs programs op by op on another one, so that every value can be read, or replaced, on the way. */
import type { CompiledProgram, OpRecord, Platform, RecordedProgram, RunTimes } from "../platform/platform.js";
import type { RunTransfers } from "../platform/run-transfers.js";
import { bf16ToF32, f16ToF32 } from "../tensor/convert.js";
import { dtypeBytes } from "../tensor/dtype.js";
import { Parameter } from "../tensor/parameter.js";
import type { Shape } from "../tensor/shape.js";
import { numElements, rowMajorStrides } from "../tensor/shape.js";
import type { Storage } from "../tensor/tensor.js";
import { createStorage, Tensor } from "../tensor/tensor.js";
import { UnsupportedError } from "../util/errors.js";
import { readParameter } from "./parameter-memory.js";

/** Looks at a run. Both are awaited; while they run, values may be read and written, and other records run. */
export interface StepVisitor {
  /** May give a record to run instead, with the same outputs. */
  before?(record: OpRecord, program: RecordedProgram): Promise<OpRecord | undefined>;
  after?(record: OpRecord, program: RecordedProgram): Promise<void>;
}

interface TracedProgram extends CompiledProgram {
  readonly recorded: RecordedProgram;
}

/**
 * `platform` is what the worker gets in place of `inner`: all but `compile` and `run` goes straight through. Nothing is fused,
 * and every value of a program keeps its place until the program is disposed.
 */
export class TracingPlatform {
  readonly platform: Platform;
  visitor: StepVisitor | undefined;
  private readonly inner: Platform;
  private readonly compiled = new Map<OpRecord, CompiledProgram>();

  constructor(inner: Platform) {
    this.inner = inner;
    const own: Partial<Platform> = {
      compile: (program) => this.compile(program),
      run: (programs, transfers) => this.run(programs, transfers),
      maxRuns: 1,
      trace: () => Promise.reject(new UnsupportedError("a run that is traced op by op cannot be measured")),
    };
    this.platform = new Proxy(inner, {
      get: (target, key) => {
        const value: unknown = Reflect.get(own, key) ?? Reflect.get(target, key);
        return typeof value === "function" ? (value as () => unknown).bind(target) : value;
      },
    });
  }

  /** Runs single records, now. Their inputs must have been computed. */
  async runRecords(records: readonly OpRecord[]): Promise<void> {
    for (const record of records) {
      for (const { storage } of record.outputs) this.placeStorage(storage);
      let program = this.compiled.get(record);
      if (!program) {
        program = this.inner.compile({ label: `op ${record.op}`, records: [record] });
        this.compiled.set(record, program);
      }
      await this.inner.run([program]);
    }
  }

  /** Drops what was compiled for records that will not run again. */
  forget(records: readonly OpRecord[]): void {
    for (const record of records) {
      this.compiled.get(record)?.dispose();
      this.compiled.delete(record);
    }
  }

  /** All values of a tensor or parameter as f32, row-major. */
  read(tensor: Tensor): Float32Array {
    if (tensor instanceof Parameter && tensor.layout === "matrix") return readParameter(this.inner, tensor);
    const values = this.readStorage(tensor);
    const out = new Float32Array(tensor.numElements);
    forEachElement(tensor, (i, at) => (out[i] = values[at]!));
    return out;
  }

  /** Replaces the values of a f32 or i32 tensor; its place must be known (its program has run up to here). */
  write(tensor: Tensor, values: Float32Array): void {
    const { storage, dtype } = tensor;
    if (dtype !== "f32" && dtype !== "i32")
      throw new UnsupportedError(`${tensor}: only f32 and i32 values can be replaced`);
    const bytes = new Uint8Array(storage.bytes);
    if (!tensor.isDense || tensor.bytes !== storage.bytes) this.inner.read(this.addressOf(storage), bytes);
    const all = dtype === "f32" ? new Float32Array(bytes.buffer) : new Int32Array(bytes.buffer);
    forEachElement(tensor, (i, at) => (all[at] = values[i]!));
    this.inner.write(this.addressOf(storage), bytes);
  }

  /** A tensor of its own, with values, for records that are made up. Free it by `free`. */
  scratch(shape: Shape, values?: Float32Array): Tensor {
    const bytes = 4 * numElements(shape);
    const storage = createStorage("external", bytes, "scratch", this.inner.allocate(bytes, "scratch"));
    const tensor = new Tensor(storage, shape, "f32");
    if (values) this.write(tensor, values);
    return tensor;
  }

  /** A row-major f32 parameter with values, for records that are made up. */
  scratchParameter(shape: Shape, values: Float32Array): Parameter {
    const { storage } = this.scratch(shape, values);
    return new Parameter("scratch", storage, shape, "f32", "rowMajor");
  }

  free(tensor: Tensor): void {
    this.inner.free(this.addressOf(tensor.storage));
  }

  private compile(program: RecordedProgram): TracedProgram {
    const placed: Storage[] = [];
    for (const { outputs } of program.records)
      for (const { storage } of outputs) if (storage.address === undefined) placed.push(storage);
    const dispose = (): void => {
      this.forget(program.records);
      for (const storage of placed) {
        if (storage.address !== undefined) this.inner.free(storage.address);
        storage.address = undefined;
      }
    };
    return { label: program.label, ops: [], workspaceBytes: 0, recorded: program, dispose };
  }

  private async run(programs: readonly CompiledProgram[], transfers?: RunTransfers): Promise<RunTimes> {
    const startMs = performance.now();
    transfers?.bring(this.inner);
    for (const { recorded } of programs as readonly TracedProgram[]) {
      for (const record of recorded.records) {
        for (const { storage } of record.outputs) this.placeStorage(storage);
        const other = await this.visitor?.before?.(record, recorded);
        await this.runRecords([other ?? record]);
        if (other) this.forget([other]);
        await this.visitor?.after?.(record, recorded);
      }
    }
    transfers?.take(this.inner);
    return { startMs, endMs: performance.now() };
  }

  private placeStorage(storage: Storage): void {
    storage.address ??= this.inner.allocate(storage.bytes, storage.label);
  }

  private addressOf(storage: Storage): number {
    if (storage.address === undefined) throw new UnsupportedError(`${storage.label}: its value is not computed yet`);
    return storage.address;
  }

  /** Every element of the storage, as numbers. */
  private readStorage({ storage, dtype }: Tensor): ArrayLike<number> {
    const bytes = new Uint8Array(storage.bytes);
    this.inner.read(this.addressOf(storage), bytes);
    const { buffer } = bytes;
    if (dtype === "f32") return new Float32Array(buffer);
    if (dtype === "i32") return new Int32Array(buffer);
    if (dtype === "i8") return new Int8Array(buffer);
    if (dtype !== "f16" && dtype !== "bf16") return bytes;
    const bits = new Uint16Array(buffer, 0, storage.bytes / dtypeBytes[dtype]);
    const values = new Float32Array(bits.length);
    (dtype === "f16" ? f16ToF32 : bf16ToF32)(bits, values);
    return values;
  }
}

/** Calls `visit` with the row-major index of each element and its place in the storage, in elements. */
function forEachElement({ shape, strides, offset }: Tensor, visit: (index: number, at: number) => void): void {
  const dense = rowMajorStrides(shape);
  const total = numElements(shape);
  const last = shape.at(-1) ?? 1;
  const lastStride = strides.at(-1) ?? 1;
  for (let row = 0; row < total; row += last) {
    let at = offset;
    let rest = row;
    for (let d = 0; d < shape.length - 1; d++) {
      const i = Math.floor(rest / dense[d]!);
      rest -= i * dense[d]!;
      at += i * strides[d]!;
    }
    for (let j = 0; j < last; j++) visit(row + j, at + j * lastStride);
  }
}
