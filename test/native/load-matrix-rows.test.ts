/** Rows that the CPU platform reads from a file: the bits that TypeScript's readers and dequantizers give, for every type. */
import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { availableIsas, CpuPlatform } from "../../src/platform/cpu/cpu-platform.js";
import { storedTypes } from "../../src/platform/cpu/weight-records.js";
import { loadNativeBinding, tryLoadNativeBinding } from "../../src/platform/native-binding.js";
import type { StoredRows } from "../../src/platform/platform.js";
import { dequantizeGguf } from "../../src/quantization/gguf-dequantize.js";
import { bf16ToF32, f16ToF32 } from "../../src/tensor/convert.js";
import { noise } from "../../src/tensor/noise.js";
import type { StorageType } from "../../src/tensor/storage-type.js";
import { blockLayout, isGgufBlockType } from "../../src/tensor/storage-type.js";
import { CheckpointError } from "../../src/util/errors.js";

const isas = tryLoadNativeBinding().binding ? availableIsas() : [];
const folder = mkdtempSync(join(tmpdir(), "quire-rows-"));
const platforms = new Map<string, CpuPlatform>();
const descriptors: number[] = [];
beforeAll(() => isas.forEach((isa) => platforms.set(isa, new CpuPlatform(loadNativeBinding(), { isa, threads: 2 }))));
afterAll(() => {
  for (const platform of platforms.values()) platform.dispose();
  descriptors.forEach((descriptor) => closeSync(descriptor));
  rmSync(folder, { recursive: true });
});

/** Bytes whose 16-bit words are finite float16 and bfloat16 values, so that every scale is one. */
function randomBytes(count: number, seed: number): Uint8Array {
  const bytes = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    bytes[i] = seed >>> 24;
    if (i % 2 === 1) bytes[i]! &= 0xbf;
  }
  return bytes;
}

function valuesOf(storage: StorageType, bytes: Uint8Array, count: number): Float32Array {
  if (storage === "f32") return new Float32Array(bytes.slice().buffer);
  const values = new Float32Array(count);
  if (isGgufBlockType(storage)) dequantizeGguf(storage, bytes, values, count);
  else (storage === "bf16" ? bf16ToF32 : f16ToF32)(new Uint16Array(bytes.slice().buffer), values);
  return values;
}

const headBytes = 7;

/** A file with some bytes in front, then rows. */
function rowsFile(storage: StorageType, rows: number, columns: number) {
  const { elements, bytes } = blockLayout(storage);
  const rowBytes = (columns / elements) * bytes;
  const data = randomBytes(rows * rowBytes, 5);
  const path = join(folder, `${storage}-${rows}-${columns}-${descriptors.length}`);
  writeFileSync(path, Buffer.concat([Buffer.alloc(headBytes, 255), data]));
  const descriptor = openSync(path, "r+");
  descriptors.push(descriptor);
  return { descriptor, rowBytes, values: valuesOf(storage, data, rows * columns) };
}

const matrixOf = (platform: CpuPlatform, rows: number, columns: number, dtype: "f32" | "bf16") => {
  return { address: platform.allocate(platform.matrixBytes(rows, columns, dtype), "matrix"), rows, columns, dtype };
};
const bits = (values: Float32Array): number[] => [...new Uint32Array(values.buffer, values.byteOffset, values.length)];
const bytesOf = (values: Float32Array): Uint8Array =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength);

describe.each(isas)("%s", (isa) => {
  const types = Object.keys(storedTypes) as StorageType[];
  test.each(types.flatMap((storage) => [[storage, "f32"] as const, [storage, "bf16"] as const]))(
    "%s to %s",
    async (storage, dtype) => {
      const platform = platforms.get(isa)!;
      // Odd widths where the type allows them, and rows that begin and end inside panels of 16.
      const block = blockLayout(storage).elements;
      const columns = block === 1 ? 301 : block * (block === 32 ? 9 : 3);
      const { descriptor, rowBytes, values } = rowsFile(storage, 60, columns);
      const [loaded, written] = [matrixOf(platform, 70, columns, dtype), matrixOf(platform, 70, columns, dtype)];
      const rows = { matrix: loaded, storage, descriptor, position: headBytes, rowBytes, pairedRows: 0, label: "x" };
      const loads: StoredRows[] = [
        { ...rows, rowStart: 5, numRows: 17, sourceRow: 3 },
        { ...rows, rowStart: 22, numRows: 40, sourceRow: 20 },
      ];
      let told = 0;
      await platform.loadMatrixRows(loads, (bytes) => (told = bytes));
      expect(told).toBeLessThanOrEqual(57 * rowBytes);
      for (const { rowStart, numRows, sourceRow } of loads) {
        const part = values.slice(sourceRow * columns, (sourceRow + numRows) * columns);
        platform.writeMatrixRows(written, rowStart, numRows, bytesOf(part), "f32");
        if (dtype === "f32") expect(bits(platform.readMatrixRows(loaded, rowStart, numRows))).toEqual(bits(part));
      }
      const [got, wanted] = [loaded, written].map((matrix) => platform.readMatrixRows(matrix, 0, 70));
      expect(bits(got!)).toEqual(bits(wanted!));
    },
  );

  test("heads whose halves alternate, and rows wider than they are used", async () => {
    const platform = platforms.get(isa)!;
    const [columns, head] = [64, 24];
    const { descriptor, rowBytes, values } = rowsFile("q8_0", 96, columns);
    const matrix = matrixOf(platform, 48, 32, "f32");
    // The second half of the columns, of the two heads in the middle.
    const position = headBytes + rowBytes / 2;
    const place = { descriptor, position, rowBytes, sourceRow: head, pairedRows: head };
    const load = { matrix, rowStart: 0, numRows: 48, storage: "q8_0", label: "x", ...place } as const;
    await platform.loadMatrixRows([load], () => undefined);
    const got = platform.readMatrixRows(matrix, 0, 48);
    for (let row = 0; row < 48; row++) {
      const within = row % head;
      const source = row - within + head + (within < 12 ? 2 * within : 2 * (within - 12) + 1);
      const wanted = values.subarray(source * columns + 32, source * columns + 64);
      expect(bits(got.slice(row * 32, row * 32 + 32)), `row ${row}`).toEqual(bits(wanted.slice()));
    }
  });

  test("noise is that of TypeScript", async () => {
    const platform = platforms.get(isa)!;
    const fill = { seed: 0xdeadbeef, centre: 0.25, scale: 0.031 };
    const [f32, bf16, plain] = [matrixOf(platform, 35, 301, "f32"), matrixOf(platform, 35, 301, "bf16"), 4 * 35 * 301];
    const dense = { address: platform.allocate(plain, "dense"), rows: 35, columns: 301, dtype: "f32" as const };
    await platform.fillNoise([
      { ...fill, target: f32, isMatrix: true },
      { ...fill, target: bf16, isMatrix: true },
      { ...fill, target: dense, isMatrix: false },
    ]);
    const values = noise(fill, 0, 35, 301);
    expect(noise(fill, 7, 2, 301)).toEqual(values.slice(7 * 301, 9 * 301));
    expect(bits(platform.readMatrixRows(f32, 0, 35))).toEqual(bits(values));
    const read = new Float32Array(35 * 301);
    platform.read(dense.address, bytesOf(read));
    expect(bits(read)).toEqual(bits(values));
    const rounded = matrixOf(platform, 35, 301, "bf16");
    platform.writeMatrixRows(rounded, 0, 35, bytesOf(values), "f32");
    expect(bits(platform.readMatrixRows(bf16, 0, 35))).toEqual(bits(platform.readMatrixRows(rounded, 0, 35)));
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(Math.abs(mean - 0.25)).toBeLessThan(0.001);
    expect(Math.max(...values)).toBeLessThan(0.25 + 0.031);
  });

  test("a file that has become shorter is told by file and tensor; the platform goes on", async () => {
    const platform = platforms.get(isa)!;
    const { descriptor, rowBytes } = rowsFile("bf16", 64, 32);
    const matrix = matrixOf(platform, 64, 32, "bf16");
    const place = { descriptor, position: headBytes, rowBytes, sourceRow: 0, pairedRows: 0 };
    const load = { matrix, rowStart: 0, numRows: 64, storage: "bf16", label: 'a.gguf: tensor "w"', ...place } as const;
    await platform.loadMatrixRows([load], () => undefined);
    ftruncateSync(descriptor, 100);
    const failing = platform.loadMatrixRows([load], () => undefined);
    await expect(failing).rejects.toThrow(/^a\.gguf: tensor "w": the file ends before its rows do, or cannot be read/);
    await expect(failing).rejects.toThrow(CheckpointError);
    await platform.fillNoise([{ target: matrix, isMatrix: true, seed: 1, centre: 0, scale: 1 }]);
  });
});
