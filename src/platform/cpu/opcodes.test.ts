/** The two opcode tables say the same. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { opcodes } from "./opcodes.js";

test("kernels.inc and opcodes.ts list the same kernels", () => {
  const source = readFileSync(new URL("../../../native/cpu/kernels.inc", import.meta.url), "utf8");
  const native = [...source.matchAll(/^QUIRE_KERNEL\((\d+), (\w+)\)/gm)].map((m) => [m[2]!, Number(m[1])]);
  expect(native.length).toBeGreaterThan(10);
  expect(Object.fromEntries(native)).toEqual(opcodes);
  expect(new Set(native.map(([, code]) => code)).size).toBe(native.length);
});
