/** Flags that vLLM has and Quire does not, each with the reason that is given when it is used. */
/** Flag without dashes -> why Quire does not have it. */
export declare const KNOWN_ELSEWHERE: ReadonlyMap<string, string>;
