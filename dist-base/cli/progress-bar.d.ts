/** Progress on standard error: a bar in a terminal, a few lines elsewhere. */
export interface ProgressOutput {
    write(text: string): unknown;
    readonly isTTY?: boolean | undefined;
    readonly columns?: number | undefined;
}
export declare class ProgressBar {
    #private;
    constructor(out?: ProgressOutput);
    /** @param share 0 to 1; in a terminal redrawn a few times a second, elsewhere a line each quarter */
    update(label: string, share: number, detail: string): void;
    /** A line of its own, with the bar out of the way. */
    line(text: string): void;
    /** Removes the bar. */
    clear(): void;
}
