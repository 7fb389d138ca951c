/** Fills parameters from a checkpoint, a few megabytes at a time, so that no full weight is ever held twice. */
import type { Checkpoint } from "../checkpoint/tensor-source.js";
import type { ParameterWriter } from "../layers/parameter-table.js";
import type { Platform, StoredRows } from "../platform/platform.js";
import { dequantizeGguf } from "../quantization/gguf-dequantize.js";
import type { Parameter } from "../tensor/parameter.js";
import { dtypeBytes } from "../tensor/dtype.js";
import { bf16ToF32, f16ToF32 } from "../tensor/convert.js";
import type { StorageType } from "../tensor/storage-type.js";
import { blockLayout, isGgufBlockType } from "../tensor/storage-type.js";
import { gatherRows, stageElements, stageView } from "./gather-view.js";
import { matrixAt } from "./parameter-memory.js";
import { isRowDense, storedRows } from "./stored-rows.js";
import type { PlannedParameter, PlannedPart, WeightPlan } from "./weight-plan.js";
import { partBytes } from "./weight-plan.js";

/** Elements that are read and converted at once. */
const chunkElements = 2 ** 20;

/** Writes f32 or int8 rows into parameters. */
export function parameterWriter(platform: Platform): ParameterWriter {
  return {
    writeRows(parameter, rowStart, values) {
      const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
      if (parameter.layout === "rowMajor") {
        const rowBytes = parameter.bytes / parameter.size(0);
        platform.write(parameter.storage.address! + rowStart * rowBytes, bytes);
      } else writeMatrixRows(platform, parameter, rowStart, bytes, "f32");
    },
    writeInt8Rows(parameter, rowStart, values) {
      const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
      writeMatrixRows(platform, parameter, rowStart, bytes, "i8");
    },
  };
}

/** Rows of one matrix of a parameter. */
function writeMatrixRows(
  platform: Platform,
  parameter: Parameter,
  rowStart: number,
  bytes: Uint8Array,
  dtype: "f32" | "bf16" | "f16" | "i8",
): void {
  const { matrix, row } = matrixAt(platform, parameter, rowStart);
  const numRows = bytes.byteLength / dtypeBytes[dtype] / matrix.columns;
  platform.writeMatrixRows(matrix, row, numRows, bytes, dtype);
}

/**
 * Reads every planned part: the platform what it can read from the files by itself, the rest is read here. The platform
 * begins before this returns its promise. Yields to the event loop now and then; `progress` counts bytes of the checkpoint.
 */
export async function loadWeights(
  platform: Platform,
  checkpoint: Checkpoint,
  plan: WeightPlan,
  progress: (done: number, total: number) => void,
): Promise<void> {
  const writer = parameterWriter(platform);
  let done = 0;
  const loads: StoredRows[] = [];
  const rest: [PlannedParameter, PlannedPart][] = [];
  for (const planned of plan.parameters)
    for (const part of planned.parts) {
      const rows = platform.loadMatrixRows && storedRows(platform, checkpoint, planned, part);
      if (rows) loads.push(rows);
      else rest.push([planned, part]);
      if (rows) done += partBytes(part);
    }
  const loading = platform.loadMatrixRows?.(loads, (bytes) => progress(bytes, plan.bytes));
  progress(0, plan.bytes);
  await loading;
  const reader = new PartReader(checkpoint);
  let yielded = performance.now();
  for (const [planned, part] of rest)
    for (const chunk of reader.chunks(part)) {
      store(platform, writer, planned, part, chunk);
      done += chunk.bytes.byteLength;
      if (performance.now() - yielded < 40) continue;
      progress(done, plan.bytes);
      await new Promise((resolve) => setImmediate(resolve));
      yielded = performance.now();
    }
  progress(plan.bytes, plan.bytes);
}

/** Some whole rows of a part, as the checkpoint stores them. */
interface Chunk {
  readonly rowStart: number;
  readonly numRows: number;
  readonly bytes: Uint8Array;
  readonly storage: StorageType;
}

function store(
  platform: Platform,
  writer: ParameterWriter,
  planned: PlannedParameter,
  part: PlannedPart,
  chunk: Chunk,
): void {
  const { spec, parameter } = planned.declared;
  const rowStart = part.part.rowStart + chunk.rowStart;
  const { storage } = chunk;
  if (!spec.sink && spec.layout === "matrix" && (storage === "f32" || storage === "bf16" || storage === "f16"))
    return writeMatrixRows(platform, parameter, rowStart, chunk.bytes, storage);
  const count = (chunk.bytes.byteLength / blockLayout(storage).bytes) * blockLayout(storage).elements;
  const values = toF32(storage, chunk.bytes, count);
  if (spec.sink) spec.sink(writer, rowStart, values);
  else writer.writeRows(parameter, rowStart, values);
}

let scratch = new Float32Array(0);

/** Values as f32, exact for every storage type but f64; the result is void at the next call. */
function toF32(storage: StorageType, bytes: Uint8Array, count: number): Float32Array {
  const { buffer, byteOffset } = bytes;
  if (storage === "f32") return new Float32Array(buffer, byteOffset, count);
  if (scratch.length < count) scratch = new Float32Array(count);
  const out = scratch.subarray(0, count);
  if (isGgufBlockType(storage)) dequantizeGguf(storage, bytes, out, count);
  else if (storage === "bf16") bf16ToF32(new Uint16Array(buffer, byteOffset, count), out);
  else if (storage === "f16") f16ToF32(new Uint16Array(buffer, byteOffset, count), out);
  else out.set(new Float64Array(buffer, byteOffset, count));
  return out;
}

/** Reads the rows of a strided view from a dense tensor. */
class PartReader {
  private readonly checkpoint: Checkpoint;
  private buffer = new Uint8Array(0);

  constructor(checkpoint: Checkpoint) {
    this.checkpoint = checkpoint;
  }

  *chunks(planned: PlannedPart): Generator<Chunk> {
    const { tensor, view } = planned;
    const [numRows, ...inner] = view.shape as [number, ...number[]];
    const rowSize = inner.reduce((product, size) => product * size, 1);
    if (!isRowDense(view.shape, view.strides)) return yield* this.gathered(planned, numRows, rowSize);
    const { elements, bytes } = blockLayout(tensor.storage);
    const toBytes = (count: number): number => (count / elements) * bytes;
    const rowsPerChunk = Math.max(1, Math.floor(chunkElements / rowSize));
    const stride = view.shape.length === 1 ? 1 : view.strides[0]!;
    for (let row = 0; row < numRows; row += rowsPerChunk) {
      const count = Math.min(rowsPerChunk, numRows - row);
      const target = this.space(toBytes(count * rowSize));
      if (stride === rowSize)
        this.checkpoint.read(tensor.name, toBytes(view.offset + row * stride), target.byteLength, target);
      else
        for (let i = 0; i < count; i++)
          this.checkpoint.read(
            tensor.name,
            toBytes(view.offset + (row + i) * stride),
            toBytes(rowSize),
            target,
            toBytes(i * rowSize),
          );
      yield { rowStart: row, numRows: count, bytes: target, storage: tensor.storage };
    }
  }

  /** A transposed or permuted view. */
  private *gathered({ tensor, view }: PlannedPart, numRows: number, rowSize: number): Generator<Chunk> {
    const { bytes } = blockLayout(tensor.storage);
    const stage = new Uint8Array(stageElements(view) * bytes);
    const staged = stageView(view, (start, count, at) =>
      this.checkpoint.read(tensor.name, start * bytes, count * bytes, stage, at * bytes),
    );
    const rowsPerChunk = Math.max(1, Math.floor(chunkElements / rowSize));
    for (let row = 0; row < numRows; row += rowsPerChunk) {
      const count = Math.min(rowsPerChunk, numRows - row);
      const target = this.space(count * rowSize * bytes);
      gatherRows(staged, stage, row, count, target);
      yield { rowStart: row, numRows: count, bytes: target, storage: tensor.storage };
    }
  }

  private space(bytes: number): Uint8Array {
    if (this.buffer.byteLength < bytes) this.buffer = new Uint8Array(new ArrayBuffer(bytes));
    return this.buffer.subarray(0, bytes);
  }
}
