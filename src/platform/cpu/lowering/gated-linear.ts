/**
 * Fuses a merged gate/up linear with the gated activation that follows: the product stays in registers and cache, and the
 * result is written packed for the next linear. Needs whole panels on both sides: an intermediate size that is a multiple of 16.
 */
import type { Tensor } from "../../../tensor/tensor.js";
import { activationNumber } from "./attributes.js";
import type { Fusion } from "./fusion.js";
import { optionalPlace, place, whole } from "./lowered-op.js";
import { isLinear } from "./lowering-context.js";

/** Those that gated models use; the kernel has one loop for each (withGateActivation in activation_functions.h). */
const fusedActivations = new Set(["gelu", "gelu_pytorch_tanh", "silu", "relu2"]);

export const gatedLinear: Fusion = {
  name: "gatedLinear",
  match(context, i) {
    const record = context.records[i]!;
    const gated = context.records[i + 1];
    if (!isLinear(record) || gated?.op !== "gatedActivation") return undefined;
    if (!fusedActivations.has(String(gated.attributes["kind"]))) return undefined;
    const product = record.outputs[0]!;
    const x = gated.inputs[0]!;
    if (x.storage !== product.storage || x.size(-1) !== product.size(1) || product.storage.address !== undefined)
      return undefined;
    if (context.readers(product).length !== 1 || (product.size(1) / 2) % 16 !== 0) return undefined;
    const emit = () => {
      const out = gated.outputs[0]!;
      const { pack, product: args } = context.product(record);
      const [scale, bias] =
        record.op === "linear" ? [undefined, record.inputs[2]] : (record.inputs.slice(2) as [Tensor, Tensor?]);
      const isBf16 = context.packedFor(out);
      const packed = isBf16 === undefined ? 0 : whole(context.declarePacked(out, isBf16));
      const isWanted = isBf16 === undefined || context.packedAloneAs(out) === undefined;
      args.push(optionalPlace(scale), optionalPlace(bias), activationNumber(gated));
      args.push(isWanted ? place(out) : 0, packed, Number(isBf16 ?? false));
      return [...pack, { kernel: "gatedLinear" as const, args, records: [record, gated] }];
    };
    return { records: [i, i + 1], emit };
  },
};
