import type { Request } from "../request/request.js";
/** What besides the tokens decides a block's keys and values, or who may share them. The tag says which kind it is. */
export interface ExtraKey {
    readonly tag: "lora" | "cache_salt";
    readonly value: string;
}
/**
 * The extra keys of the block of tokens [start, end): the LoRA adapter in every block; the cache salt in the block that
 * starts at 0 only, because every later hash depends on that one's.
 */
export declare function extraKeys(request: {
    readonly loraName: string | null;
    readonly cacheSalt: string | null;
}, start: number): ExtraKey[];
/**
 * Hashes the blocks of requests, each once, chained to the one before:
 * SHA-256(parent's hash | number of tokens | token ids as little-endian int32 | for each extra key: tag, value), where
 * tag and value are UTF-16 with their byte lengths before them. No two different contents have the same encoding, so an
 * adapter's name is never mistaken for a salt.
 */
export declare class BlockHasher {
    #private;
    readonly blockSize: number;
    /** @param blockSize tokens per block */
    constructor(blockSize: number);
    /** Brings `request.blockHashes` up to its full blocks of now; hashes only those that are new. */
    extend(request: Request): void;
    /** The hash of one block by itself: 32 bytes as a string of 32 characters 0..255. */
    hashBlock(parent: string | null, tokenIds: readonly number[], keys: readonly ExtraKey[]): string;
}
