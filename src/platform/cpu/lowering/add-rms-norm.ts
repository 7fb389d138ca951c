/**
 * Fuses what lies between two blocks: the norm of a block's result (Gemma 2, OLMo 2), the residual sum, its norm, and packing
 * for the linear layers that read it. One kernel makes one pass over the residual stream; each part may be missing.
 */
import type { OpRecord } from "../../platform.js";
import type { Tensor } from "../../../tensor/tensor.js";
import { number } from "./attributes.js";
import type { Fusion, FusionMatch } from "./fusion.js";
import type { Argument, LoweredOp } from "./lowered-op.js";
import { isAllOf, place, view, whole } from "./lowered-op.js";
import type { LoweringContext } from "./lowering-context.js";

/** A view that is absent. */
const noView: readonly Argument[] = [0, 0, 0, 0, 0, 0];

/** The records of a match, in their order; what is missing is undefined. */
interface Parts {
  /** Norm of the block's result, which the sum alone reads. */
  readonly before?: OpRecord | undefined;
  readonly add?: OpRecord | undefined;
  readonly after?: OpRecord | undefined;
}

export const addRmsNorm: Fusion = {
  name: "addRmsNorm",
  match(context, i) {
    const { records } = context;
    const record = records[i]!;
    if (record.op === "add") {
      const after = normOf(record, records[i + 1]);
      return after && matched(context, i, { add: record, after });
    }
    if (record.op !== "rmsNorm") return undefined;
    const add = records[i + 1];
    if (add && addsNorm(context, add, record))
      return matched(context, i, { before: record, add, after: normOf(add, records[i + 2]) });
    // Alone it is worth a fusion only if it packs.
    return packsAs(context, record.outputs[0]!) === undefined ? undefined : matched(context, i, { after: record });
  },
};

/** `next`, if it is the norm of all that `add` makes. */
function normOf(add: OpRecord, next: OpRecord | undefined): OpRecord | undefined {
  return next?.op === "rmsNorm" && isAllOf(next.inputs[0]!, add.outputs[0]!) ? next : undefined;
}

/** Whether `add` is the only reader of the norm, which then need not exist. */
function addsNorm(context: LoweringContext, add: OpRecord, norm: OpRecord): boolean {
  const out = norm.outputs[0]!;
  if (add.op !== "add" || out.shape.length !== 2 || out.storage.address !== undefined) return false;
  return context.readers(out).length === 1 && add.inputs.filter((input) => isAllOf(input, out)).length === 1;
}

function matched(context: LoweringContext, i: number, parts: Parts): FusionMatch {
  const records = [parts.before, parts.add, parts.after].filter((record) => record !== undefined);
  return { records: records.map((_, k) => i + k), emit: () => [emit(context, parts, records)] };
}

function emit(context: LoweringContext, { before, add, after }: Parts, records: OpRecord[]): LoweredOp {
  const [a, b] = terms({ before, add, after });
  const out = (after ?? add!).outputs[0]!;
  const isBf16 = packsAs(context, out);
  const packed = isBf16 === undefined ? 0 : whole(context.declarePacked(out, isBf16));
  // Without a norm after it, the sum is the result.
  const isWanted = after && (isBf16 === undefined || context.packedAloneAs(out) === undefined);
  const args = [...view(a), ...(b ? view(b) : noView), ...normArguments(before)];
  args.push(add ? place(add.outputs[0]!) : 0, ...normArguments(after));
  args.push(isWanted ? place(out) : 0, packed, Number(isBf16 ?? false));
  return { kernel: "addRmsNorm", args, records };
}

/** The residual and what is added to it. */
function terms({ before, add, after }: Parts): [a: Tensor, b?: Tensor] {
  if (!add) return [after!.inputs[0]!];
  const [a, b] = add.inputs as [Tensor, Tensor];
  if (!before) return [a, b];
  return [isAllOf(a, before.outputs[0]!) ? b : a, before.inputs[0]!];
}

/** weight?, eps, weightOffset */
function normArguments(norm: OpRecord | undefined): Argument[] {
  return norm ? [place(norm.inputs[1]!), number(norm, "eps"), number(norm, "weightOffset")] : [0, 0, 0];
}

/** How linear layers that read x want it packed; undefined if none does. */
function packsAs(context: LoweringContext, x: Tensor): boolean | undefined {
  return x.shape.length === 2 ? context.packedFor(x) : undefined;
}
