/** Cases of embedding. */
import { embedding } from "../../src/ops/embedding.js";
import { Parameter } from "../../src/tensor/parameter.js";
import { createStorage } from "../../src/tensor/tensor.js";
import type { CaseInputs } from "./case-inputs.js";
import type { OpCase } from "./op-case.js";

export const op = "embedding";

interface Options {
  dtype?: "f32" | "bf16";
  layout?: "matrix" | "rowMajor";
  rowStart?: number;
  ids?: (row: number) => number;
}

/** A matrix in plain order. */
function rowMajor(inputs: CaseInputs, rows: number, columns: number, dtype: "f32" | "bf16"): Parameter {
  if (dtype === "f32") return inputs.parameter("weight", [rows, columns]);
  const values = inputs.values("weight", rows * columns, (random) => random() * 2 - 1);
  const halves = Uint16Array.from(values, (_, i) => new Uint32Array(values.buffer)[i]! >>> 16);
  const address = inputs.allocate(halves.byteLength, "weight");
  inputs.platform.write(address, new Uint8Array(halves.buffer));
  return new Parameter(
    "weight",
    createStorage("external", halves.byteLength, "weight", address),
    [rows, columns],
    dtype,
    "rowMajor",
  );
}

function embeddingCase(name: string, rows: number, vocabulary: number, size: number, options: Options = {}): OpCase {
  const { dtype = "f32", layout = "matrix", rowStart = 0, ids = (row) => (row * 7) % vocabulary } = options;
  return {
    name: `${name}: ${dtype}, ${layout}`,
    rows,
    tolerance: 0,
    record: (inputs, picked) => {
      const make =
        layout === "matrix"
          ? () => inputs.matrix("weight", vocabulary, size, dtype)
          : () => rowMajor(inputs, vocabulary, size, dtype);
      return [embedding(inputs.ints("ids", picked.map(ids)), make(), rowStart)];
    },
  };
}

export const cases: readonly OpCase[] = (["f32", "bf16"] as const).flatMap((dtype) =>
  (["matrix", "rowMajor"] as const).flatMap((layout) => [
    embeddingCase("one", 1, 1, 1, { dtype, layout }),
    embeddingCase("odd sizes", 20, 37, 27, { dtype, layout }),
    embeddingCase("whole vectors", 7, 50, 64, { dtype, layout }),
    embeddingCase("a part of the vocabulary: others are zero", 12, 20, 18, {
      dtype,
      layout,
      rowStart: 5,
      ids: (row) => row * 3,
    }),
    embeddingCase("an offset of 2", 6, 10, 8, { dtype, layout, rowStart: -2, ids: (row) => row }),
    embeddingCase("ids that do not exist", 3, 10, 8, { dtype, layout, ids: (row) => [-1, 10, 2 ** 31 - 1][row]! }),
  ]),
);
