/** What each token adds to a text, worked out once per id, on first use. */
import { byteLevelBytes } from "./byte-level.js";
import { fallbackByte } from "./decoder.js";
import type { DecodeRules } from "./decoder.js";
import type { Vocabulary } from "./vocabulary.js";
import { decodeStrict } from "./utf8-stream.js";

const encoder = new TextEncoder();

/** A table over the vocabulary. */
export class TokenPieces {
  readonly vocabulary: Vocabulary;
  readonly rules: DecodeRules;
  readonly #bytes: (Uint8Array | undefined)[];
  readonly #texts: (string | null | undefined)[];

  constructor(vocabulary: Vocabulary, rules: DecodeRules) {
    this.vocabulary = vocabulary;
    this.rules = rules;
    // Holes, not a value each: filling takes milliseconds.
    this.#bytes = new Array<Uint8Array | undefined>(vocabulary.size);
    this.#texts = new Array<string | null | undefined>(vocabulary.size);
  }

  /** The token's bytes (first-token rules not applied); undefined for an id outside the vocabulary. */
  bytes(id: number): Uint8Array | undefined {
    const known = this.#bytes[id];
    if (known !== undefined) return known;
    const token = this.vocabulary.tokenOf(id);
    if (token === undefined) return undefined;
    const bytes = this.#bytesOf(token);
    this.#bytes[id] = bytes;
    return bytes;
  }

  /** The token's text; null if it is a byte of a fallback or no whole characters, undefined outside the vocabulary. */
  text(id: number): string | null | undefined {
    const known = this.#texts[id];
    if (known !== undefined) return known;
    const token = this.vocabulary.tokenOf(id);
    if (token === undefined) return undefined;
    const text = this.#textOf(token);
    this.#texts[id] = text;
    return text;
  }

  #replace(token: string): string {
    if (this.rules.kind !== "pieces") return token;
    return this.rules.replacements.reduce((text, { from, to }) => text.replaceAll(from, () => to), token);
  }

  #isByte(text: string): boolean {
    return this.rules.kind === "pieces" && this.rules.byteFallback && fallbackByte(text) >= 0;
  }

  #textOf(token: string): string | null {
    if (this.rules.kind === "byte-level") return decodeStrict(byteLevelBytes(token)) ?? null;
    const text = this.#replace(token);
    return this.#isByte(text) ? null : text;
  }

  #bytesOf(token: string): Uint8Array {
    if (this.rules.kind === "byte-level") return byteLevelBytes(token);
    const text = this.#replace(token);
    return this.#isByte(text) ? Uint8Array.of(fallbackByte(text)) : encoder.encode(text);
  }
}
