/** The text of one request: tokens in, increments out, stop strings found and cut. */
import type { Detokenizer } from "./detokenizer.js";
export interface OutputTextOptions {
    /** Stop strings; default none. */
    stop?: readonly string[];
    /** A stop string, or the text of a stop token, stays in the text; default false. */
    includeStop?: boolean;
    /** Stop strings do not count in the text of the first `minTokens` tokens; default 0. */
    minTokens?: number;
}
/** Joins a detokenizer and stop strings. */
export declare class OutputText {
    #private;
    constructor(detokenizer: Detokenizer, { stop, includeStop, minTokens }?: OutputTextOptions);
    /** Output tokens so far, a stop token included. */
    get numTokens(): number;
    /**
     * Adds the tokens of a step.
     * @param endsWithStopToken  the last id is a stop token: it counts, but gives text only with `includeStop`
     * @returns the stop string that ends the text, already cut; the caller then finishes the request
     */
    push(ids: readonly number[], { endsWithStopToken }?: {
        endsWithStopToken?: boolean | undefined;
    }): {
        stopped?: string;
    };
    /**
     * Text for the caller. Until `finished`, the end in which a stop string may have begun is held back.
     * @param delta     true: what is new since the last call; false: the whole text
     * @param finished  the request is over: everything, with U+FFFD for unfinished characters
     */
    take(delta: boolean, finished: boolean): string;
}
