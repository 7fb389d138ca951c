/** The reference platform: interprets recorded programs in plain TypeScript, unfused. It is the specification. */
import { f16Values } from "../../tensor/convert.js";
import type { DType } from "../../tensor/dtype.js";
import { dtypeBytes } from "../../tensor/dtype.js";
import type { Tensor } from "../../tensor/tensor.js";
import { UnsupportedError } from "../../util/errors.js";
import type {
  Address,
  CompiledProgram,
  KVCacheSpec,
  OpRecord,
  Platform,
  RecordedProgram,
  RunTimes,
  RunTrace,
} from "../platform.js";
import type { RunTransfers } from "../run-transfers.js";
import { fromBf16, toBf16 } from "./bf16.js";
import { plainBlockBytes } from "./block-bytes.js";
import { referenceKernels } from "./kernels.js";
import { denseCopy, runCustomOp, spanOf } from "../custom-op.js";
import type { View } from "./memory.js";
import { elements, ReferenceMemory } from "./memory.js";

type Matrix = Parameters<Platform["writeMatrixRows"]>[0];

export class ReferencePlatform implements Platform {
  readonly name = "reference";
  readonly description = "reference (plain TypeScript, one thread; slow, for checking)";
  readonly maxRuns = 2;
  private readonly memory = new ReferenceMemory();
  /** The run that was given last, until it has ended. */
  private last: Promise<RunTrace> | undefined;

  get allocatedBytes(): number {
    return this.memory.allocatedBytes;
  }

  allocate(bytes: number, label: string): Address {
    return this.memory.allocate(bytes, label);
  }

  free(address: Address): void {
    this.memory.free(address);
  }

  write(address: Address, bytes: Uint8Array): void {
    this.memory.bytes(address, bytes.byteLength).set(bytes);
  }

  read(address: Address, target: Uint8Array): void {
    target.set(this.memory.bytes(address, target.byteLength));
  }

  matrixBytes(rows: number, columns: number, dtype: DType): number {
    return rows * columns * dtypeBytes[dtype];
  }

  writeMatrixRows(matrix: Matrix, rowStart: number, numRows: number, source: Uint8Array, sourceDtype: DType): void {
    const count = numRows * matrix.columns;
    const rowBytes = matrix.columns * dtypeBytes[matrix.dtype];
    const target = elements(this.memory.bytes(matrix.address + rowStart * rowBytes, numRows * rowBytes), matrix.dtype);
    const aligned = source.byteOffset % 8 === 0 ? source : source.slice();
    const values = elements(aligned.subarray(0, count * dtypeBytes[sourceDtype]), sourceDtype);
    if (sourceDtype === matrix.dtype) return target.set(values);
    const load = loaderOf(sourceDtype);
    const store = matrix.dtype === "bf16" ? toBf16 : (value: number): number => value;
    for (let i = 0; i < count; i++) target[i] = store(load(values[i]!));
  }

  readMatrixRows(matrix: Matrix, rowStart: number, numRows: number): Float32Array {
    const rowBytes = matrix.columns * dtypeBytes[matrix.dtype];
    const values = elements(this.memory.bytes(matrix.address + rowStart * rowBytes, numRows * rowBytes), matrix.dtype);
    return Float32Array.from(values, (value) => (matrix.dtype === "bf16" ? fromBf16(value) : value));
  }

  kvCacheBlockBytes(spec: KVCacheSpec): number {
    return plainBlockBytes(spec);
  }

  compile(program: RecordedProgram): CompiledProgram {
    for (const { op, scope, custom } of program.records)
      if (!custom && !referenceKernels[op])
        throw new UnsupportedError(
          `program "${program.label}", op ${op} in ${scope}: the reference platform has no kernel for it`,
        );
    const ops = program.records.map((record) => ({ kernel: record.op, records: [record] }));
    return { label: program.label, ops, workspaceBytes: 0, dispose: () => undefined };
  }

  run(programs: readonly CompiledProgram[], transfers?: RunTransfers): Promise<RunTimes> {
    return this.trace(programs, transfers);
  }

  trace(programs: readonly CompiledProgram[], transfers?: RunTransfers): Promise<RunTrace> {
    const run = this.last?.then(() => this.interpret(programs, transfers)) ?? this.interpret(programs, transfers);
    const ended = (): void => void (this.last === run && (this.last = undefined));
    run.then(ended, ended);
    return (this.last = run);
  }

  /** Yields to the event loop between ops, as it computes on it. */
  private async interpret(programs: readonly CompiledProgram[], transfers?: RunTransfers): Promise<RunTrace> {
    const startMs = performance.now();
    transfers?.bring(this);
    const spans: number[] = [];
    for (const { ops } of programs) {
      const values = new Map<number, Uint8Array>();
      for (const { records } of ops) {
        spans.push((performance.now() - startMs) * 1e6);
        for (const record of records) this.runRecord(record, values);
        spans.push((performance.now() - startMs) * 1e6);
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
    transfers?.take(this);
    return { startMs, endMs: performance.now(), threads: 1, spans: Float64Array.from(spans) };
  }

  dispose(): void {
    this.memory.clear();
  }

  private runRecord(record: OpRecord, values: Map<number, Uint8Array>): void {
    const { op, inputs, outputs, attributes, custom } = record;
    const arrayOf = (tensor: Tensor): Float32Array | Int32Array => {
      const { data, offset } = this.view(tensor, values);
      return (data as Float32Array).subarray(offset, offset + spanOf(tensor));
    };
    if (custom)
      return runCustomOp(
        record,
        (tensor) => denseCopy(arrayOf(tensor), tensor),
        (tensor, data) => arrayOf(tensor).set(data),
      );
    referenceKernels[op]!({
      inputs: inputs.map((tensor) => this.view(tensor, values)),
      outputs: outputs.map((tensor) => this.view(tensor, values)),
      number: (name) => Number(attributes[name]),
      text: (name) => String(attributes[name]),
    });
  }

  private view(tensor: Tensor, values: Map<number, Uint8Array>): View {
    const { storage, shape, strides, offset, dtype } = tensor;
    let bytes = values.get(storage.id);
    if (!bytes) {
      bytes =
        storage.address === undefined
          ? new Uint8Array(storage.bytes)
          : this.memory.bytes(storage.address, storage.bytes);
      values.set(storage.id, bytes);
    }
    return { tensor, shape, strides, offset, data: elements(bytes, dtype) };
  }
}

/** From an element of a typed array, raw bits for 16-bit floats, to its value. */
function loaderOf(dtype: DType): (element: number) => number {
  if (dtype === "bf16") return fromBf16;
  if (dtype !== "f16") return (value) => value;
  const values = f16Values();
  return (bits) => values[bits]!;
}
