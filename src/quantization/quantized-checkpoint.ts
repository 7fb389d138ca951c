/** A quantized checkpoint as if it were stored in f32: each quantized matrix is one tensor under its usual name, dequantized as it is read. */
import type { Checkpoint, TensorInfo } from "../checkpoint/tensor-source.js";
import { CheckpointError } from "../util/errors.js";
import { numElements } from "../tensor/shape.js";
import type { CheckpointScheme, QuantizedTensor, RowReader } from "./checkpoint-scheme.js";

/** Elements that are dequantized at once. */
const chunkElements = 2 ** 20;

/**
 * @returns the checkpoint with other tensors, and the rules for inputs by the weights' names
 * @throws CheckpointError listing tensors that are missing, misshapen or of a wrong type
 */
export function dequantized(
  checkpoint: Checkpoint,
  scheme: CheckpointScheme,
): { checkpoint: Checkpoint; found: readonly QuantizedTensor[] } {
  const read = (tensor: TensorInfo): Uint8Array => {
    const bytes = new Uint8Array(tensor.byteLength);
    checkpoint.read(tensor.name, 0, bytes.byteLength, bytes);
    return bytes;
  };
  const found = scheme.find(checkpoint.tensors, read);
  const parts = new Set(found.flatMap((one) => one.parts.map(({ name }) => name)));
  const tensors = new Map([...checkpoint.tensors].filter(([name]) => !parts.has(name)));
  for (const {
    name,
    shape,
    parts: [first],
  } of found) {
    const taken = tensors.get(name);
    if (taken) throw new CheckpointError(`${taken.file}: "${name}" is there both quantized and not`);
    tensors.set(name, { name, shape, storage: "f32", byteLength: 4 * numElements(shape), file: first!.file });
  }
  const byName = new Map(found.map((one) => [one.name, one]));
  let open: OpenTensor | undefined;
  return {
    found,
    checkpoint: {
      path: checkpoint.path,
      config: checkpoint.config,
      generationConfig: checkpoint.generationConfig,
      tensors,
      read(name, offset, length, target, targetOffset = 0) {
        const quantized = byName.get(name);
        if (!quantized) return checkpoint.read(name, offset, length, target, targetOffset);
        // One matrix at a time is held, packed.
        if (open?.tensor !== quantized) open = new OpenTensor(quantized, quantized.open(read));
        open.read(offset, length, target, targetOffset);
      },
      place: (name) => (byName.has(name) ? undefined : checkpoint.place(name)),
      close() {
        open = undefined;
        checkpoint.close();
      },
    },
  };
}

/** A quantized matrix that is being read, with the rows that were dequantized last. */
class OpenTensor {
  readonly tensor: QuantizedTensor;
  private readonly rows: RowReader;
  private readonly numRows: number;
  private readonly rowBytes: number;
  private readonly rowsTogether: number;
  private buffer = new Float32Array(0);
  private first = 0;
  private count = 0;

  constructor(tensor: QuantizedTensor, rows: RowReader) {
    this.tensor = tensor;
    this.rows = rows;
    const columns = tensor.shape.at(-1)!;
    this.numRows = numElements(tensor.shape) / columns;
    this.rowBytes = 4 * columns;
    this.rowsTogether = tensor.rowsTogether ?? Math.max(1, Math.floor(chunkElements / columns));
  }

  /** Bytes of the tensor as f32. */
  read(offset: number, length: number, target: Uint8Array, targetOffset: number): void {
    const end = offset + length;
    if (offset < 0 || length < 0 || end > this.numRows * this.rowBytes || targetOffset + length > target.byteLength)
      throw new CheckpointError(`"${this.tensor.name}": bytes ${offset} to ${end} are not inside it or the target`);
    for (let at = offset; at < end;) {
      this.bring(Math.floor(at / this.rowBytes));
      const from = at - this.first * this.rowBytes;
      const size = Math.min(end - at, this.count * this.rowBytes - from);
      target.set(new Uint8Array(this.buffer.buffer, from, size), targetOffset + at - offset);
      at += size;
    }
  }

  /** Dequantizes the run of rows that holds this one, unless it is here. */
  private bring(row: number): void {
    if (row >= this.first && row < this.first + this.count) return;
    this.first = row - (row % this.rowsTogether);
    this.count = Math.min(this.rowsTogether, this.numRows - this.first);
    const elements = (this.count * this.rowBytes) / 4;
    if (this.buffer.length < elements) this.buffer = new Float32Array(elements);
    this.rows.read(this.first, this.count, this.buffer);
  }
}
