/** Stop strings: which one ends a text first, and where the text is cut. */
/** A stop string that was found. */
export interface StopMatch {
    stop: string;
    /** Length to which the text is cut, or -1 if nothing is to be cut off. */
    truncateTo: number;
}
/** Looks for the stop strings of one request. Lengths are in UTF-16 code units throughout. */
export declare class StopStringChecker {
    #private;
    /** Length of the longest stop string, 0 without any. */
    readonly maxLength: number;
    /** @param includeStop  the stop string stays in the text */
    constructor(stops: readonly string[], { includeStop }?: {
        includeStop?: boolean;
    });
    /**
     * How much of a running text must be held back so that no part of a stop string is ever sent: one less than the
     * longest, or nothing if stop strings stay in the text.
     */
    get holdBack(): number;
    /**
     * Finds the stop string that is complete first (of two complete at once, the first in the list).
     * @param text      the text, or its end: at least the new characters and `maxLength - 1` before them
     * @param newChars  how many characters at its end have not been checked before
     */
    check(text: string, newChars: number): StopMatch | undefined;
}
