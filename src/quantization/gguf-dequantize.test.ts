/** GGUF blocks to float32: known blocks bit for bit, neighbours untouched, lengths checked. */
import { crc32 } from "node:zlib";
import { expect, test } from "vitest";
import { ggufBlocks, type GgufBlockType } from "../tensor/storage-type.js";
import { ShapeError } from "../util/errors.js";
import { dequantizeCases } from "./gguf-dequantize.cases.js";
import { dequantizeGguf } from "./gguf-dequantize.js";

test("there is a case for every type", () => {
  expect(dequantizeCases.map(({ storage }) => storage).sort()).toEqual(Object.keys(ggufBlocks).sort());
});

test.each(dequantizeCases)("$storage", ({ storage, block, values, crc32: expected }) => {
  const { elements, bytes } = ggufBlocks[storage];
  const one = Buffer.from(block, "base64");
  expect(one.length).toBe(bytes);
  // Three blocks at an odd address: zeros, the known one, zeros; and one element more than asked for.
  const three = new Uint8Array(1 + 3 * bytes).subarray(1);
  three.set(one, bytes);
  const out = new Float32Array(3 * elements + 1).fill(7);
  dequantizeGguf(storage, three, out, 3 * elements);
  const middle = out.subarray(elements, 2 * elements);
  for (const [index, value] of values) expect(middle[index], `element ${index}`).toBe(value);
  expect(crc32(new Uint8Array(middle.buffer, middle.byteOffset, middle.byteLength))).toBe(expected);
  for (const i of [0, elements - 1, 2 * elements, 3 * elements - 1]) expect(Math.abs(out[i]!)).toBe(0);
  expect(out[3 * elements]).toBe(7);
});

test("lengths are checked", () => {
  const call = (storage: GgufBlockType, bytes: number, out: number, count: number) => () =>
    dequantizeGguf(storage, new Uint8Array(bytes), new Float32Array(out), count);
  expect(call("q4_0", 18, 32, 16)).toThrow(ShapeError);
  expect(call("q4_k", 18, 32, 32)).toThrow(/32 elements are not whole blocks of 256/);
  expect(call("q4_0", 35, 64, 64)).toThrow(/64 elements need 36 bytes, got 35/);
  expect(call("q4_0", 36, 63, 64)).toThrow(/64 elements do not fit into 63/);
  expect(call("q4_0", 36, 64, -32)).toThrow(ShapeError);
  call("q4_0", 0, 0, 0)();
});
