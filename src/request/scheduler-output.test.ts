import { expect, it } from "vitest";
import { reachesLastToken } from "./scheduler-output.js";

it("samples only where the scheduled tokens reach the last one", () => {
  expect(reachesLastToken(0, 5, 5)).toBe(true);
  expect(reachesLastToken(3, 1, 5)).toBe(false);
  expect(reachesLastToken(4, 1, 5)).toBe(true);
});
