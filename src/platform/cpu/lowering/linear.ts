/** Lowering of linear layers, and the fusion that adds their result to the residual stream. */
import type { OpRecord } from "../../platform.js";
import type { Tensor } from "../../../tensor/tensor.js";
import type { Fusion } from "./fusion.js";
import type { LoweredOp } from "./lowered-op.js";
import { isAllOf, optionalPlace, place } from "./lowered-op.js";
import type { LoweringContext } from "./lowering-context.js";
import { isLinear } from "./lowering-context.js";

/**
 * The product, and the packing of its input where nothing packed it before.
 * @param sum the record that adds the result to `residual`; its output is then the kernel's
 */
export function emitLinear(
  record: OpRecord,
  context: LoweringContext,
  sum?: { add: OpRecord; residual: Tensor },
): LoweredOp[] {
  const { pack, product } = context.product(record);
  const isInt8 = record.op === "linearInt8";
  const [scale, bias] = isInt8 ? record.inputs.slice(2) : [undefined, record.inputs[2]];
  const out = (sum?.add ?? record).outputs[0]!;
  const args = [...product, optionalPlace(scale), optionalPlace(bias), place(out), out.size(1)];
  args.push(optionalPlace(sum?.residual), sum?.residual.strides[0] ?? 0);
  return [...pack, { kernel: "linear", args, records: sum ? [record, sum.add] : [record] }];
}

/** Matches a linear layer whose result is read by the add that follows, and by nothing else. */
export const linearAdd: Fusion = {
  name: "linearAdd",
  match(context, i) {
    const record = context.records[i]!;
    const add = context.records[i + 1];
    if (!isLinear(record) || add?.op !== "add") return undefined;
    const product = record.outputs[0]!;
    if (product.storage.address !== undefined || context.readers(product).length !== 1) return undefined;
    const [a, b] = add.inputs as [Tensor, Tensor];
    const residual = isAllOf(a, product) ? b : isAllOf(b, product) ? a : undefined;
    if (!residual || residual.storage === product.storage || String(residual.shape) !== String(product.shape))
      return undefined;
    if (residual.shape.length !== 2 || (residual.size(1) > 1 && residual.strides[1] !== 1)) return undefined;
    return { records: [i, i + 1], emit: () => emitLinear(record, context, { add, residual }) };
  },
};
