/** What the machine gives at this moment: figures beside which others mean something. */

/** GB/s of summing 256 MiB of doubles on this thread. A lower bound of memory bandwidth; a few runs, the best one. */
export function memoryBandwidth(): number {
  const data = new Float64Array(2 ** 25).fill(1);
  let best = 0;
  for (let round = 0; round < 3; round++) {
    const start = performance.now();
    let [a, b, c, d] = [0, 0, 0, 0];
    for (let i = 0; i < data.length; i += 8) {
      a += data[i]! + data[i + 1]!;
      b += data[i + 2]! + data[i + 3]!;
      c += data[i + 4]! + data[i + 5]!;
      d += data[i + 6]! + data[i + 7]!;
    }
    if (a + b + c + d !== data.length) throw new Error("probe: wrong sum");
    best = Math.max(best, data.byteLength / (performance.now() - start) / 1e6);
  }
  return best;
}
