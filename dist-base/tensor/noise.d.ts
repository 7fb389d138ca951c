/** Noise as a function of its place: any part can be made alone, in any order, with the same values. */
/**
 * Rows of a [rows, columns] matrix: centre + scale * u, u evenly distributed in [-1, 1), in float32 arithmetic.
 *
 * @param seed of the matrix, 32 bits
 * @returns numRows * columns values, row-major
 */
export declare function noise({ seed, centre, scale }: {
    readonly seed: number;
    readonly centre: number;
    readonly scale: number;
}, rowStart: number, numRows: number, columns: number): Float32Array;
