/** Cases of gatherRows. */
import { gatherRows } from "../../src/ops/gather-rows.js";
import type { RowOptions } from "./case-inputs.js";
import type { OpCase } from "./op-case.js";
import { range } from "./op-case.js";

export const op = "gatherRows";

/** Row r of the result is row 7 r mod `from` of x. */
function gatherCase(name: string, rows: number, from: number, size: number, options: RowOptions = {}): OpCase {
  return {
    name,
    rows,
    tolerance: 0,
    record: (inputs, picked) => {
      const indexes = picked.map((row) => (row * 7) % from);
      return [gatherRows(inputs.rows("x", range(from), size, options), inputs.ints("rows", indexes))];
    },
  };
}

export const cases: readonly OpCase[] = [
  gatherCase("one of one", 1, 1, 1),
  gatherCase("repeated rows", 20, 5, 37),
  gatherCase("strided", 6, 11, 100, { stride: 256, offset: 9 }),
  gatherCase("model size", 16, 130, 576),
];
