/** KVCacheBlock: what the bookkeeping knows of one page of the KV cache. */
/** One page: room for the keys and values of `blockSize` tokens. All are made once, with the pool. */
export declare class KVCacheBlock {
    /** 0 is the null block: never handed out, never freed, never cached. */
    readonly id: number;
    /** Block-table entries that name this block. Not kept for the null block. */
    refCount: number;
    /** Set while the block is full and can be found by its content; belongs to the pool. */
    hash: string | null;
    /** KV cache group under which `hash` is registered. */
    groupId: number;
    /** Neighbours in the free list, null outside it; belong to FreeBlockQueue. */
    previousFree: KVCacheBlock | null;
    nextFree: KVCacheBlock | null;
    constructor(id: number);
    get isNull(): boolean;
}
