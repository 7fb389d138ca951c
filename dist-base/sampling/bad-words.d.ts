/** Words that must not be generated, as sequences of token ids. */
/**
 * Calls `ban` with the last token of every sequence whose other tokens are what the output ends with.
 * A sequence of one token is banned always. Prompt tokens do not count.
 */
export declare function banBadWords(sequences: readonly (readonly number[])[], outputTokenIds: readonly number[], ban: (tokenId: number) => void): void;
