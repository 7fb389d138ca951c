/** What the worker keeps of a request while it runs: its tokens, its blocks, its sampling state. */
import type { CachedRequestData, NewRequestData } from "../request/scheduler-output.js";
import type { SamplingParams } from "../request/sampling-params.js";
import { SamplingState } from "../sampling/sampling-state.js";
export declare class RequestState {
    readonly requestId: string;
    readonly params: SamplingParams;
    readonly promptTokenIds: readonly number[];
    readonly outputTokenIds: number[];
    readonly sampling: SamplingState;
    private readonly tokens;
    private readonly blocks;
    /** By KV cache group, its block table; what lies beyond the request's blocks has no meaning. */
    readonly blockIds: Int32Array[];
    numComputedTokens: number;
    constructor(data: NewRequestData);
    get numTokens(): number;
    get tokenIds(): Int32Array;
    /** Takes over what the scheduler says before a step. */
    update(data: CachedRequestData): void;
    /** Appends a sampled token. */
    append(tokenId: number): void;
}
