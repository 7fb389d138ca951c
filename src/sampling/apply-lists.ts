/** The sampler's first stages in TypeScript, for rows that a logits processor changes on the way. As platform/reference/sample.ts. */
import { banBadWords } from "./bad-words.js";
import type { SamplingRow } from "./sampler.js";

/** Mask, allowed ids, banned ids, bias, in place. */
export function applyLists(logits: Float32Array, { state, outputTokenIds, mask }: SamplingRow): void {
  const { params, allowedTokenIds, bias, stopTokenIds } = state;
  if (mask !== undefined)
    for (let id = 0; id < logits.length; id++) if (((mask[id >> 5]! >>> (id & 31)) & 1) === 0) logits[id] = -Infinity;
  if (allowedTokenIds !== null) {
    const allowed = new Set(allowedTokenIds);
    for (let id = 0; id < logits.length; id++) if (!allowed.has(id)) logits[id] = -Infinity;
  }
  if (outputTokenIds.length < params.minTokens) for (const id of stopTokenIds) logits[id] = -Infinity;
  banBadWords(params.badWordsTokenIds, outputTokenIds, (id) => (logits[id] = -Infinity));
  const biases = new Float32Array(bias.buffer, bias.byteOffset, bias.length);
  for (let i = 0; i < bias.length; i += 2) logits[bias[i]!]! += biases[i + 1]!;
}

/** Penalties, temperature and min-p, in place; each value is rounded to f32 when it is stored. Not for greedy requests. */
export function applyDraw(logits: Float32Array, { state, outputTokenIds }: SamplingRow): void {
  const { params, penaltyCounts } = state;
  const [repetition, frequency, presence] = [
    params.repetitionPenalty,
    params.frequencyPenalty,
    params.presencePenalty,
  ].map(Math.fround) as [number, number, number];
  penaltyCounts?.update(outputTokenIds);
  const entries = penaltyCounts?.entries ?? [];
  for (let i = 0; i < entries.length; i += 2) {
    const [id, count] = [entries[i]!, entries[i + 1]!];
    if (id >= logits.length) continue;
    logits[id] = logits[id]! > 0 ? logits[id]! / repetition : logits[id]! * repetition;
    logits[id]! -= Math.fround(frequency * count);
    if (count > 0) logits[id]! -= presence;
  }
  const temperature = Math.fround(params.temperature);
  for (let id = 0; id < logits.length; id++) logits[id]! /= temperature;
  if (params.minP === 0) return;
  const limit = logits.reduce((a, b) => Math.max(a, b), -Infinity) + Math.log(Math.fround(params.minP));
  for (let id = 0; id < logits.length; id++) if (logits[id]! < limit) logits[id] = -Infinity;
}
