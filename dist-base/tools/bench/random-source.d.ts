/** A seeded generator of random numbers, so that a benchmark's work is the same every time. */
/**
 * sfc32 (Chris Doty-Humphrey, PractRand): 32 bits a draw, period about 2^127. The state is filled from the seeds by
 * splitmix32, so close seeds give unrelated numbers.
 */
export declare class RandomSource {
    #private;
    /** @param seeds integers; each list of them has its own sequence */
    constructor(...seeds: readonly number[]);
    /** [0, 1), 32 bits of it. */
    next(): number;
    /** An integer of [low, high]. */
    integer(low: number, high: number): number;
    /** A draw of the gamma distribution with scale 1 (Marsaglia and Tsang 2000). `shape` 1 is the exponential one. */
    gamma(shape: number): number;
    /** The list in a new order (Fisher-Yates). */
    shuffle<T>(list: readonly T[]): T[];
}
