import { describe, expect, test } from "vitest";
import { readRope } from "../config/hf-rope.js";
import { cosSinTable, ropeFrequencies } from "./rope-frequencies.js";

const base = { hidden_size: 32, num_attention_heads: 4, max_position_embeddings: 256, rope_theta: 10000 };
const frequencies = (rope: Record<string, unknown>, maxModelLen = 256) =>
  ropeFrequencies(readRope({ ...base, rope_parameters: rope }), maxModelLen);
const plain = [1, 0.1, 0.01, 0.001];
const close = (got: Iterable<number>, wanted: number[]): void =>
  [...got].forEach((value, i) => expect(value / wanted[i]!).toBeCloseTo(1, 5));

describe("inverse frequencies", () => {
  test("default: theta to the power of -2i / dim", () => close(frequencies({}).inverse, plain));

  test("an odd part of a head: the odd number spreads the frequencies", () =>
    close(
      frequencies({ partial_rotary_factor: 0.65 }).inverse,
      [0, 1, 2].map((i) => 10000 ** ((-2 * i) / 5)),
    ));

  test("linear: divided by the factor", () =>
    close(
      frequencies({ rope_type: "linear", factor: 4 }).inverse,
      plain.map((x) => x / 4),
    ));

  test("dynamic: as default up to the trained length, another base beyond, whatever the call's length", () => {
    const rope = { rope_type: "dynamic", factor: 2 };
    close(frequencies(rope, 256).inverse, plain);
    const theta = 10000 * (2 * 2 - 1) ** (8 / 6);
    close(
      frequencies(rope, 512).inverse,
      [0, 1, 2, 3].map((i) => theta ** (-i / 4)),
    );
  });

  test("llama3: long wavelengths divided, short ones kept, between them mixed", () => {
    const rope = {
      rope_type: "llama3",
      factor: 8,
      low_freq_factor: 1,
      high_freq_factor: 4,
      original_max_position_embeddings: 128,
    };
    const [first, second, third, fourth] = frequencies(rope).inverse;
    expect(first).toBe(1);
    const smooth = (128 / (2 * Math.PI * 10) - 1) / 3;
    expect(second).toBeCloseTo(((1 - smooth) * 0.1) / 8 + smooth * 0.1, 6);
    close([third!, fourth!], [0.01 / 8, 0.001 / 8]);
  });

  test("yarn: attention factor by the paper, high frequencies kept, low ones divided", () => {
    const { inverse, scaling } = frequencies({ rope_type: "yarn", factor: 4, original_max_position_embeddings: 128 });
    expect(scaling).toBeCloseTo(0.1 * Math.log(4) + 1, 12);
    expect(inverse[0]).toBe(1);
    expect(inverse[3]! / 0.001).toBeCloseTo(0.25, 5);
  });

  test("yarn: mscale and mscale_all_dim replace it; attention_factor beats both", () => {
    const rope = { rope_type: "yarn", factor: 4, original_max_position_embeddings: 128, mscale: 1, mscale_all_dim: 1 };
    expect(frequencies(rope).scaling).toBe(1);
    expect(frequencies({ ...rope, attention_factor: 0.5 }).scaling).toBe(0.5);
  });

  test("longrope: one list of factors for the whole run, by its length", () => {
    const rope = {
      rope_type: "longrope",
      short_factor: [1, 1, 1, 1],
      long_factor: [1, 2, 4, 8],
      original_max_position_embeddings: 128,
    };
    close(frequencies(rope, 128).inverse, plain);
    close(frequencies(rope, 129).inverse, [1, 0.05, 0.0025, 0.000125]);
    expect(frequencies(rope, 128).scaling).toBeCloseTo(Math.sqrt(1 + Math.log(2) / Math.log(128)), 12);
  });
});

test("a table that no memory holds is refused with the length that would do", () => {
  const build = () => cosSinTable({ inverse: Float32Array.of(1, 0.5), scaling: 1 }, 1e9);
  expect(build).toThrow(/1000000000 positions is too large; use at most --max-model-len 134217728/);
  expect(() => readRope({ ...base, partial_rotary_factor: 1e12 })).toThrow(/partial_rotary_factor must be at most 1/);
});

test("the table holds cosines, then sines, scaled", () => {
  const table = cosSinTable({ inverse: Float32Array.of(1, 0.5), scaling: 2 }, 3);
  expect(table).toHaveLength(12);
  expect([...table.slice(4, 8)]).toEqual(
    [Math.cos(1), Math.cos(0.5), Math.sin(1), Math.sin(0.5)].map((x) => Math.fround(2 * x)),
  );
});
