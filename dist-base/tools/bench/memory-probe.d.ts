/** What the machine gives at this moment: figures beside which others mean something. */
/** GB/s of summing 256 MiB of doubles on this thread. A lower bound of memory bandwidth; a few runs, the best one. */
export declare function memoryBandwidth(): number;
