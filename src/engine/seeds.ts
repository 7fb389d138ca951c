/** Seeds of requests: what the caller gave, spread over n outputs, or drawn at random. */

/** A random seed for a request without one; 53 bits, all that a number holds. Owes nothing to the engine's own seed. */
export function randomSeed(): number {
  const [high, low] = crypto.getRandomValues(new Uint32Array(2)) as unknown as [number, number];
  return (high >>> 11) * 2 ** 32 + low;
}

/** The seed of output `index` of a seeded request: seed + index, going on at the other end beyond the safe integers. */
export function childSeed(seed: number, index: number): number {
  const room = Number.MAX_SAFE_INTEGER - seed;
  return index <= room ? seed + index : -Number.MAX_SAFE_INTEGER + (index - room - 1);
}
