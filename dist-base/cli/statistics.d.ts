/** The line of figures that `serve` prints while it works. */
import type { EngineStats } from "../engine/engine-stats.js";
/**
 * One line about the time between two looks; undefined when nothing ran in it.
 *
 * @param seconds  between the looks
 */
export declare function statisticsLine(before: EngineStats, now: EngineStats, seconds: number): string | undefined;
/** Prints such a line every ten seconds while there is something to say. The function that comes back ends it. */
export declare function printStatistics(stats: () => EngineStats, print: (line: string) => void): () => void;
