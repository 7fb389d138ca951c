/** tokenizer.json without its two long parts: the vocabulary stays text that is looked into by id, the merges are the native engine's. */
import { isTokenId } from "./vocabulary.js";

/** What is left, and where the vocabulary's tokens stand. Plain data: it may go to another thread. */
export interface TokenizerOutline {
  /** The JSON with `"vocab": {}` and `"merges": []`. */
  readonly json: string;
  /** The text of the vocabulary, as UTF-8. */
  readonly vocabulary: Uint8Array;
  /** By id, where the token's string begins in `vocabulary`, on its quote; -1 for a hole. */
  readonly positions: Int32Array;
}

const [quote, backslash, comma, colon] = [0x22, 0x5c, 0x2c, 0x3a];
const [openBrace, closeBrace, openBracket, closeBracket] = [0x7b, 0x7d, 0x5b, 0x5d];

/**
 * Cuts `model.vocab` (token to id) and `model.merges` out of a tokenizer.json.
 *
 * @param text its UTF-8
 * @returns undefined where the text is not as expected (no vocabulary by id, damaged): then all of it must be parsed
 */
export function outlineTokenizerJson(text: Uint8Array): TokenizerOutline | undefined {
  const cuts: [start: number, end: number][] = [];
  let vocabulary: Vocab | undefined;
  let depth = 0;
  let section = "";
  for (let i = 0; i < text.length; i++) {
    const code = text[i]!;
    if (code === openBrace || code === openBracket) depth++;
    else if (code === closeBrace || code === closeBracket) depth--;
    if (code !== quote) continue;
    const end = endOfString(text, i);
    if (end < 0) return undefined;
    const value = depth <= 2 ? startOfValue(text, end) : -1;
    const key = value < 0 ? "" : utf8(text, i + 1, end - 1);
    if (depth === 1 && value >= 0) section = key;
    i = end - 1;
    if (depth !== 2 || section !== "model" || (key !== "vocab" && key !== "merges")) continue;
    let cutEnd: number;
    if (key === "vocab") {
      if (vocabulary !== undefined) return undefined;
      vocabulary = readVocab(text, value);
      cutEnd = vocabulary?.end ?? -1;
    } else cutEnd = skipList(text, value);
    if (cutEnd < 0) return undefined;
    cuts.push([value, cutEnd]);
    i = cutEnd - 1;
  }
  if (vocabulary === undefined || depth !== 0) return undefined;
  let json = "";
  let from = 0;
  for (const [start, end] of cuts) {
    json += utf8(text, from, start) + (text[start] === openBrace ? "{}" : "[]");
    from = end;
  }
  const { start, end, positions } = vocabulary;
  return { json: json + utf8(text, from, text.length), vocabulary: text.slice(start, end), positions };
}

function utf8(text: Uint8Array, start: number, end: number): string {
  return Buffer.from(text.buffer, text.byteOffset + start, end - start).toString("utf8");
}

/** Behind the closing quote of the string that opens at `start`; -1 if there is none. */
export function endOfString(text: Uint8Array, start: number): number {
  for (let i = start + 1; i < text.length; i++) {
    const code = text[i]!;
    if (code === backslash) i++;
    else if (code === quote) return i + 1;
  }
  return -1;
}

function skipSpaces(text: Uint8Array, at: number): number {
  while (text[at]! <= 0x20) at++;
  return at;
}

/** Where the value of a key that ends at `end` begins; -1 if it is no key. */
function startOfValue(text: Uint8Array, end: number): number {
  const at = skipSpaces(text, end);
  return text[at] === colon ? skipSpaces(text, at + 1) : -1;
}

interface Vocab {
  readonly start: number;
  readonly end: number;
  readonly positions: Int32Array;
}

/** An object of tokens and whole numbers; undefined if it is anything else. */
function readVocab(text: Uint8Array, start: number): Vocab | undefined {
  if (text[start] !== openBrace) return undefined;
  let positions = new Int32Array(1 << 15).fill(-1);
  let highest = -1;
  let at = skipSpaces(text, start + 1);
  if (text[at] === closeBrace) return { start, end: at + 1, positions: new Int32Array(0) };
  for (;;) {
    if (text[at] !== quote) return undefined;
    const token = at;
    const end = endOfString(text, at);
    at = end < 0 ? -1 : startOfValue(text, end);
    if (at < 0) return undefined;
    let id = 0;
    const digits = at;
    for (let digit; (digit = text[at]! - 0x30) >= 0 && digit <= 9; at++) id = id * 10 + digit;
    if (at === digits || !isTokenId(id)) return undefined;
    if (id >= positions.length) positions = grown(positions, id);
    positions[id] = token - start;
    if (id > highest) highest = id;
    at = skipSpaces(text, at);
    const next = text[at];
    if (next === closeBrace) return { start, end: at + 1, positions: positions.slice(0, highest + 1) };
    if (next !== comma) return undefined;
    at = skipSpaces(text, at + 1);
  }
}

/** A copy that has room for `id`. */
function grown(positions: Int32Array, id: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(2 * Math.max(positions.length, id)).fill(-1, positions.length);
  larger.set(positions);
  return larger;
}

/** Behind the list that opens at `start`; -1 if there is none. */
function skipList(text: Uint8Array, start: number): number {
  if (text[start] !== openBracket) return -1;
  let depth = 0;
  for (let i = start; i < text.length; i++) {
    const code = text[i];
    if (code === openBracket) depth++;
    else if (code === closeBracket && --depth === 0) return i + 1;
    else if (code === quote) {
      i = endOfString(text, i) - 1;
      if (i < 0) return -1;
    }
  }
  return -1;
}
