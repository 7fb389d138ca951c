/** One kernel call per recorded op, unfused: each entry writes the arguments that native/cpu/kernels.inc lists. */
import type { OpRecord } from "../../platform.js";
import { logprobsModes } from "../../sample-layout.js";
import type { Parameter } from "../../../tensor/parameter.js";
import type { Tensor } from "../../../tensor/tensor.js";
import { kernelDType } from "../matrix-layout.js";
import type { KernelName } from "../opcodes.js";
import { activationNumber, cacheArguments, number } from "./attributes.js";
import { emitExpertLinear, emitTopkRouting } from "./experts.js";
import type { Argument, LoweredOp } from "./lowered-op.js";
import { optionalPlace, place, view } from "./lowered-op.js";
import type { LoweringContext } from "./lowering-context.js";
import { emitHeadLinear } from "./head-linear.js";
import { emitLinear } from "./linear.js";
import { emitAttention } from "./paged-attention.js";
import { stateSpaceEmitters } from "./state-space.js";

type Emit = (record: OpRecord, context: LoweringContext) => LoweredOp[];

/** Lowers a record that no fusion took; undefined when the op has no kernel. */
export function emitRecord(record: OpRecord, context: LoweringContext): LoweredOp[] | undefined {
  return Object.hasOwn(emitters, record.op) ? emitters[record.op]!(record, context) : undefined;
}

const emitters: Record<string, Emit> = {
  ...stateSpaceEmitters,
  embedding: (record) => {
    const [ids, weight] = record.inputs as [Tensor, Parameter];
    const args = [
      place(ids),
      place(weight),
      kernelDType(weight.dtype),
      Number(record.attributes["layout"] === "matrix"),
    ];
    args.push(weight.size(0), weight.size(1), number(record, "rowStart"), place(record.outputs[0]!), ids.size(0));
    return [op("embedding", args, record)];
  },
  linear: (record, context) => emitLinear(record, context),
  linearInt8: (record, context) => emitLinear(record, context),
  rmsNorm: (record) => {
    const [x, weight] = record.inputs as [Tensor, Tensor];
    return [
      op(
        "rmsNorm",
        [...view(x), place(weight), number(record, "eps"), place(record.outputs[0]!), number(record, "weightOffset")],
        record,
      ),
    ];
  },
  layerNorm: (record) => {
    const [x, weight, bias] = record.inputs as [Tensor, Tensor, Tensor?];
    const args = [...view(x), place(weight), optionalPlace(bias), number(record, "eps"), place(record.outputs[0]!)];
    args.push(weight.shape.length === 2 ? weight.size(1) : 0);
    return [op("layerNorm", args, record)];
  },
  rotaryEmbedding: (record) => {
    const [positions, x, cosSin] = record.inputs as [Tensor, Tensor, Tensor];
    const args = [place(positions), ...view(x), place(cosSin), cosSin.size(1)];
    args.push(Number(record.attributes["style"] === "gptj"), place(record.outputs[0]!), cosSin.size(0));
    return [op("rotaryEmbedding", args, record)];
  },
  writeKVCache: (record) => {
    const [k, v, cache, slotMapping] = record.inputs as [Tensor, Tensor, Tensor, Tensor];
    const args = [...view(k), ...view(v), ...cacheArguments(record, cache), place(slotMapping), cache.size(0)];
    return [op("writeKVCache", args, record)];
  },
  pagedAttention: (record, context) => emitAttention(record, context.threads),
  headLinear: emitHeadLinear,
  writeLatents: (record) => {
    const [latent, rope, cache, slotMapping] = record.inputs as [Tensor, Tensor, Tensor, Tensor];
    const args = [...view(latent), ...view(rope), ...cacheArguments(record, cache), place(slotMapping), cache.size(0)];
    return [op("writeLatents", args, record)];
  },
  mlaAttention: (record, context) => emitAttention(record, context.threads),
  activation: (record) => [
    op("activation", [...view(record.inputs[0]!), activationNumber(record), place(record.outputs[0]!)], record),
  ],
  gatedActivation: (record) => [
    op("gatedActivation", [...view(record.inputs[0]!), activationNumber(record), place(record.outputs[0]!)], record),
  ],
  add: (record) => {
    const [a, b] = record.inputs as [Tensor, Tensor];
    return [op("add", [...view(a), ...view(b), place(record.outputs[0]!)], record)];
  },
  mul: (record) => {
    const [a, b] = record.inputs as [Tensor, Tensor];
    return [op("mul", [...view(a), ...view(b), place(record.outputs[0]!)], record)];
  },
  softcap: (record) => {
    const args = [...view(record.inputs[0]!), number(record, "cap"), place(record.outputs[0]!)];
    return [op("softcap", args, record)];
  },
  clamp: (record) => {
    const args = [...view(record.inputs[0]!), number(record, "min"), number(record, "max"), place(record.outputs[0]!)];
    return [op("clamp", args, record)];
  },
  quantizeActivations: (record) => {
    const numbers = ["groupSize", "scale", "zeroPoint", "minScale"].map((name) => number(record, name));
    const isInt8 = Number(record.attributes["type"] === "int8");
    return [
      op("quantizeActivations", [...view(record.inputs[0]!), isInt8, ...numbers, place(record.outputs[0]!)], record),
    ];
  },
  scale: (record) => {
    const args = [...view(record.inputs[0]!), number(record, "factor"), place(record.outputs[0]!)];
    return [op("scale", args, record)];
  },
  copy: (record) => [op("copy", [...view(record.inputs[0]!), place(record.outputs[0]!)], record)],
  topkRouting: emitTopkRouting,
  expertLinear: emitExpertLinear,
  expertLinearInt8: emitExpertLinear,
  combineExperts: (record) => {
    const [y, weights] = record.inputs as [Tensor, Tensor];
    return [op("combineExperts", [...view(y), ...view(weights), place(record.outputs[0]!)], record)];
  },
  clampedSwiglu: (record) => {
    const [alpha, limit] = [number(record, "alpha"), number(record, "limit")];
    return [op("clampedSwiglu", [...view(record.inputs[0]!), alpha, limit, place(record.outputs[0]!)], record)];
  },
  gatherRows: (record) => {
    const [x, rows] = record.inputs as [Tensor, Tensor];
    return [op("gatherRows", [...view(x), place(rows), rows.size(0), place(record.outputs[0]!)], record)];
  },
  sample: (record) => {
    const [logits, ints, floats, lists, ...outputs] = record.inputs as [Tensor, Tensor, Tensor, Tensor, ...Tensor[]];
    const mode = logprobsModes.findIndex((name) => name === record.attributes["logprobsMode"]);
    const args = [...view(logits), place(ints), place(floats), place(lists), lists.size(0), ...outputs.map(place)];
    return [op("sample", [...args, outputs[4]!.size(0), mode], record)];
  },
};

function op(kernel: KernelName, args: readonly Argument[], record: OpRecord): LoweredOp {
  return { kernel, args, records: [record] };
}
