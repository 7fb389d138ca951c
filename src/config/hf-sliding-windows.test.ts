import { expect, test } from "vitest";
import { readSlidingWindows } from "./hf-sliding-windows.js";

const four = { num_hidden_layers: 4, sliding_window: 16 };
const none = undefined;

test("layer_types says which layers slide", () => {
  const types = ["full_attention", "sliding_attention", "full_attention", "full_attention"];
  expect(readSlidingWindows({ ...four, layer_types: types }, { pattern: 2 })).toEqual([none, 16, none, none]);
});

test("without layer_types, the pattern does", () => {
  expect(readSlidingWindows({ ...four, sliding_window_pattern: 3 })).toEqual([16, 16, none, 16]);
  expect(readSlidingWindows(four, { pattern: 2 })).toEqual([16, none, 16, none]);
  expect(readSlidingWindows(four)).toEqual([none, none, none, none]);
  // The last layer sees everything, whatever the letters say.
  expect(readSlidingWindows({ ...four, sliding_window_pattern: "LG" })).toEqual([16, none, 16, none]);
  expect(readSlidingWindows({ ...four, sliding_window_pattern: "GL" })).toEqual([none, 16, none, none]);
});

test("a flag that is off, and a number of first layers", () => {
  const qwen = { enabledBy: "use_sliding_window", first: { from: "max_window_layers", fallback: 3 } };
  expect(readSlidingWindows(four, qwen)).toEqual([none, none, none, none]);
  expect(readSlidingWindows({ ...four, use_sliding_window: true }, qwen)).toEqual([none, none, none, 16]);
  expect(readSlidingWindows({ ...four, use_sliding_window: true, max_window_layers: 0 }, qwen)).toEqual(
    Array(4).fill(16),
  );
  expect(() => readSlidingWindows({ ...four, use_sliding_window: 1 }, qwen)).toThrow(
    /use_sliding_window must be true or/,
  );
});

test("null is no window; a missing one is the default", () => {
  expect(readSlidingWindows({ ...four, sliding_window: null }, { pattern: 2, window: 8 })).toEqual(Array(4).fill(none));
  expect(readSlidingWindows({ num_hidden_layers: 2 }, { pattern: 2, window: 8 })).toEqual([8, none]);
});

test.each([
  [{ layer_types: ["full_attention"] }, /layer_types must be a list of 4 layer types/],
  [{ layer_types: Array(4).fill("chunked_attention") }, /"sliding_attention", got "chunked_attention"/],
  [{ layer_types: Array(4).fill("sliding_attention"), sliding_window: null }, /as layer 0 is "sliding_attention"/],
  [{ sliding_window: -3 }, /sliding_window must be a positive integer or null, got -3/],
  [{ sliding_window_pattern: "LX" }, /sliding_window_pattern must be .*, got "LX"/],
  [{ sliding_window_pattern: 0 }, /sliding_window_pattern must be/],
  [{ num_hidden_layers: "4" }, /num_hidden_layers must be a positive integer, got "4"/],
])("%j is refused", (fields, message) => {
  expect(() => readSlidingWindows({ ...four, ...fields }, { pattern: 2 })).toThrow(message);
});
