import type { SamplingParams } from "./sampling-params.js";
/**
 * Changes one row in place, or returns another one. For one request, in the engine's own process.
 * @param outputTokenIds what was generated so far; not to be changed
 * @param logits         [vocabSize]
 * @param promptTokenIds not to be changed
 */
export type LogitsFunction = (outputTokenIds: readonly number[], logits: Float32Array, promptTokenIds: readonly number[]) => Float32Array | void;
/** A request as processors see it. */
export interface LogitsRequest {
    readonly requestId: string;
    readonly params: SamplingParams;
    readonly promptTokenIds: readonly number[];
    /** Grows with every step; not to be changed. */
    readonly outputTokenIds: readonly number[];
}
/** Requests of a processor that came or went since it was told last. A preempted request goes, and comes again. */
export interface LogitsBatch {
    readonly added: readonly LogitsRequest[];
    readonly removed: readonly string[];
}
/** Works on the rows of one engine. */
export interface LogitsProcessor {
    /** Before `apply`, in steps where something changed. */
    updateState?(batch: LogitsBatch): void;
    /** Changes rows in place; row i is [vocabSize] and of request i. Only rows that are sampled in this step come. */
    apply(logits: readonly Float32Array[], requests: readonly LogitsRequest[]): void;
}
interface LogitsProcessorFacts {
    /** "named" (the default): requests with its name in `logitsProcessors`; "all": every request. */
    readonly appliesTo?: "named" | "all";
    /**
     * True: it never changes which token is likeliest. Then greedy requests are spared, and it comes after penalties, temperature and
     * min-p. Default false: after allowed ids, bad words, min-tokens and bias, before the penalties.
     */
    readonly isArgmaxInvariant?: boolean;
    /** Throws for a request whose parameters it cannot work with; the message goes to the client. */
    validateParams?(params: SamplingParams): void;
}
/** Either makes a processor for each engine, or is the one for all. */
export type LogitsProcessorDefinition = LogitsProcessorFacts & ({
    create(engine: {
        readonly vocabSize: number;
    }): LogitsProcessor;
} | LogitsProcessor);
/**
 * Adds a processor to this process: requests choose it by name, or all are touched.
 * @throws ConfigError for a name that is taken, or a definition without `create` or `apply`
 */
export declare function registerLogitsProcessor(name: string, definition: LogitsProcessorDefinition): void;
/** By name, in the order in which they came. */
export declare function logitsProcessors(): ReadonlyMap<string, LogitsProcessorDefinition>;
/**
 * Lets processors look at a request's parameters.
 * @param known names that the engine has
 * @throws RequestError for a name that is not known, or what a processor refuses
 */
export declare function checkLogitsProcessors(params: SamplingParams, known?: Iterable<string>): void;
/**
 * For engines in another process.
 * @throws RequestError when a request has functions, which cannot be sent there
 */
export declare function checkCrossesProcesses({ logitsProcessors: list }: SamplingParams): void;
export {};
