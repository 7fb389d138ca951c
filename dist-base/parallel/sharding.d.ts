/** This process among its tensor-parallel group. */
export interface ParallelConfig {
    readonly rank: number;
    readonly worldSize: number;
}
/** `count` elements from `start`. */
export interface Range {
    readonly start: number;
    readonly count: number;
}
/**
 * An equal part of `size` for each rank.
 * @throws ConfigError if size does not divide
 */
export declare function shardRange(what: string, size: number, { rank, worldSize }: ParallelConfig): Range;
/**
 * KV heads of this rank. With fewer heads than ranks each is held by several ranks, next to the query heads that use it.
 * @throws ConfigError if neither divides the other
 */
export declare function kvHeadRange(what: string, numKvHeads: number, { rank, worldSize }: ParallelConfig): Range;
/**
 * Vocabulary rows of this rank: the vocabulary is padded so that all ranks own equally many; `used` of them exist.
 * One rank pads nothing.
 */
export declare function vocabRange(vocabSize: number, { rank, worldSize }: ParallelConfig): Range & {
    used: number;
};
