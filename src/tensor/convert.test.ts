/** 16-bit floats: every value there and back, and rounding at the edges. */
import { expect, test } from "vitest";
import { ShapeError } from "../util/errors.js";
import { bf16ToF32, f16ToF32, f32ToBf16, f32ToF16 } from "./convert.js";

const all = Uint16Array.from({ length: 65536 }, (_, i) => i);

test.each([
  { name: "f16", widen: f16ToF32, narrow: f32ToF16 },
  { name: "bf16", widen: bf16ToF32, narrow: f32ToBf16 },
])("every $name survives the way to f32 and back", ({ widen, narrow }) => {
  const wide = new Float32Array(65536);
  widen(all, wide);
  const back = new Uint16Array(65536);
  narrow(wide, back);
  const again = new Float32Array(65536);
  widen(back, again);
  const wrong = [...all].filter((bits) =>
    Number.isNaN(wide[bits]) ? !Number.isNaN(again[bits]) : back[bits] !== bits || !Object.is(wide[bits], again[bits]),
  );
  expect(wrong).toEqual([]);
  expect(new Set([...wide].filter((x) => !Number.isNaN(x))).size).toBe(distinct(wide));
});

/** Different values, +0 and -0 counted as one: all that are not NaN, less one zero. */
function distinct(wide: Float32Array): number {
  return [...wide].filter((x) => !Number.isNaN(x)).length - 1;
}

test.each([
  [1, 0x3c00],
  [-2, 0xc000],
  [65504, 0x7bff],
  [65519.99, 0x7bff],
  [65520, 0x7c00],
  [-1e30, 0xfc00],
  [2 ** -14, 0x0400],
  [2 ** -24, 0x0001],
  [2 ** -25, 0x0000],
  [2 ** -25 * 1.001, 0x0001],
  [3 * 2 ** -25, 0x0002],
  [-(2 ** -26), 0x8000],
  [2 ** -14 - 2 ** -25, 0x0400],
  [1 + 2 ** -11, 0x3c00],
  [1 + 3 * 2 ** -11, 0x3c02],
  [1 + 2 ** -11 + 2 ** -20, 0x3c01],
  [1e-45, 0x0000],
  [Infinity, 0x7c00],
])("f32 %d rounds to f16 %i", (value, bits) => {
  const target = new Uint16Array(1);
  f32ToF16(Float32Array.of(value), target);
  expect(target[0]).toBe(bits);
});

test.each([
  [1, 0x3f80],
  [1 + 2 ** -8, 0x3f80],
  [1 + 3 * 2 ** -8, 0x3f82],
  [1 + 2 ** -8 + 2 ** -20, 0x3f81],
  [-1 - 2 ** -7, 0xbf81],
  [3.4028234663852886e38, 0x7f80],
  [-Infinity, 0xff80],
  [1e-45, 0x0000],
])("f32 %d rounds to bf16 %i", (value, bits) => {
  const target = new Uint16Array(1);
  f32ToBf16(Float32Array.of(value), target);
  expect(target[0]).toBe(bits);
});

test("a NaN with low payload bits stays a NaN", () => {
  const source = new Float32Array(Uint32Array.of(0x7f800001, 0xffffffff).buffer);
  const target = new Uint16Array(2);
  f32ToBf16(source, target);
  expect([...target]).toEqual([0x7fc0, 0xffff]);
  f32ToF16(source, target);
  expect([...target]).toEqual([0x7e00, 0xffff]);
});

test("bf16 reads and writes inside larger arrays; short targets are refused", () => {
  const wide = new Float32Array(4).fill(9);
  bf16ToF32(Uint16Array.of(0x3f80, 0xc000), wide.subarray(1, 3));
  expect([...wide]).toEqual([9, 1, -2, 9]);
  expect(() => f16ToF32(all, new Float32Array(3))).toThrow(ShapeError);
  expect(() => f32ToBf16(wide, new Uint16Array(3))).toThrow(/4 elements do not fit into a target of 3/);
});
