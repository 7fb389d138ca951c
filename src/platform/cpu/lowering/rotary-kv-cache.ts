/**
 * Fuses the rotations of a step's queries and keys with writing the cache: rotated keys go straight to their slots. Matches
 * two rotations by one table and the writeKVCache that is the only reader of the second.
 */
import type { Tensor } from "../../../tensor/tensor.js";
import { cacheArguments } from "./attributes.js";
import type { Fusion } from "./fusion.js";
import { place, view } from "./lowered-op.js";

export const rotaryKVCache: Fusion = {
  name: "rotaryKVCache",
  match(context, i) {
    const [first, second, write] = context.records.slice(i, i + 3);
    if (first?.op !== "rotaryEmbedding" || second?.op !== "rotaryEmbedding" || write?.op !== "writeKVCache")
      return undefined;
    const [positions, q, cosSin] = first.inputs as [Tensor, Tensor, Tensor];
    const [positionsOfK, k, cosSinOfK] = second.inputs as [Tensor, Tensor, Tensor];
    const [rotatedK, v, cache, slotMapping] = write.inputs as [Tensor, Tensor, Tensor, Tensor];
    if (positions !== positionsOfK || cosSin !== cosSinOfK || first.attributes["style"] !== second.attributes["style"])
      return undefined;
    const output = second.outputs[0]!;
    if (rotatedK !== output || context.readers(output).length !== 1 || output.storage.address !== undefined)
      return undefined;
    const emit = () => {
      const style = Number(first.attributes["style"] === "gptj");
      const args = [
        place(positions),
        place(cosSin),
        cosSin.size(1),
        style,
        cosSin.size(0),
        ...view(q),
        place(first.outputs[0]!),
      ];
      args.push(...view(k), ...view(v), ...cacheArguments(write, cache), place(slotMapping), cache.size(0));
      return [{ kernel: "rotaryKVCache" as const, args, records: [first, second, write] }];
    };
    return { records: [i, i + 1, i + 2], emit };
  },
};
