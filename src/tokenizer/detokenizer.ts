/** Incremental detokenizing: ids in, new text out, and together the increments are what `decode` gives. */
import type { DecodeRules } from "./decoder.js";
import type { TokenPieces } from "./token-pieces.js";
import { Utf8Stream, decodeStrict, incompleteTail } from "./utf8-stream.js";

/**
 * The text of one request, as its tokens arrive.
 *
 * The increments of `push` and the end of `flush` make up the text that prompt and output have together, less the
 * prompt's own. Bytes of an unfinished character are held back until it is complete. One case differs from `decode`:
 * in a run of byte-fallback tokens characters are sent as soon as they are complete, while `decode` replaces them
 * afterwards if the run turns out to be invalid further on. (A newline is such a token in Llama 2, and a stop string
 * must see it at once.)
 */
export interface Detokenizer {
  /** Takes the next ids; returns the text that is now certain. Ids outside the vocabulary add nothing. */
  push(ids: readonly number[]): string;
  /** Ends the text: what was held back, with U+FFFD for unfinished characters. Nothing may be pushed afterwards. */
  flush(): string;
}

export interface DetokenizerOptions {
  /** Leave special tokens out of the text; default true. */
  skipSpecialTokens?: boolean;
}

type Decode = (ids: readonly number[], options: { skipSpecialTokens: boolean }) => string;

/** The right kind of detokenizer for the tokenizer's decoder, primed with the prompt. */
export function createDetokenizer(
  pieces: TokenPieces,
  decode: Decode,
  promptIds: readonly number[],
  { skipSpecialTokens = true }: DetokenizerOptions,
): Detokenizer {
  const { rules } = pieces;
  if (rules.kind === "byte-level") return new ByteLevelDetokenizer(pieces, promptIds, skipSpecialTokens);
  if (rules.kind === "pieces") return new PiecesDetokenizer(pieces, rules, promptIds, skipSpecialTokens);
  return new WindowDetokenizer((ids) => decode(ids, { skipSpecialTokens }), promptIds);
}

/** Tokens are bytes: join them and decode. */
class ByteLevelDetokenizer implements Detokenizer {
  readonly #pieces: TokenPieces;
  readonly #special: Uint8Array;
  readonly #skip: boolean;
  readonly #stream = new Utf8Stream();
  /** The unfinished character is the prompt's alone: not for the output to end with. */
  #ownsPending = false;

  constructor(pieces: TokenPieces, promptIds: readonly number[], skip: boolean) {
    this.#pieces = pieces;
    this.#special = pieces.vocabulary.special;
    this.#skip = skip;
    this.push(this.#tail(promptIds));
    this.#ownsPending = false;
  }

  push(ids: readonly number[]): string {
    let out = "";
    for (const id of ids) {
      if (this.#skip && this.#special[id] === 1) continue;
      const text = this.#pieces.text(id);
      if (text === undefined) continue;
      if (text !== null && this.#stream.pending === 0) out += text;
      else out += this.#stream.write(this.#pieces.bytes(id)!);
      this.#ownsPending = true;
    }
    return out;
  }

  flush(): string {
    const end = this.#stream.end();
    return this.#ownsPending ? end : "";
  }

  /** The last tokens of the prompt that hold at least three bytes: whether a character is unfinished shows there. */
  #tail(ids: readonly number[]): readonly number[] {
    let start = ids.length;
    for (let length = 0; start > 0 && length < 3; start--) {
      const id = ids[start - 1]!;
      if (this.#skip && this.#special[id] === 1) continue;
      length += this.#pieces.bytes(id)?.length ?? 0;
    }
    return ids.slice(start);
  }
}

/** Tokens are pieces of text, with rules for the start of the text and for runs of byte tokens. */
class PiecesDetokenizer implements Detokenizer {
  readonly #pieces: TokenPieces;
  readonly #rules: Extract<DecodeRules, { kind: "pieces" }>;
  readonly #special: Uint8Array;
  readonly #skip: boolean;
  /** Characters that may still be taken off the start of the text. */
  #toStrip: number;
  #isFirst = true;
  /** Bytes of the current run that are no complete character yet. */
  #run: number[] = [];
  /** The current run is invalid: each further byte of it is a U+FFFD. */
  #isBroken = false;
  #ownsRun = false;

  constructor(
    pieces: TokenPieces,
    rules: Extract<DecodeRules, { kind: "pieces" }>,
    promptIds: readonly number[],
    skip: boolean,
  ) {
    this.#pieces = pieces;
    this.#rules = rules;
    this.#special = pieces.vocabulary.special;
    this.#skip = skip;
    this.#toStrip = rules.strip.count;
    this.#prime(promptIds);
    this.#ownsRun = false;
  }

  push(ids: readonly number[]): string {
    let out = "";
    for (const id of ids) {
      if (this.#skip && this.#special[id] === 1) continue;
      const text = this.#pieces.text(id);
      if (text === undefined) continue;
      if (text === null) out += this.#stripStart(this.#pushByte(this.#pieces.bytes(id)![0]!));
      else {
        if (this.#run.length > 0 || this.#isBroken) out += this.#stripStart(this.#endRun());
        const isPlain = this.#toStrip === 0 && !this.#isFirst;
        out += isPlain ? text : this.#stripStart(this.#firstText(id, text));
      }
      this.#isFirst = false;
      this.#ownsRun = true;
    }
    return out;
  }

  flush(): string {
    return this.#ownsRun ? this.#stripStart(this.#endRun()) : "";
  }

  /** Feeds the prompt's start (until the start rules are settled) and its last run of byte tokens: the rest is moot. */
  #prime(ids: readonly number[]): void {
    let next = 0;
    while (next < ids.length && (this.#isFirst || this.#toStrip > 0)) this.push([ids[next++]!]);
    let runStart = ids.length;
    while (runStart > next && this.#staysInRun(ids[runStart - 1]!)) runStart--;
    if (runStart > next) this.#endRun();
    this.push(ids.slice(runStart));
  }

  #staysInRun(id: number): boolean {
    return (this.#skip && this.#special[id] === 1) || typeof this.#pieces.text(id) !== "string";
  }

  #firstText(id: number, text: string): string {
    const { firstTokenRemoves } = this.#rules;
    if (!this.#isFirst || firstTokenRemoves === undefined) return text;
    return this.#pieces.vocabulary.tokenOf(id)!.replaceAll(firstTokenRemoves, "");
  }

  #pushByte(byte: number): string {
    if (this.#isBroken) return "\uFFFD";
    this.#run.push(byte);
    const bytes = Uint8Array.from(this.#run);
    if (incompleteTail(bytes) === bytes.length) return "";
    const text = decodeStrict(bytes);
    this.#isBroken = text === undefined;
    this.#run = [];
    return text ?? "\uFFFD".repeat(bytes.length);
  }

  #endRun(): string {
    const text = "\uFFFD".repeat(this.#run.length);
    this.#run = [];
    this.#isBroken = false;
    return text;
  }

  #stripStart(text: string): string {
    if (this.#toStrip === 0 || text === "") return text;
    let start = 0;
    while (this.#toStrip > 0 && text.startsWith(this.#rules.strip.char, start)) {
      start += this.#rules.strip.char.length;
      this.#toStrip--;
    }
    if (start < text.length) this.#toStrip = 0;
    return text.slice(start);
  }
}

/** Any decoder: decode a short window with and without the new tokens, and take the difference. */
class WindowDetokenizer implements Detokenizer {
  readonly #decode: (ids: readonly number[]) => string;
  /** Tokens of the window; those before `#read` are in the text already. */
  #ids: number[];
  #read: number;

  constructor(decode: (ids: readonly number[]) => string, promptIds: readonly number[]) {
    this.#decode = decode;
    this.#ids = promptIds.slice(-8);
    this.#read = this.#ids.length;
  }

  push(ids: readonly number[]): string {
    let out = "";
    for (const id of ids) {
      this.#ids.push(id);
      out += this.#advance(false);
    }
    return out;
  }

  flush(): string {
    return this.#advance(true);
  }

  #advance(isLast: boolean): string {
    const before = this.#decode(this.#ids.slice(0, this.#read));
    const after = this.#decode(this.#ids);
    if (after.endsWith("\uFFFD") && !isLast) return "";
    let same = 0;
    while (same < before.length && before[same] === after[same]) same++;
    if (same === after.length) return "";
    this.#ids = this.#ids.slice(this.#read);
    this.#read = this.#ids.length;
    return after.slice(same);
  }
}
