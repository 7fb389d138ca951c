/** Parts of a wider product: perhaps another part was meant. */
import { Tensor } from "../../../tensor/tensor.js";
import type { Evidence } from "./evidence.js";
import type { Variant } from "./variants.js";
import { isStep, where } from "./variants.js";

/** Variants in which an op reads other columns, as many, of the value that it reads a part of. */
export function viewVariants(evidence: Evidence): Variant[] {
  return evidence.segment.records.flatMap((record) =>
    record.inputs.flatMap((input, i): Variant[] => {
      const { storage, shape, strides, offset, dtype, owner } = input;
      const rowWidth = strides[0] ?? 0;
      const width = shape.slice(1).reduce((a, b) => a * b, 1);
      if (!isStep(input) || dtype !== "f32" || width >= rowWidth || rowWidth % width !== 0) return [];
      const start = offset % rowWidth;
      const others = Array.from({ length: rowWidth / width }, (_, n) => n * width).filter((at) => at !== start);
      if (start % width !== 0 || others.length > 8) return [];
      return others.map((at) => {
        const view = new Tensor(storage, shape, dtype, owner, strides, offset - start + at);
        const inputs = record.inputs.map((other, k) => (k === i ? view : other));
        return {
          text: `columns ${at} to ${at + width - 1} in place of ${evidence.describe(input)} in ${where(record)}`,
          changes: new Map([[record, [{ ...record, inputs }]]]),
          kind: `view ${i} of ${record.op}`,
        };
      });
    }),
  );
}
