/** When the requests of a run are sent. */
import type { RandomSource } from "./random-source.js";

/**
 * Milliseconds from the start of the run at which each request is due, ascending. Gaps follow a gamma distribution of shape
 * `burstiness` (1: a Poisson process; below: bursts; infinite: even gaps), and are scaled so that the last request is due
 * after exactly count / rate, as in `vllm bench serve`.
 *
 * @param rate requests a second; Infinity: all at once
 */
export function arrivalTimes(count: number, rate: number, burstiness: number, random: RandomSource): number[] {
  if (rate === Infinity) return new Array<number>(count).fill(0);
  const times: number[] = [];
  let at = 0;
  for (let i = 0; i < count; i++) times.push((at += burstiness === Infinity ? 1 : random.gamma(burstiness)));
  const scale = at > 0 ? ((count / rate) * 1000) / at : 0;
  return times.map((time) => time * scale);
}
