/** Token counts of an answer. */
export interface Usage {
    prompt_tokens: number;
    total_tokens: number;
    completion_tokens: number;
    /** Null unless the server reports it (--enable-prompt-tokens-details). */
    prompt_tokens_details: {
        cached_tokens: number;
    } | null;
}
/** Adds up the prompts and outputs of one HTTP request. */
export declare class UsageCounter {
    #private;
    constructor(options: {
        reportsCached: boolean;
    });
    /** Notes the length of the i-th prompt; counted once however often it is noted. */
    prompt(index: number, tokens: number, cached: number): void;
    completion(tokens: number): void;
    get total(): Usage;
}
/** The numbers of one output in a stream, for `continuous_usage_stats`. */
export declare function usageSoFar(promptTokens: number, completionTokens: number, cached: number | null): Usage;
/** What a stream says about usage: nothing, at the end, or with every chunk. */
export type StreamUsage = "none" | "end" | "always";
export declare function streamUsage(options: {
    include_usage?: boolean | null;
    continuous_usage_stats?: boolean | null;
} | null | undefined, isForced: boolean): StreamUsage;
