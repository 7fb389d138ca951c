/** Lowering of pagedAttention, and the fusion that writes its result packed for the output projection. */
import type { OpRecord } from "../../platform.js";
import type { Storage, Tensor } from "../../../tensor/tensor.js";
import { attentionPartialBytes } from "../kv-cache-layout.js";
import { cacheArguments, number } from "./attributes.js";
import type { Fusion } from "./fusion.js";
import type { Argument, LoweredOp } from "./lowered-op.js";
import { optionalPlace, place, temporary, view, whole } from "./lowered-op.js";

/**
 * The kernel, and the one that merges partial results; also of mlaAttention, whose queries are in two parts.
 * @param packed where the result goes in packed form, instead of the record's output
 */
export function emitAttention(
  record: OpRecord,
  threads: number,
  packed?: { storage: Storage; isBf16: boolean },
): LoweredOp[] {
  const latentDim = number(record, "latentDim");
  const [q, ...rest] = record.inputs;
  const qRope = latentDim > 0 ? rest.shift() : undefined;
  const [cache, numSeqs, queryStartLoc, seqLens, blockTable, ...perHead] = rest as Inputs;
  const [sinks, slopes] = number(record, "sinks") ? perHead : [undefined, ...perHead];
  const longest = blockTable.size(1) * number(record, "blockSize");
  const [numKvHeads, headDim] = [number(record, "numKvHeads"), number(record, "headDim")];
  const shape = { numKvHeads, headDim, latentDim: latentDim || undefined };
  const partialBytes = attentionPartialBytes(shape, q!.size(1), q!.size(0), longest, threads);
  const partials = partialBytes > 0 ? whole(temporary(partialBytes, "attention partials")) : 0;
  const args: Argument[] = [...view(q!), ...cacheArguments(record, cache), numKvHeads];
  args.push(place(numSeqs), place(queryStartLoc), place(seqLens), place(blockTable), blockTable.size(1));
  args.push(number(record, "scale"), number(record, "slidingWindow"));
  args.push(packed ? 0 : place(record.outputs[0]!), partials, partialBytes, cache.size(0), seqLens.size(0));
  args.push(packed ? whole(packed.storage) : 0, Number(packed?.isBf16 ?? false));
  args.push(number(record, "attentionChunkSize"), number(record, "logitSoftcap"), optionalPlace(sinks));
  args.push(optionalPlace(slopes), number(record, "alibiScale"), Number(record.attributes["alibi"] === "bf16"));
  args.push(latentDim, ...(qRope ? view(qRope) : [0, 0, 0, 0, 0, 0]));
  const ops: LoweredOp[] = [{ kernel: "pagedAttention", args, records: [record] }];
  if (partialBytes > 0) ops.push({ kernel: "pagedAttentionMerge", args, records: [record], helps: true });
  return ops;
}

/** Of attention, behind its queries. */
type Inputs = [
  cache: Tensor,
  numSeqs: Tensor,
  queryStartLoc: Tensor,
  seqLens: Tensor,
  blockTable: Tensor,
  ...perHead: Tensor[],
];

/** Matches when linear layers alone read the result, and heads are whole pairs of elements. */
export const packedAttention: Fusion = {
  name: "packedAttention",
  match(context, i) {
    const record = context.records[i]!;
    if (record.op !== "pagedAttention" || number(record, "headDim") % 2 !== 0) return undefined;
    const out = record.outputs[0]!;
    const isBf16 = context.packedAloneAs(out);
    if (isBf16 === undefined) return undefined;
    const emit = () => emitAttention(record, context.threads, { storage: context.declarePacked(out, isBf16), isBf16 });
    return { records: [i], emit };
  },
};
