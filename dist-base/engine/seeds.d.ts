/** Seeds of requests: what the caller gave, spread over n outputs, or drawn at random. */
/** A random seed for a request without one; 53 bits, all that a number holds. Owes nothing to the engine's own seed. */
export declare function randomSeed(): number;
/** The seed of output `index` of a seeded request: seed + index, going on at the other end beyond the safe integers. */
export declare function childSeed(seed: number, index: number): number;
