/** The memory of parameters: allocated in a few large pieces, which the system can give in large pages. */
import type { ParameterTable } from "../layers/parameter-table.js";
import type { Address, Platform, PlatformMatrix } from "../platform/platform.js";
import type { Parameter } from "../tensor/parameter.js";
import type { Shape } from "../tensor/shape.js";
import type { Storage } from "../tensor/tensor.js";
import { ShapeError } from "../util/errors.js";

/** Parameters share a piece up to this size; a larger one has its own. */
const maxPieceBytes = 2 ** 30;
const alignment = 256;

/** Gives every parameter and constant its memory. Returns the pieces that were allocated, and all their bytes. */
export function allocateParameters(
  platform: Platform,
  table: ParameterTable,
): { readonly bytes: number; readonly pieces: readonly Address[] } {
  const before = platform.allocatedBytes;
  const pieces = new Pieces(platform);
  for (const { parameter, spec } of table.declared) {
    const { count, rows, columns } = matrixSizes(spec.shape);
    const bytes = spec.layout === "matrix" ? count * platform.matrixBytes(rows, columns, spec.dtype) : parameter.bytes;
    pieces.add(parameter.storage, bytes, spec.name);
  }
  for (const [key, { parameter }] of table.constants) pieces.add(parameter.storage, parameter.bytes, key);
  pieces.allocate();
  return { bytes: platform.allocatedBytes - before, pieces: pieces.addresses };
}

/** Computes the constants. @throws ShapeError if one is not as long as it was declared */
export function writeConstants(platform: Platform, table: ParameterTable): void {
  for (const [key, { parameter, compute }] of table.constants) {
    const values = compute();
    if (values.byteLength !== parameter.bytes)
      throw new ShapeError(`constant ${key}: ${parameter} was declared, ${values.length} values were computed`);
    platform.write(parameter.storage.address!, new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  }
}

/** Matrices of a parameter: one of shape [rows, columns] (or a vector's elements), or `count` of [count, rows, columns]. */
export function matrixSizes(shape: Shape): { count: number; rows: number; columns: number } {
  if (shape.length < 3) return { count: 1, rows: shape[0]!, columns: shape[1] ?? 1 };
  return { count: shape[0]!, rows: shape[1]!, columns: shape[2]! };
}

/**
 * The matrix that holds a row of a matrix parameter, as the platform's methods take it, and the row's number in it. Rows of
 * [count, rows, columns] are counted through all matrices.
 */
export function matrixAt(
  platform: Platform,
  parameter: Parameter,
  row: number,
): { matrix: PlatformMatrix; row: number } {
  const { rows, columns } = matrixSizes(parameter.shape);
  const { dtype, storage } = parameter;
  const index = Math.floor(row / rows);
  const address = storage.address! + (index === 0 ? 0 : index * platform.matrixBytes(rows, columns, dtype));
  return { matrix: { address, rows, columns, dtype }, row: row - index * rows };
}

/** All values of a matrix parameter as f32, row-major. */
export function readParameter(platform: Platform, parameter: Parameter): Float32Array {
  const { count, rows, columns } = matrixSizes(parameter.shape);
  const values = new Float32Array(count * rows * columns);
  for (let i = 0; i < count; i++)
    values.set(platform.readMatrixRows(matrixAt(platform, parameter, i * rows).matrix, 0, rows), i * rows * columns);
  return values;
}

/** Collects storages until they fill a piece. */
class Pieces {
  readonly addresses: Address[] = [];
  private readonly platform: Platform;
  private members: { storage: Storage; offset: number; label: string }[] = [];
  private bytes = 0;

  constructor(platform: Platform) {
    this.platform = platform;
  }

  add(storage: Storage, bytes: number, label: string): void {
    const size = Math.ceil(bytes / alignment) * alignment;
    if (this.bytes + size > maxPieceBytes) this.allocate();
    this.members.push({ storage, offset: this.bytes, label });
    this.bytes += size;
  }

  allocate(): void {
    const [first, last] = [this.members[0], this.members.at(-1)];
    if (!first || !last) return;
    const label = first === last ? first.label : `weights from ${first.label} to ${last.label}`;
    const address = this.platform.allocate(this.bytes, label);
    this.addresses.push(address);
    for (const { storage, offset } of this.members) storage.address = address + offset;
    this.members = [];
    this.bytes = 0;
  }
}
