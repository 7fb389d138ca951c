import { ProgressBar } from "./progress-bar.js";
/** From its making to close(), Ctrl-C aborts the signal instead of the process. */
export declare class BenchProgress {
    #private;
    readonly bar: ProgressBar;
    get signal(): AbortSignal;
    /** Shown on terminals alone. @param things "batches" */
    update(phase: string, done: number, total: number, things?: string): void;
    close(): void;
}
