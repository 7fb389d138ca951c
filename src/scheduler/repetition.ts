/** Finds an output whose tail is one pattern again and again. */
import type { RepetitionDetection } from "../request/sampling-params.js";

/**
 * Whether `tokenIds` end in a pattern of `minPatternSize` to `maxPatternSize` tokens, `minCount` times in a row.
 *
 * @param detection as checked by `normalizeSamplingParams`
 */
export function endsInRepetition(tokenIds: readonly number[], detection: RepetitionDetection): boolean {
  const { maxPatternSize, minCount } = detection;
  for (let size = Math.max(1, detection.minPatternSize); size <= maxPatternSize; size++) {
    if (size * minCount > tokenIds.length) return false;
    if (repeats(tokenIds, size, minCount)) return true;
  }
  return false;
}

/** Every token of the last `size * count`, but for the first pattern, equals the one `size` before it. */
function repeats(tokenIds: readonly number[], size: number, count: number): boolean {
  const end = tokenIds.length;
  for (let i = end - 1; i >= end - size * (count - 1); i--) {
    if (tokenIds[i] !== tokenIds[i - size]) return false;
  }
  return true;
}
