/** Cases of rotaryEmbedding. */
import type { RotaryStyle } from "../../src/ops/rotary-embedding.js";
import { rotaryEmbedding } from "../../src/ops/rotary-embedding.js";
import type { OpCase } from "./op-case.js";

export const op = "rotaryEmbedding";

interface Rotary {
  readonly rows: number;
  readonly heads: number;
  readonly headDim: number;
  readonly rotaryDim: number;
  /** Position of row r is first + 3 r mod 512. */
  readonly first?: number;
  readonly stride?: number;
}

/** [positions, rotaryDim]: cosines, then sines. */
function cosSinTable(positions: number, rotaryDim: number): Float32Array {
  const half = rotaryDim / 2;
  const table = new Float32Array(positions * rotaryDim);
  for (let p = 0; p < positions; p++)
    for (let i = 0; i < half; i++) {
      const angle = p * 10000 ** (-i / half);
      table[p * rotaryDim + i] = Math.cos(angle);
      table[p * rotaryDim + half + i] = Math.sin(angle);
    }
  return table;
}

function rotaryCase(name: string, style: RotaryStyle, shape: Rotary): OpCase {
  const { rows, heads, headDim, rotaryDim, first = 0, stride } = shape;
  return {
    name: `${style}: ${name}`,
    rows,
    tolerance: 1e-6,
    record: (inputs, picked) => {
      const cosSin = inputs.parameter("cosSin", [512, rotaryDim], cosSinTable(512, rotaryDim));
      const positions = inputs.ints(
        "positions",
        picked.map((row) => (first + 3 * row) % 512),
      );
      const x = inputs.rows("x", picked, heads * headDim, { stride }).splitLast(heads, headDim);
      return [rotaryEmbedding(positions, x, cosSin, style)];
    },
  };
}

const shapes: readonly (readonly [string, Rotary])[] = [
  ["one row, smallest", { rows: 1, heads: 1, headDim: 2, rotaryDim: 2, first: 5 }],
  ["head of 8", { rows: 4, heads: 3, headDim: 8, rotaryDim: 8 }],
  ["head of 64", { rows: 17, heads: 9, headDim: 64, rotaryDim: 64, first: 400 }],
  ["head of 80", { rows: 3, heads: 2, headDim: 80, rotaryDim: 80 }],
  ["head of 96", { rows: 3, heads: 2, headDim: 96, rotaryDim: 96 }],
  ["head of 128, many rows", { rows: 100, heads: 4, headDim: 128, rotaryDim: 128 }],
  ["partial, 24 of 80", { rows: 5, heads: 2, headDim: 80, rotaryDim: 24 }],
  ["partial, 2 of 7", { rows: 5, heads: 2, headDim: 7, rotaryDim: 2 }],
  ["strided rows", { rows: 9, heads: 4, headDim: 16, rotaryDim: 16, stride: 200 }],
];

export const cases: readonly OpCase[] = (["neox", "gptj"] as const).flatMap((style) =>
  shapes.map(([name, shape]) => rotaryCase(name, style, shape)),
);
