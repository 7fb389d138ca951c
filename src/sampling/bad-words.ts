/** Words that must not be generated, as sequences of token ids. */

/**
 * Calls `ban` with the last token of every sequence whose other tokens are what the output ends with.
 * A sequence of one token is banned always. Prompt tokens do not count.
 */
export function banBadWords(
  sequences: readonly (readonly number[])[],
  outputTokenIds: readonly number[],
  ban: (tokenId: number) => void,
): void {
  for (const sequence of sequences) {
    const numBefore = sequence.length - 1;
    const start = outputTokenIds.length - numBefore;
    if (numBefore < 0 || start < 0) continue;
    let isEqual = true;
    for (let i = 0; isEqual && i < numBefore; i++) isEqual = outputTokenIds[start + i] === sequence[i];
    if (isEqual) ban(sequence[numBefore]!);
  }
}
