/**
 * Fuses add + rmsNorm, and writes the norm directly in packed form when linear layers read it. One kernel updates the
 * residual stream, normalizes it and packs it: three passes become one.
 */
import type { OpRecord } from "../../platform.js";
import type { Tensor } from "../../../tensor/tensor.js";
import { number } from "./attributes.js";
import type { Fusion } from "./fusion.js";
import type { Argument } from "./lowered-op.js";
import { isAllOf, place, view, whole } from "./lowered-op.js";
import type { LoweringContext } from "./lowering-context.js";

/** A view that is absent. */
const noView: readonly Argument[] = [0, 0, 0, 0, 0, 0];

export const addRmsNorm: Fusion = {
  name: "addRmsNorm",
  match(context, i) {
    const record = context.records[i]!;
    if (record.op === "rmsNorm") {
      // Alone it is worth a fusion only if it packs.
      const isBf16 = packsAs(context, record);
      if (isBf16 === undefined) return undefined;
      return { records: [i], emit: () => [emit(context, undefined, record, isBf16)] };
    }
    const next = context.records[i + 1];
    if (record.op !== "add" || next?.op !== "rmsNorm" || !isAllOf(next.inputs[0]!, record.outputs[0]!))
      return undefined;
    return { records: [i, i + 1], emit: () => [emit(context, record, next, packsAs(context, next))] };
  },
};

function emit(context: LoweringContext, add: OpRecord | undefined, norm: OpRecord, isBf16: boolean | undefined) {
  const [x, weight] = norm.inputs as [Tensor, Tensor];
  const out = norm.outputs[0]!;
  const sum = add ? place(add.outputs[0]!) : 0;
  const terms = add ? [...view(add.inputs[0]!), ...view(add.inputs[1]!)] : [...view(x), ...noView];
  const packed = isBf16 === undefined ? 0 : whole(context.declarePacked(out, isBf16));
  const isWanted = isBf16 === undefined || context.packedAloneAs(out) === undefined;
  const args = [
    ...terms,
    sum,
    place(weight),
    number(norm, "eps"),
    isWanted ? place(out) : 0,
    packed,
    Number(isBf16 ?? false),
  ];
  return { kernel: "addRmsNorm" as const, args, records: add ? [add, norm] : [norm] };
}

/** How linear layers that read the norm want it packed; undefined if none does. */
function packsAs(context: LoweringContext, norm: OpRecord): boolean | undefined {
  return norm.outputs[0]!.shape.length === 2 ? context.packedFor(norm.outputs[0]!) : undefined;
}
