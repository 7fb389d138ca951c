/** How far two lists of numbers are apart, and where. */
/** Standard deviation over all elements. */
export declare function deviation(values: Float32Array): number;
/**
 * The largest |got - wanted| / (std + |wanted|), std of `wanted`: the share of a value that is wrong, where small values count as
 * if they were as large as usual. Infinity if anything is not a number, or lengths differ.
 */
export declare function distance(got: Float32Array, wanted: Float32Array): number;
/** Where two [numTokens, features] lists differ. */
export interface Whereabouts {
    /** Largest difference in units of the reference's standard deviation. */
    readonly inStds: number;
    readonly token: number;
    readonly feature: number;
    /** The first token with a difference, and how many have one. */
    readonly firstToken: number;
    readonly numTokens: number;
    readonly wrongTokens: number;
    /** Features with a difference at any token. */
    readonly wrongFeatures: readonly number[];
    readonly features: number;
}
export declare function whereabouts(got: Float32Array, wanted: Float32Array, numTokens: number, tolerance: number): Whereabouts;
