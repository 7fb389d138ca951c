/** Records of the kernels that fill weights: rows from files, and noise. */
import type { StorageType } from "../../tensor/storage-type.js";
import { UnsupportedError } from "../../util/errors.js";
import type { Address, NoiseFill, StoredRows } from "../platform.js";
import { kernelDType } from "./matrix-layout.js";
import { opcodes } from "./opcodes.js";

/** The numbers by which kernels know how rows are stored (native/cpu/gguf_blocks.h). */
export const storedTypes: Partial<Record<StorageType, number>> = {
  f32: 0,
  bf16: 1,
  f16: 2,
  q4_0: 16,
  q4_1: 17,
  q5_0: 18,
  q5_1: 19,
  q8_0: 20,
  q2_k: 21,
  q3_k: 22,
  q4_k: 23,
  q5_k: 24,
  q6_k: 25,
  iq4_nl: 26,
};

/** Each record as [opcode, count, arguments ...]; see native/cpu/kernels.inc. */
function encodeRecords(opcode: number, records: readonly (readonly number[])[]): Float64Array {
  return Float64Array.from(records.flatMap((args) => [opcode, args.length, ...args]));
}

/**
 * @param progress address of an i64 that counts bytes of finished rows
 * @throws UnsupportedError for a storage type that kernels do not read
 */
export function encodeLoads(loads: readonly StoredRows[], progress: Address): Float64Array {
  return encodeRecords(
    opcodes.loadMatrixRows,
    loads.map((load) => {
      const { matrix, rowStart, numRows, storage, descriptor, position, rowBytes, sourceRow, pairedRows } = load;
      const type = storedTypes[storage];
      if (type === undefined)
        throw new UnsupportedError(`${load.label}: the CPU platform does not load rows stored as ${storage}`);
      const source = [descriptor, position, rowBytes, sourceRow, pairedRows, type];
      const { address, dtype, rows, columns } = matrix;
      return [...source, address, kernelDType(dtype), rows, columns, rowStart, numRows, progress];
    }),
  );
}

export function encodeFills(fills: readonly NoiseFill[]): Float64Array {
  return encodeRecords(
    opcodes.fillNoise,
    fills.map(({ target: { address, rows, columns, dtype }, isMatrix, seed, centre, scale }) => {
      return [address, kernelDType(dtype), Number(isMatrix), rows, columns, seed, centre, scale];
    }),
  );
}
