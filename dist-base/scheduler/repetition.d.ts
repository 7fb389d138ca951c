/** Finds an output whose tail is one pattern again and again. */
import type { RepetitionDetection } from "../request/sampling-params.js";
/**
 * Whether `tokenIds` end in a pattern of `minPatternSize` to `maxPatternSize` tokens, `minCount` times in a row.
 *
 * @param detection as checked by `normalizeSamplingParams`
 */
export declare function endsInRepetition(tokenIds: readonly number[], detection: RepetitionDetection): boolean;
