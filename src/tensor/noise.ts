/** Noise as a function of its place: any part can be made alone, in any order, with the same values. */

/** A scrambled 32-bit number (the last step of MurmurHash3). */
function mixed(x: number): number {
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return x ^ (x >>> 16);
}

/**
 * Rows of a [rows, columns] matrix: centre + scale * u, u evenly distributed in [-1, 1), in float32 arithmetic.
 *
 * @param seed of the matrix, 32 bits
 * @returns numRows * columns values, row-major
 */
export function noise(
  { seed, centre, scale }: { readonly seed: number; readonly centre: number; readonly scale: number },
  rowStart: number,
  numRows: number,
  columns: number,
): Float32Array {
  const { fround, imul } = Math;
  const values = new Float32Array(numRows * columns);
  const [from, factor] = [fround(centre), fround(scale)];
  for (let row = 0, to = 0; row < numRows; row++) {
    const start = mixed(seed + imul(rowStart + row, 0x9e3779b1));
    for (let column = 0; column < columns; column++) {
      const u = fround(mixed(start + imul(column, 0x9e3779b1))) / 2 ** 31;
      values[to++] = from + fround(factor * u);
    }
  }
  return values;
}
