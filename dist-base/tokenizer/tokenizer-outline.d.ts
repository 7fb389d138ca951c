/** tokenizer.json without its two long parts: vocabulary and merges are left as text, which the native engine reads by itself. */
/** What is left, and what the vocabulary holds. */
export interface TokenizerOutline {
    /** The JSON with `"vocab": {}` and `"merges": []`. */
    readonly json: string;
    /** Highest id in the vocabulary; -1 for an empty one. */
    readonly highestId: number;
}
/**
 * Cuts `model.vocab` (token to id) and `model.merges` out of the text of a tokenizer.json.
 *
 * @returns undefined where the text is not as expected (no vocabulary by id, damaged): then all of it must be parsed
 */
export declare function outlineTokenizerJson(text: string): TokenizerOutline | undefined;
