/** Lowering of pagedAttention, and the fusion that writes its result packed for the output projection. */
import type { OpRecord } from "../../platform.js";
import type { Storage, Tensor } from "../../../tensor/tensor.js";
import { attentionPartialBytes } from "../kv-cache-layout.js";
import { cacheArguments, number } from "./attributes.js";
import type { Fusion } from "./fusion.js";
import type { Argument, LoweredOp } from "./lowered-op.js";
import { optionalPlace, place, temporary, view, whole } from "./lowered-op.js";

/**
 * The kernel, and the one that merges partial results.
 * @param packed where the result goes in packed form, instead of the record's output
 */
export function emitAttention(
  record: OpRecord,
  threads: number,
  packed?: { storage: Storage; isBf16: boolean },
): LoweredOp[] {
  const [q, cache, numSeqs, queryStartLoc, seqLens, blockTable, ...perHead] = record.inputs as Tensor[] as [
    Tensor,
    Tensor,
    Tensor,
    Tensor,
    Tensor,
    Tensor,
    ...Tensor[],
  ];
  const sinks = number(record, "sinks") ? perHead.shift() : undefined;
  const slopes = perHead.shift();
  const longest = blockTable.size(1) * number(record, "blockSize");
  const spec = { numKvHeads: number(record, "numKvHeads"), headDim: number(record, "headDim") };
  const partialBytes = attentionPartialBytes(spec, q.size(1), q.size(0), longest, threads);
  const partials = partialBytes > 0 ? whole(temporary(partialBytes, "attention partials")) : 0;
  const args: Argument[] = [...view(q), ...cacheArguments(record, cache), number(record, "numKvHeads")];
  args.push(place(numSeqs), place(queryStartLoc), place(seqLens), place(blockTable), blockTable.size(1));
  args.push(number(record, "scale"), number(record, "slidingWindow"));
  args.push(packed ? 0 : place(record.outputs[0]!), partials, partialBytes, cache.size(0), seqLens.size(0));
  args.push(packed ? whole(packed.storage) : 0, Number(packed?.isBf16 ?? false));
  args.push(number(record, "attentionChunkSize"), number(record, "logitSoftcap"), optionalPlace(sinks));
  args.push(optionalPlace(slopes), number(record, "alibiScale"), Number(record.attributes["alibi"] === "bf16"));
  const ops: LoweredOp[] = [{ kernel: "pagedAttention", args, records: [record] }];
  if (partialBytes > 0) ops.push({ kernel: "pagedAttentionMerge", args, records: [record], helps: true });
  return ops;
}

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
