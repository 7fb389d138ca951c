/** Philox4x32-10: random words as a function of a counter and a key (Salmon et al. 2011). Nothing is kept between calls. */

/** High 32 bits of a * b, both unsigned. */
function multiplyHigh(a: number, b: number): number {
  const [aHigh, aLow, bHigh, bLow] = [a >>> 16, a & 0xffff, b >>> 16, b & 0xffff];
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16);
  const carried = aLow * bHigh + (middle % 65536);
  return (aHigh * bHigh + Math.floor(middle / 65536) + Math.floor(carried / 65536)) >>> 0;
}

/** Four random words of a 128-bit counter and a 64-bit key, each given as unsigned 32-bit words. */
export function philox(
  counter: readonly [number, number, number, number],
  key: readonly [number, number],
): [number, number, number, number] {
  let [c0, c1, c2, c3] = counter;
  let [k0, k1] = key;
  for (let round = 0; round < 10; round++) {
    const next0 = (multiplyHigh(0xcd9e8d57, c2) ^ c1 ^ k0) >>> 0;
    const next2 = (multiplyHigh(0xd2511f53, c0) ^ c3 ^ k1) >>> 0;
    c1 = Math.imul(0xcd9e8d57, c2) >>> 0;
    c3 = Math.imul(0xd2511f53, c0) >>> 0;
    c0 = next0;
    c2 = next2;
    k0 = (k0 + 0x9e3779b9) >>> 0;
    k1 = (k1 + 0xbb67ae85) >>> 0;
  }
  return [c0, c1, c2, c3];
}

/**
 * An exponential variate with mean 1, of a seed, a draw and a token id alone.
 *
 * Tokens go in blocks of 64: word (id / 16) % 4 of the counter id / 64 * 16 + id % 16, so that 16 lanes make 64 neighbours.
 * Two such words (third counter word 0 and 1) give 52 bits: u = (word0 * 2^20 + (word1 >> 12) + 1/2) / 2^52, and the
 * variate is -ln(1 - u). Always finite and above 0.
 */
export function exponential(seed: readonly [low: number, high: number], drawIndex: number, tokenId: number): number {
  const counter = (tokenId >>> 6) * 16 + (tokenId & 15);
  const word = (tokenId >>> 4) & 3;
  const high = philox([counter, drawIndex >>> 0, 0, 0], seed)[word]!;
  const low = philox([counter, drawIndex >>> 0, 1, 0], seed)[word]!;
  return -Math.log1p(-((high * 2 ** 20 + (low >>> 12) + 0.5) / 2 ** 52));
}
