/** What a child writes, one JSON line each, when it gets there. */
export type StartupEvent = {
    readonly event: "ready";
    readonly phases: readonly StartupPhase[];
} | {
    readonly event: "first token";
};
/** A part of the start, as the child saw it. */
export interface StartupPhase {
    readonly name: string;
    /** Milliseconds from the start of the child's process. */
    readonly startMs: number;
    readonly endMs: number;
}
/** One process; milliseconds from its start, by the clock of the parent. */
export interface StartupIteration {
    /** The model is loaded. */
    readonly readyMs: number;
    readonly firstTokenMs: number;
    readonly exitMs: number;
    readonly phases: readonly StartupPhase[];
}
export interface StartupOptions {
    /** Program and arguments of the child. */
    readonly command: readonly string[];
    readonly numIters: number;
    /** Milliseconds for one process. */
    readonly timeoutMs: number;
    /** Ends the benchmark; what there is by then is the result. */
    readonly signal: AbortSignal;
    readonly onIteration?: (done: number, total: number) => void;
}
export interface StartupResult {
    /** The first one is the cold one: nothing was dropped from the system's caches before it. */
    readonly iterations: readonly StartupIteration[];
    readonly isInterrupted: boolean;
}
/** @throws ResourceError if a child fails or takes too long; its own words are on standard error */
export declare function benchStartup(options: StartupOptions): Promise<StartupResult>;
/** The first start, the median of the others, and the others' phases. */
export declare function startupText({ iterations }: StartupResult): string;
