/** PackedVocabulary: the bytes of all tokens, as grammar threads need them, in two arrays that are cheap to send. */

/** Token i is `bytes[offsets[i] .. offsets[i + 1]]`; none for a token that is no text: special ones, and ids without a token. */
export interface PackedVocabulary {
  /** Ids from here on have no token; they are never allowed, not even where the output is free. */
  readonly numTokens: number;
  readonly bytes: Uint8Array;
  /** [vocabSize + 1] */
  readonly offsets: Uint32Array;
}

/** What is asked of a tokenizer. */
export interface TokenTable {
  /** Highest id + 1. */
  readonly vocabSize: number;
  isSpecial(id: number): boolean;
  tokenBytes(id: number): Uint8Array | undefined;
}

/** Tokens between two turns of the event loop: about a millisecond. */
const TOKENS_PER_TURN = 2048;

/**
 * @param vocabSize rows of the model's logits; ids beyond the tokenizer's have no bytes and are never allowed
 * @param turn      called now and then; lets others have the event loop
 */
export async function packVocabulary(
  tokens: TokenTable,
  vocabSize: number,
  turn: () => Promise<void>,
): Promise<PackedVocabulary> {
  const offsets = new Uint32Array(vocabSize + 1);
  let bytes = new Uint8Array(8 * vocabSize);
  let length = 0;
  for (let id = 0; id < vocabSize; id++) {
    if (id % TOKENS_PER_TURN === TOKENS_PER_TURN - 1) await turn();
    const piece = id < tokens.vocabSize && !tokens.isSpecial(id) ? tokens.tokenBytes(id) : undefined;
    if (piece !== undefined && piece.length > 0) {
      if (length + piece.length > bytes.length) {
        const larger = new Uint8Array(2 * (length + piece.length));
        larger.set(bytes);
        bytes = larger;
      }
      bytes.set(piece, length);
      length += piece.length;
    }
    offsets[id + 1] = length;
  }
  return { numTokens: Math.min(tokens.vocabSize, vocabSize), bytes: bytes.slice(0, length), offsets };
}
