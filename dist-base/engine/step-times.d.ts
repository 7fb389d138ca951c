/** StepTimes: how long the last steps took, and how much of that the native programs ran. */
/** Medians over the last steps, in milliseconds; zeros before the first one. */
export interface RecentSteps {
    /** Steps that the medians are of: at most 256. */
    readonly count: number;
    /** From the start of scheduling to the end of taking up the results. */
    readonly wallMs: number;
    /** Inside native programs. */
    readonly nativeMs: number;
    /** Wall time less native time, step by step: JavaScript that compute waits for, and waking threads. */
    readonly outsideMs: number;
}
/** A ring of the last steps; adding one costs next to nothing. */
export declare class StepTimes {
    #private;
    add(wallMs: number, nativeMs: number): void;
    /** @param lastSteps of so many steps at most */
    recent(lastSteps?: number): RecentSteps;
}
