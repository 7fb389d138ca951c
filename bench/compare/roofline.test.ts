import { expect, test } from "vitest";
import { decodeCeiling, modelShape, prefillCeiling, shapeOf } from "./roofline.js";

const folder = new URL("llama-1b", import.meta.url).pathname;

test("the 1B shape", () => {
  const shape = modelShape(folder);
  // 2048 x (2048 + 512 + 512 + 2048 + 3 x 8192) x 16 layers, and the head, which is the embedding too
  expect(shape.layerParameters).toBe(973_078_528);
  expect(shape.headParameters).toBe(128_256 * 2048);
  expect(shape.kvBytesPerToken).toBe(2 * 2 * 16 * 8 * 64);
});

test("one token is bound by reading the weights, many by arithmetic", () => {
  const shape = modelShape(folder);
  const bytes = 2 * (shape.layerParameters + shape.headParameters);
  expect(decodeCeiling(shape, 1, 0, { read: 40e9, peak: 1e15 })).toBeCloseTo(40e9 / bytes, 9);
  expect(decodeCeiling(shape, 16, 0, { read: 1e15, peak: 400e9 })).toBeCloseTo(400e9 / bytes, 9);
  const withCache = decodeCeiling(shape, 8, 4096, { read: 40e9, peak: 1e15 });
  expect(withCache).toBeCloseTo((8 * 40e9) / (bytes + 8 * 4096 * shape.kvBytesPerToken), 9);
  const prefill = prefillCeiling(shape, 512, { read: 40e9, peak: 400e9 });
  expect(prefill).toBeGreaterThan(195);
  expect(prefill).toBeLessThan(400e9 / (2 * shape.layerParameters));
});

test("a field that is missing is named", () => {
  expect(() => shapeOf({ hidden_size: 8 }, "x/config.json")).toThrow("x/config.json: num_attention_heads");
});
