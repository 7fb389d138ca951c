/** Reference of topkRouting. */
import type { KernelCall, View } from "./memory.js";
import { rowStart } from "./memory.js";

/** Indices of the `count` largest keys, largest first, of equals the lower index first. */
function largest(keys: readonly number[], indices: readonly number[], count: number): number[] {
  return [...indices].sort((a, b) => keys[b]! - keys[a]! || a - b).slice(0, count);
}

export function topkRouting({ inputs, outputs, number, text }: KernelCall): void {
  const [logits, bias] = inputs as [View, View?];
  const [ids, weights] = outputs as [View, View];
  const [numTokens, numExperts] = logits.shape as [number, number];
  const topK = number("topK");
  const [numGroups, topkGroup] = [number("numExpertGroup"), number("topkGroup")];
  const byTopTwo = numGroups > 1 && text("groupScore") === "topTwo";
  const groupSize = numExperts / numGroups;
  const groups = Array.from({ length: numGroups }, (_, g) =>
    Array.from({ length: groupSize }, (_, i) => g * groupSize + i),
  );
  for (let t = 0; t < numTokens; t++) {
    const row = Array.from(logits.data.subarray(rowStart(logits, t), rowStart(logits, t) + numExperts));
    const scores = text("scoringFunc") === "sigmoid" ? row.map((x) => 1 / (1 + Math.exp(-x))) : softmax(row);
    const keys = bias || byTopTwo ? scores.map((score, e) => score + (bias ? bias.data[bias.offset + e]! : 0)) : row;
    const groupKeys = groups.map((members) => {
      const best = largest(keys, members, 2).map((e) => keys[e]!);
      return byTopTwo ? best[0]! + best[1]! : best[0]!;
    });
    const allowed = largest(groupKeys, [...groups.keys()], topkGroup).sort((a, b) => a - b);
    const chosen = largest(
      keys,
      allowed.flatMap((g) => groups[g]!),
      topK,
    );
    const sum = chosen.reduce((total, e) => total + scores[e]!, 0) + 1e-20;
    chosen.forEach((e, j) => {
      ids.data[rowStart(ids, t) + j] = e;
      const weight = number("renormalize") ? scores[e]! / sum : scores[e]!;
      weights.data[rowStart(weights, t) + j] = weight * number("routedScalingFactor");
    });
  }
}

function softmax(row: readonly number[]): number[] {
  const max = row.reduce((a, b) => Math.max(a, b), -Infinity);
  const exponentials = row.map((x) => Math.exp(x - max));
  const sum = exponentials.reduce((a, b) => a + b, 0);
  return exponentials.map((x) => x / sum);
}
