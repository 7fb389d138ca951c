/** The reference platform's memory: ordinary ArrayBuffers, addressed as segment * 2^32 + offset. */
import type { DType } from "../../tensor/dtype.js";
import type { Tensor } from "../../tensor/tensor.js";
import { ResourceError } from "../../util/errors.js";

const segmentSize = 2 ** 32;

/** Typed array of a tensor's storage, as the reference kernels see it. bf16 and f16 are their raw bits. */
export type Elements = Float32Array | Float64Array | Int32Array | Uint16Array | Int8Array | Uint8Array;

export class ReferenceMemory {
  private readonly segments = new Map<number, ArrayBuffer>();
  private next = 1;
  allocatedBytes = 0;

  allocate(bytes: number, label: string): number {
    const size = Math.max(64, Math.ceil(bytes / 64) * 64);
    let buffer: ArrayBuffer;
    try {
      buffer = new ArrayBuffer(size);
    } catch (cause) {
      throw new ResourceError(
        `reference platform: ${label} needs ${bytes} bytes in one piece, which this JavaScript engine refuses; ` +
          "use the native cpu platform, a smaller --max-model-len or a smaller --kv-cache-memory-bytes",
        { cause },
      );
    }
    const segment = this.next++;
    this.segments.set(segment, buffer);
    this.allocatedBytes += size;
    return segment * segmentSize;
  }

  free(address: number): void {
    const segment = Math.floor(address / segmentSize);
    this.allocatedBytes -= this.segments.get(segment)?.byteLength ?? 0;
    this.segments.delete(segment);
  }

  /** `bytes` bytes at an address. Throws a plain Error when the address is not allocated: a bug, not bad input. */
  bytes(address: number, bytes: number): Uint8Array {
    const segment = this.segments.get(Math.floor(address / segmentSize));
    const offset = address % segmentSize;
    if (!segment || offset + bytes > segment.byteLength)
      throw new Error(`reference memory: ${bytes} bytes at ${address} are not allocated`);
    return new Uint8Array(segment, offset, bytes);
  }

  clear(): void {
    this.segments.clear();
    this.allocatedBytes = 0;
  }
}

/** Views raw bytes as elements of a dtype. */
export function elements(bytes: Uint8Array, dtype: DType): Elements {
  const { buffer, byteOffset, byteLength } = bytes;
  switch (dtype) {
    case "f32":
      return new Float32Array(buffer, byteOffset, byteLength / 4);
    case "f64":
      return new Float64Array(buffer, byteOffset, byteLength / 8);
    case "i32":
      return new Int32Array(buffer, byteOffset, byteLength / 4);
    case "f16":
    case "bf16":
      return new Uint16Array(buffer, byteOffset, byteLength / 2);
    case "i8":
      return new Int8Array(buffer, byteOffset, byteLength);
    default:
      return bytes;
  }
}

/** A tensor with its values: element (i, j, …) is data[offset + i * strides[0] + j * strides[1] + …]. */
export interface View {
  readonly tensor: Tensor;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  readonly offset: number;
  readonly data: Elements;
}

/** One record with its values, as a reference kernel gets it. */
export interface KernelCall {
  readonly inputs: readonly View[];
  readonly outputs: readonly View[];
  /** Attribute as a number. */
  number(name: string): number;
  /** Attribute as a string. */
  text(name: string): string;
}

/** Computes one op, plainly, in double; rounds to f32 when it stores. */
export type ReferenceKernel = (call: KernelCall) => void;

/** Start of row `i` of a view in its data. */
export function rowStart(view: View, i: number): number {
  return view.offset + i * view.strides[0]!;
}
