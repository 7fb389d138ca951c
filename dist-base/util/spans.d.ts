/** Spans: when each thread was inside each op of a measured run; and what follows from that for an op as a whole. */
/** Times of all threads in one run. */
export interface Spans {
    readonly threads: number;
    /**
     * For each thread, for each op in order: when the thread entered the op's kernel and when it left, in nanoseconds after the
     * run's start; -1 and -1 where it never entered. 2 * threads * ops numbers.
     */
    readonly spans: Float64Array;
}
/** One op as all threads together did it; nanoseconds after the run's start. */
export interface OpWindow {
    /** When the first thread entered. */
    readonly entered: number;
    /** When the last thread left. Ops follow one another: the next one's first entry is later. */
    readonly left: number;
    /** Time inside the kernel, summed over the threads. */
    readonly busy: number;
}
/** One window per op. Ops that no thread entered (a run that failed before them) are empty windows at the end of the last. */
export declare function opWindows({ threads, spans }: Spans): OpWindow[];
