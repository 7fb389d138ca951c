/** Gives every buffer of a program a place in one workspace, so that buffers alive at the same time do not overlap. */
/** A buffer: alive from the op that first names it to the op that last does, both included. */
export interface Lifetime {
    readonly bytes: number;
    readonly first: number;
    readonly last: number;
}
export interface MemoryPlan {
    /** Byte offset of each buffer, multiples of `planAlignment`. */
    readonly offsets: readonly number[];
    /** Size of the whole workspace. */
    readonly bytes: number;
}
/** A cache line; vectors never straddle two buffers' lines. */
export declare const planAlignment = 64;
/**
 * Walks over the ops in order and puts each new buffer into the tightest gap between those that are alive.
 * @param buffers in any order; offsets come back in the same order
 */
export declare function planMemory(buffers: readonly Lifetime[]): MemoryPlan;
