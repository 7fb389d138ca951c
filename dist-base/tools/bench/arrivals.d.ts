/** When the requests of a run are sent. */
import type { RandomSource } from "./random-source.js";
/**
 * Milliseconds from the start of the run at which each request is due, ascending. Gaps follow a gamma distribution of shape
 * `burstiness` (1: a Poisson process; below: bursts; infinite: even gaps), and are scaled so that the last request is due
 * after exactly count / rate, as in `vllm bench serve`.
 *
 * @param rate requests a second; Infinity: all at once
 */
export declare function arrivalTimes(count: number, rate: number, burstiness: number, random: RandomSource): number[];
