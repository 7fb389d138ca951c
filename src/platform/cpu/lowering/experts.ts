/**
 * Lowering of mixtures of experts. Rows are sorted by expert once for each routing, and packed in that order; the fusion of an
 * expert product with its gated activation writes the next product's input in that order too, so that nothing is packed twice.
 */
import type { OpRecord } from "../../platform.js";
import type { Storage, Tensor } from "../../../tensor/tensor.js";
import { kernelDType } from "../matrix-layout.js";
import { activationNumber, number } from "./attributes.js";
import type { Fusion } from "./fusion.js";
import type { Argument, LoweredOp } from "./lowered-op.js";
import { optionalPlace, place, temporary, view, whole } from "./lowered-op.js";
import type { LoweringContext } from "./lowering-context.js";
import { packedBytes } from "./lowering-context.js";

/** Rows of a block at most (kBlockRows of native/cpu/experts.h). */
const blockRows = 512;

/** Bytes of ExpertGroups (native/cpu/experts.h). */
export function expertGroupsBytes(numRows: number, numExperts: number): number {
  const blocks = Math.min(numRows, numExperts) + Math.floor(numRows / blockRows) + 1;
  return 4 * (2 + numRows + (numRows % 2) + 2 * blocks);
}

export function isExpertLinear(record: OpRecord | undefined): boolean {
  return record?.op === "expertLinear" || record?.op === "expertLinearInt8";
}

export function emitTopkRouting(record: OpRecord): LoweredOp[] {
  const [logits, bias] = record.inputs as [Tensor, Tensor?];
  const [ids, weights] = record.outputs as [Tensor, Tensor];
  const args: Argument[] = [...view(logits), optionalPlace(bias), number(record, "topK")];
  args.push(Number(record.attributes["scoringFunc"] === "sigmoid"), number(record, "renormalize"));
  args.push(number(record, "numExpertGroup"), number(record, "topkGroup"));
  args.push(Number(record.attributes["groupScore"] === "topTwo"), number(record, "routedScalingFactor"));
  return [{ kernel: "topkRouting", args: [...args, place(ids), place(weights)], records: [record] }];
}

export function emitExpertLinear(record: OpRecord, context: LoweringContext): LoweredOp[] {
  const { before, product } = expertProduct(record, context);
  return [...before, { kernel: "expertLinear", args: [...product, place(record.outputs[0]!)], records: [record] }];
}

/**
 * The first ten arguments of an expert product (packed, isBf16, numRows, weight, dtype, rows, columns, scale, bias, groups), and the
 * ops that sort and pack its rows, unless that was done before.
 */
function expertProduct(record: OpRecord, context: LoweringContext): { before: LoweredOp[]; product: Argument[] } {
  const [x, weight, ids] = record.inputs as [Tensor, Tensor, Tensor];
  const [scale, bias] = record.op === "expertLinear" ? [undefined, record.inputs[3]] : record.inputs.slice(3);
  const isBf16 = takesBf16(record);
  const numRows = ids.numElements;
  const before: LoweredOp[] = [];
  const groups = context.shared(`experts ${tensorKey(ids)}`, () => {
    const storage = temporary(expertGroupsBytes(numRows, weight.size(0)), "rows by expert");
    const args = [place(ids), numRows, weight.size(0), whole(storage)];
    before.push({ kernel: "groupExperts", args, records: [record], helps: true });
    return storage;
  });
  const packed = context.shared(packedKey(x, ids, isBf16), () => {
    const storage = temporary(packedBytes(numRows, x.size(1)), "packed rows of experts");
    const args = [...view(x), numRows / x.size(0), numRows, whole(groups), whole(storage), Number(isBf16)];
    before.push({ kernel: "packExperts", args, records: [record], helps: true });
    return storage;
  });
  const matrix = [place(weight), kernelDType(weight.dtype), weight.size(1), weight.size(2)];
  const product = [whole(packed), Number(isBf16), numRows, ...matrix, optionalPlace(scale), optionalPlace(bias)];
  return { before, product: [...product, whole(groups)] };
}

/**
 * Matches an expert product whose gated activation alone reads it, when experts' products of the same routing alone read that.
 * Needs whole panels on both sides: an intermediate size that is a multiple of 16.
 */
export const expertGatedLinear: Fusion = {
  name: "expertGatedLinear",
  match(context, i) {
    const record = context.records[i]!;
    const gated = context.records[i + 1];
    if (!isExpertLinear(record) || (gated?.op !== "gatedActivation" && gated?.op !== "clampedSwiglu")) return undefined;
    const [product, out] = [record.outputs[0]!, gated.outputs[0]!];
    const x = gated.inputs[0]!;
    if (x.storage !== product.storage || x.size(-1) !== product.size(1) || product.storage.address !== undefined)
      return undefined;
    if (context.readers(product).length !== 1 || out.size(1) % 16 !== 0) return undefined;
    const ids = record.inputs[2]!;
    const isBf16 = packedAloneAs(context, out, ids);
    if (isBf16 === undefined) return undefined;
    const emit = (): LoweredOp[] => {
      const { before, product: args } = expertProduct(record, context);
      const make = (): Storage => temporary(packedBytes(ids.numElements, out.size(1)), "packed rows of experts");
      const packed = context.shared(packedKey(out, ids, isBf16), make);
      const isClamped = gated.op === "clampedSwiglu";
      const kind = isClamped ? [-1, number(gated, "alpha"), number(gated, "limit")] : [activationNumber(gated), 0, 0];
      args.push(...kind, whole(packed), Number(isBf16));
      return [...before, { kernel: "expertGatedLinear", args, records: [record, gated] }];
    };
    return { records: [i, i + 1], emit };
  },
};

/** How the experts' products that read x want it packed; undefined if others read it, or they disagree. */
function packedAloneAs(context: LoweringContext, x: Tensor, ids: Tensor): boolean | undefined {
  if (x.storage.address !== undefined) return undefined;
  const readers = context.readers(x).map((index) => context.records[index]!);
  const forms = readers.map((reader) =>
    isExpertLinear(reader) &&
    tensorKey(reader.inputs[0]!) === tensorKey(x) &&
    tensorKey(reader.inputs[2]!) === tensorKey(ids) &&
    !reader.inputs.slice(1).some(({ storage }) => storage === x.storage)
      ? takesBf16(reader)
      : undefined,
  );
  const [form] = forms;
  return forms.every((other) => other === form) ? form : undefined;
}

/** Whether a product rounds its input to bf16. */
function takesBf16(record: OpRecord): boolean {
  return record.op === "expertLinear" ? record.inputs[1]!.dtype === "bf16" : record.attributes["activation"] === "bf16";
}

function packedKey(x: Tensor, ids: Tensor, isBf16: boolean): string {
  return `packed ${tensorKey(x)} by ${tensorKey(ids)} ${isBf16}`;
}

/** Equal for tensors that are the same elements in the same order. */
function tensorKey({ storage, offset, shape, strides }: Tensor): string {
  return [storage.id, offset, ...shape, "|", ...strides].join(" ");
}
