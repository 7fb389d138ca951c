/** Characters that hide or turn text round are shown. */
import { expect, it } from "vitest";
import { visibleCode, visibleText } from "./visible-text.js";

it("shows control characters and overrides, and leaves languages alone", () => {
  expect(visibleText("a\u001b[31mb\u0000\u007f\u0085\tc\nd")).toBe("a\u241b[31mb\u2400\u2421[U+0085]\tc\nd");
  expect(visibleText("\u202eabc\u202d")).toBe("[U+202E]abc[U+202D]");
  const arabic = "\u200fمرحبا\u200e \u2067x\u2069";
  expect(visibleText(arabic)).toBe(arabic);
});

it("shows every direction in code", () => {
  expect(visibleCode("if (a\u2066) \u200f//\u202e")).toBe("if (a[U+2066]) [U+200F]//[U+202E]");
  expect(visibleCode("a\r\nb\rc")).toBe("a\nb\u240dc");
});
