/** Every golden case constructed for each of two ranks: together they read every element of every tensor. */
import { describe, expect, test } from "vitest";
import { numElements } from "../../src/tensor/shape.js";
import { declareModel, tensorsOf } from "../support/declare-model.js";
import { goldenCases } from "../support/golden.js";

describe.each(goldenCases().map(({ name, source }) => [name, source] as const))("%s", (_, folder) => {
  test("two ranks read everything", async () => {
    const seen = new Map([...tensorsOf(folder)].map(([name, { shape }]) => [name, new Uint8Array(numElements(shape))]));
    const renamed = (name: string): Uint8Array | undefined =>
      seen.get(name) ?? seen.get(name.replace(/^lm_head\./, "embed_out."));
    for (const rank of [0, 1]) {
      const declared = await declareModel(folder, { rank, worldSize: 2 }).catch((error: Error) => error);
      if (declared instanceof Error) return expect(declared.message).toMatch(/does not divide|cannot be replicated/);
      for (const { spec } of declared.parameters.declared)
        for (const { source } of spec.parts) {
          const read = renamed(source.name);
          expect(read, source.name).toBeDefined();
          const { shape, strides, offset } = source.view();
          const walk = (d: number, start: number): void => {
            if (d === shape.length) read![start] = 1;
            else for (let i = 0; i < shape[d]!; i++) walk(d + 1, start + i * strides[d]!);
          };
          walk(0, offset);
        }
    }
    for (const [name, elements] of seen)
      expect(
        elements.every((x) => x === 1),
        name,
      ).toBe(true);
  });
});
