/** PrefixCacheStats: how much of the requests' tokens was found in the prefix cache. Counters, only ever growing. */
/** Lookups made when a preempted request comes back are counted apart, so that they do not distort the hit rate. */
export interface PrefixCacheStats {
    /** Requests that were looked up. One that had to wait and was looked up again counts once. */
    requests: number;
    /** Tokens that were looked up. */
    queries: number;
    /** Tokens that were found. */
    hits: number;
    preemptedRequests: number;
    preemptedQueries: number;
    preemptedHits: number;
}
/** All zero. */
export declare function newPrefixCacheStats(): PrefixCacheStats;
