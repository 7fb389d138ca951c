/** tokenizer.json without its two long parts: vocabulary and merges are left as text, which the native engine reads by itself. */

/** What is left, and what the vocabulary holds. */
export interface TokenizerOutline {
  /** The JSON with `"vocab": {}` and `"merges": []`. */
  readonly json: string;
  /** Highest id in the vocabulary; -1 for an empty one. */
  readonly highestId: number;
}

const [quote, backslash, comma, colon] = [0x22, 0x5c, 0x2c, 0x3a];
const [openBrace, closeBrace, openBracket, closeBracket] = [0x7b, 0x7d, 0x5b, 0x5d];

/**
 * Cuts `model.vocab` (token to id) and `model.merges` out of the text of a tokenizer.json.
 *
 * @returns undefined where the text is not as expected (no vocabulary by id, damaged): then all of it must be parsed
 */
export function outlineTokenizerJson(text: string): TokenizerOutline | undefined {
  const cuts: [start: number, end: number][] = [];
  let highestId: number | undefined;
  let depth = 0;
  let section = "";
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === openBrace || code === openBracket) depth++;
    else if (code === closeBrace || code === closeBracket) depth--;
    if (code !== quote) continue;
    const end = endOfString(text, i);
    if (end < 0) return undefined;
    const value = depth <= 2 ? startOfValue(text, end) : -1;
    const key = value < 0 ? "" : text.slice(i + 1, end - 1);
    if (depth === 1 && value >= 0) section = key;
    i = end - 1;
    if (depth !== 2 || section !== "model" || (key !== "vocab" && key !== "merges")) continue;
    const isVocab = key === "vocab";
    const [cutEnd, highest] = isVocab ? skipVocab(text, value) : [skipList(text, value), undefined];
    if (cutEnd < 0 || (isVocab && highestId !== undefined)) return undefined;
    highestId ??= highest;
    cuts.push([value, cutEnd]);
    i = cutEnd - 1;
  }
  if (highestId === undefined || depth !== 0) return undefined;
  let json = "";
  let from = 0;
  for (const [start, end] of cuts) {
    json += text.slice(from, start) + (text.charCodeAt(start) === openBrace ? "{}" : "[]");
    from = end;
  }
  return { json: json + text.slice(from), highestId };
}

/** Behind the closing quote of the string that opens at `start`; -1 if there is none. */
function endOfString(text: string, start: number): number {
  for (let i = start + 1; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === backslash) i++;
    else if (code === quote) return i + 1;
  }
  return -1;
}

function skipSpaces(text: string, at: number): number {
  while (text.charCodeAt(at) <= 0x20) at++;
  return at;
}

/** Where the value of a key that ends at `end` begins; -1 if it is no key. */
function startOfValue(text: string, end: number): number {
  const at = skipSpaces(text, end);
  return text.charCodeAt(at) === colon ? skipSpaces(text, at + 1) : -1;
}

/** Over an object of tokens and whole numbers: its end (-1 if it is anything else) and the highest number. */
function skipVocab(text: string, start: number): [end: number, highest: number] {
  const wrong: [number, number] = [-1, -1];
  if (text.charCodeAt(start) !== openBrace) return wrong;
  let highest = -1;
  let at = skipSpaces(text, start + 1);
  if (text.charCodeAt(at) === closeBrace) return [at + 1, highest];
  for (;;) {
    if (text.charCodeAt(at) !== quote) return wrong;
    const end = endOfString(text, at);
    at = end < 0 ? -1 : startOfValue(text, end);
    if (at < 0) return wrong;
    let id = 0;
    const digits = at;
    for (let digit; (digit = text.charCodeAt(at) - 0x30) >= 0 && digit <= 9; at++) id = id * 10 + digit;
    if (at === digits) return wrong;
    highest = Math.max(highest, id);
    at = skipSpaces(text, at);
    const next = text.charCodeAt(at);
    if (next === closeBrace) return [at + 1, highest];
    if (next !== comma) return wrong;
    at = skipSpaces(text, at + 1);
  }
}

/** Behind the list that opens at `start`; -1 if there is none. */
function skipList(text: string, start: number): number {
  if (text.charCodeAt(start) !== openBracket) return -1;
  let depth = 0;
  for (let i = start; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === openBracket) depth++;
    else if (code === closeBracket && --depth === 0) return i + 1;
    else if (code === quote) {
      i = endOfString(text, i) - 1;
      if (i < 0) return -1;
    }
  }
  return -1;
}
