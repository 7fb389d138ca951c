/** Rates from the arrival times of tokens: one definition for every engine that tells them. */
import { median } from "./statistics.js";

/** Milliseconds from the start of the measurement to each token, one list per request, ascending. */
export type TokenTimes = readonly (readonly number[])[];

/**
 * Tokens per second while the whole batch decodes: from the moment when the last request has its first token to the moment
 * when the first request has its last. What comes before (prompts) and after (a batch that thins out) does not count; a
 * benchmark that decodes fixed batches in a loop measures the same.
 *
 * @throws RangeError when there is no such time, because a request ended before another began
 */
export function decodeRate(times: TokenTimes): number {
  if (times.length === 0 || times.some((list) => list.length < 2)) {
    throw new RangeError("decodeRate: expected two tokens or more of every request");
  }
  const start = Math.max(...times.map((list) => list[0]!));
  const end = Math.min(...times.map((list) => list.at(-1)!));
  if (end <= start)
    throw new RangeError("decodeRate: a request ended before another had its first token; decode longer");
  // Tokens of one step arrive one after another: half a step on either side tells steps apart.
  const slack = median(gaps(times)) / 2;
  const counted = times.flat().filter((time) => time > start + slack && time <= end + slack).length;
  return counted / ((end - start) / 1000);
}

/** Milliseconds between a request's consecutive tokens, of all requests. */
export function gaps(times: TokenTimes): number[] {
  return times.flatMap((list) => list.slice(1).map((time, i) => time - list[i]!));
}

/** Milliseconds until every request has its first token. @throws RangeError when one has none */
export function firstTokenMs(times: TokenTimes): number {
  if (times.length === 0 || times.some((list) => list.length === 0)) {
    throw new RangeError("firstTokenMs: expected a token of every request");
  }
  return Math.max(...times.map((list) => list[0]!));
}
