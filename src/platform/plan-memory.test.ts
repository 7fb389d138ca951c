/** Plans keep living buffers apart and reuse what is free. */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Lifetime } from "./plan-memory.js";
import { planAlignment, planMemory } from "./plan-memory.js";

test("buffers that are alive together never overlap, and all lie inside", () => {
  const lifetime = fc.record({ bytes: fc.nat(5000), first: fc.nat(30), length: fc.nat(10) });
  fc.assert(
    fc.property(fc.array(lifetime, { maxLength: 40 }), (list) => {
      const buffers: Lifetime[] = list.map(({ bytes, first, length }) => ({ bytes, first, last: first + length }));
      const { offsets, bytes } = planMemory(buffers);
      buffers.forEach((a, i) => {
        expect(offsets[i]! % planAlignment).toBe(0);
        expect(offsets[i]! + a.bytes).toBeLessThanOrEqual(bytes);
        buffers.slice(0, i).forEach((b, j) => {
          if (a.first > b.last || b.first > a.last) return;
          expect(offsets[i]! >= offsets[j]! + b.bytes || offsets[j]! >= offsets[i]! + a.bytes).toBe(true);
        });
      });
    }),
  );
});

test("a chain of layers needs no more than two buffers' room", () => {
  const chain = Array.from({ length: 50 }, (_, i) => ({ bytes: 1024, first: i, last: i + 1 }));
  expect(planMemory(chain).bytes).toBe(2048);
});

test("the tightest gap is taken", () => {
  const buffers = [
    { bytes: 640, first: 0, last: 1 },
    { bytes: 64, first: 0, last: 9 },
    { bytes: 128, first: 0, last: 1 },
    { bytes: 64, first: 0, last: 9 },
    { bytes: 128, first: 2, last: 3 },
  ];
  const { offsets } = planMemory(buffers);
  expect(offsets[4]).toBe(offsets[2]);
});

test("nothing to plan", () => {
  expect(planMemory([])).toEqual({ offsets: [], bytes: 0 });
});
