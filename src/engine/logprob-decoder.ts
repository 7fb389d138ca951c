/** Log-probabilities as the worker gives them, with each token's text and bytes added. */
import type { TopLogprobs } from "../request/model-runner-output.js";
import type { Tokenizer } from "../tokenizer/tokenizer.js";
import { decodeStrict, incompleteTail } from "../tokenizer/utf8-stream.js";
import type { Logprob, PositionLogprobs } from "./request-output.js";

const NOTHING = new Uint8Array(0);

/** A token's own bytes, and what text they are by themselves. */
interface TokenText {
  readonly bytes: Uint8Array;
  /** The same bytes, for callers. */
  readonly list: readonly number[];
  readonly text: string;
}

/** Bytes and text of single tokens, worked out on first use and shared by all requests of an engine. */
export class TokenTexts {
  readonly #tokenizer: Pick<Tokenizer, "tokenBytes">;
  readonly #known: TokenText[] = [];

  constructor(tokenizer: Pick<Tokenizer, "tokenBytes">) {
    this.#tokenizer = tokenizer;
  }

  /** Nothing but empty for an id that the tokenizer does not know. */
  of(id: number): TokenText {
    return (this.#known[id] ??= this.#make(id));
  }

  #make(id: number): TokenText {
    const bytes = this.#tokenizer.tokenBytes(id) ?? NOTHING;
    return { bytes, list: Object.freeze([...bytes]), text: completeText(bytes) ?? "" };
  }
}

/**
 * Walks along one sequence. A token that ends inside a character has the text that is complete, and the token that
 * completes the character gets it whole; bytes are always the token's own.
 */
export class LogprobDecoder {
  readonly #texts: TokenTexts | undefined;
  /** Bytes of a character that earlier tokens of the sequence began: at most three. */
  #pending: Uint8Array = NOTHING;

  /** @param texts undefined: only numbers are given */
  constructor(texts: TokenTexts | undefined) {
    this.#texts = texts;
  }

  /** One position. Where the first token is among the likeliest, it stands first and has the rank it has there. */
  next(row: TopLogprobs): PositionLogprobs {
    const position: PositionLogprobs = new Map();
    for (let i = 0; i < row.tokenIds.length; i++) {
      const id = row.tokenIds[i]!;
      position.set(id, this.#logprob(id, row.logprobs[i]!, i === 0 ? row.rank : i));
    }
    this.#advance(row.tokenIds[0]);
    return position;
  }

  #logprob(id: number, logprob: number, rank: number): Logprob {
    if (this.#texts === undefined) return { logprob, rank };
    const token = this.#texts.of(id);
    return { logprob, rank, decodedToken: this.#text(token), bytes: token.list };
  }

  #text(token: TokenText): string {
    if (this.#pending.length === 0) return token.text;
    return completeText(Buffer.concat([this.#pending, token.bytes])) ?? token.text;
  }

  #advance(id: number | undefined): void {
    const bytes = id === undefined ? undefined : this.#texts?.of(id).bytes;
    if (bytes === undefined || bytes.length === 0) return;
    const joined = this.#pending.length === 0 ? bytes : Buffer.concat([this.#pending, bytes]);
    const tail = incompleteTail(joined);
    this.#pending = tail === 0 ? NOTHING : joined.slice(joined.length - tail);
  }
}

/** The text of all complete characters; undefined if the bytes are not the beginning of valid UTF-8. */
function completeText(bytes: Uint8Array): string | undefined {
  return decodeStrict(bytes.subarray(0, bytes.length - incompleteTail(bytes)));
}
