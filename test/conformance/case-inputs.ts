/** Makes the inputs of conformance cases in a platform's memory: a function of seed, label and row alone. */
import { Program } from "../../src/ops/program.js";
import type { KVCache } from "../../src/ops/step.js";
import type { KVCacheSpec, Platform } from "../../src/platform/platform.js";
import type { Shape } from "../../src/tensor/shape.js";
import { numElements } from "../../src/tensor/shape.js";
import { Parameter } from "../../src/tensor/parameter.js";
import type { Tensor } from "../../src/tensor/tensor.js";
import { createStorage, Tensor as TensorClass } from "../../src/tensor/tensor.js";
import type { Fill } from "./random.js";
import { createRandom, fills, hashText } from "./random.js";

export interface RowOptions {
  fill?: Fill;
  /** Elements from row to row; the gap holds NaN. Default: width (dense). */
  stride?: number;
  /** Elements of gap before the first column. Default 0. */
  offset?: number;
}

/** What never-written cache memory holds: NaN or infinity in f32 and bf16 alike. */
export type Poison = "zero" | "nan" | "infinity";

export class CaseInputs {
  readonly platform: Platform;
  readonly program: Program;
  private readonly seed: number;
  private readonly addresses: number[] = [];

  constructor(platform: Platform, label: string, seed: number) {
    this.platform = platform;
    this.program = new Program(label);
    this.seed = seed;
  }

  /** f32 [rows.length, width]; the values of row r depend on seed, label and r. */
  rows(label: string, rows: readonly number[], width: number, options: RowOptions = {}): Tensor {
    const { fill = fills.unit, offset = 0 } = options;
    const stride = options.stride ?? width + offset;
    const values = new Float32Array(rows.length * stride).fill(NaN);
    rows.forEach((row, i) => {
      const random = createRandom(this.seedOf(`${label} ${row}`));
      for (let k = 0; k < width; k++) values[i * stride + offset + k] = fill(random);
    });
    const whole = this.program.input(label, [rows.length, stride], "f32", this.place(label, values));
    return stride === width ? whole : whole.columns(offset, width);
  }

  /** i32 of any shape (default: a list). */
  ints(label: string, values: readonly number[], shape: Shape = [values.length]): Tensor {
    return this.program.input(label, shape, "i32", this.place(label, Int32Array.from(values)));
  }

  /** f32 rows given as they are. */
  floats(label: string, values: Float32Array, shape: Shape): Tensor {
    return this.program.input(label, shape, "f32", this.place(label, values));
  }

  /** A row-major f32 parameter, filled at random or with given values. */
  parameter(label: string, shape: Shape, fill: Fill | Float32Array = fills.unit): Parameter {
    const values = typeof fill === "function" ? this.values(label, numElements(shape), fill) : fill;
    const storage = createStorage("external", values.byteLength, label, this.place(label, values));
    return new Parameter(label, storage, shape, "f32", "rowMajor");
  }

  /** A parameter in the platform's matrix layout; values -1 .. 1 by default, whole numbers -127 .. 127 for i8. */
  matrix(label: string, rows: number, columns: number, dtype: "f32" | "bf16" | "i8", fill?: Fill): Parameter {
    const bytes = this.platform.matrixBytes(rows, columns, dtype);
    const address = this.allocate(bytes, label);
    this.fillMatrix(label, address, rows, columns, dtype, fill);
    return new Parameter(label, createStorage("external", bytes, label, address), [rows, columns], dtype, "matrix");
  }

  /** `count` matrices one after the other: a parameter [count, rows, columns] in the platform's matrix layout. */
  matrices(label: string, count: number, rows: number, columns: number, dtype: "f32" | "bf16" | "i8"): Parameter {
    const bytes = this.platform.matrixBytes(rows, columns, dtype);
    const address = this.allocate(count * bytes, label);
    for (let i = 0; i < count; i++) this.fillMatrix(`${label} ${i}`, address + i * bytes, rows, columns, dtype);
    const storage = createStorage("external", count * bytes, label, address);
    return new Parameter(label, storage, [count, rows, columns], dtype, "matrix");
  }

  private fillMatrix(
    label: string,
    address: number,
    rows: number,
    columns: number,
    dtype: "f32" | "bf16" | "i8",
    fill?: Fill,
  ): void {
    const whole: Fill = (random) => Math.round(random() * 254 - 127);
    const values = this.values(label, rows * columns, fill ?? (dtype === "i8" ? whole : fills.unit));
    const source = dtype === "i8" ? Int8Array.from(values) : values;
    const raw = new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
    const sourceDtype = dtype === "i8" ? "i8" : "f32";
    this.platform.writeMatrixRows({ address, rows, columns, dtype }, 0, rows, raw, sourceDtype);
  }

  /** An empty paged cache, its blocks `gapBytes` apart; whatever is not written later holds `poison`. */
  cache(label: string, spec: KVCacheSpec, numBlocks: number, poison: Poison = "nan", gapBytes = 0): KVCache {
    const blockBytes = this.platform.kvCacheBlockBytes(spec) + gapBytes;
    const address = this.allocate(numBlocks * blockBytes, label);
    if (poison !== "zero") {
      const pattern = poison === "nan" ? [0xff, 0xff] : [0x80, 0x7f];
      const block = Uint8Array.from({ length: blockBytes }, (_, i) => pattern[i % 2]!);
      for (let b = 0; b < numBlocks; b++) this.platform.write(address + b * blockBytes, block);
    }
    const storage = createStorage("external", numBlocks * blockBytes, label, address);
    const tensor = new TensorClass(storage, [numBlocks, blockBytes], "u8");
    return { spec, numBlocks, address, tensor };
  }

  /** Platform memory that lives until dispose(). */
  allocate(bytes: number, label: string): number {
    const address = this.platform.allocate(Math.max(bytes, 64), label);
    this.addresses.push(address);
    return address;
  }

  /** Random values of a parameter or matrix. */
  values(label: string, count: number, fill: Fill): Float32Array {
    const random = createRandom(this.seedOf(label));
    return Float32Array.from({ length: count }, () => fill(random));
  }

  dispose(): void {
    for (const address of this.addresses) this.platform.free(address);
    this.addresses.length = 0;
  }

  private seedOf(label: string): number {
    return hashText(label) ^ Math.imul(this.seed, 0x85ebca6b);
  }

  private place(label: string, values: Float32Array | Int32Array): number {
    const address = this.allocate(values.byteLength, label);
    this.platform.write(address, new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    return address;
  }
}
