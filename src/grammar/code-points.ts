/** CodePoints: sets of characters as sorted ranges; and how they are written in grammars, plainly or inside a JSON string. */
import { FormError } from "./grammar-writer.js";

/** From and to, both included; sorted, apart from each other. */
export type CodePoints = readonly (readonly [from: number, to: number])[];

const LAST = 0x10ffff;
/** No characters of their own. */
const SURROGATES: CodePoints = [[0xd800, 0xdfff]];

const ASCII: CodePoints = [[0, 0x7f]];
const BEYOND_ASCII: CodePoints = complement(ASCII);
/** Characters beyond ASCII that a class may name. */
const MAX_SPELLED = 24_000;

export const ALL: CodePoints = complement([]);
export const DIGITS: CodePoints = [[0x30, 0x39]];
export const WORD: CodePoints = unite([...DIGITS, [0x41, 0x5a], [0x5f, 0x5f], [0x61, 0x7a]]);
export const SPACE: CodePoints = [
  [0x09, 0x0d],
  [0x20, 0x20],
];
export const NEWLINE: CodePoints = [[0x0a, 0x0a]];

/** Characters of a set that is no list of single ones. */
const MANY = 64;

/** Characters of a JSON string that stand for themselves. */
const PLAIN_IN_JSON = complement([
  [0, 0x1f],
  [0x22, 0x22],
  [0x5c, 0x5c],
]);
/** Those that must be escaped, less the control characters without a letter. */
const ESCAPED_IN_JSON: readonly (readonly [character: string, letter: string])[] = [
  ['"', '"'],
  ["\\", "\\"],
  ["\b", "b"],
  ["\f", "f"],
  ["\n", "n"],
  ["\r", "r"],
  ["\t", "t"],
];

/** The set of all that is in any of the ranges, which may come in any order. */
export function unite(ranges: CodePoints): CodePoints {
  const sorted = [...ranges].sort((a, b) => a[0] - b[0]);
  const result: [number, number][] = [];
  for (const [from, to] of sorted) {
    const last = result.at(-1);
    if (last !== undefined && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else result.push([from, to]);
  }
  return result;
}

/** All characters that are not in the set. */
export function complement(ranges: CodePoints): CodePoints {
  const result: [number, number][] = [];
  let next = 0;
  for (const [from, to] of unite([...ranges, ...SURROGATES])) {
    if (from > next) result.push([next, from - 1]);
    next = to + 1;
  }
  if (next <= LAST) result.push([next, LAST]);
  return result;
}

export function intersect(a: CodePoints, b: CodePoints): CodePoints {
  return complement(unite([...complement(a), ...complement(b)]));
}

/**
 * An element of EBNF for one character of the set; undefined for the empty set. The grammar engine knows ranges of ASCII, and all
 * that is beyond ASCII as a whole; what is in between is spelled out.
 * @throws FormError for too many characters beyond ASCII
 */
export function classOf(set: CodePoints): string | undefined {
  const ascii = intersect(set, ASCII);
  const others = intersect(set, BEYOND_ASCII);
  const plain = ascii.length === 0 ? [] : [`[${rangesOf(ascii)}]`];
  if (others.length === 0) return plain[0];
  if (JSON.stringify(others) === JSON.stringify(BEYOND_ASCII)) {
    const without = intersect(complement(set), ASCII);
    // A class must leave something out.
    return without.length > 0 ? `[^${rangesOf(without)}]` : `([^${escape(0)}] | [${escape(0)}])`;
  }
  const count = sizeOf(others);
  if (count > MAX_SPELLED) {
    throw new FormError(
      `a set of ${count} characters beyond ASCII is not supported; at most ${MAX_SPELLED}, or all of them`,
    );
  }
  const spelled = others.flatMap(([from, to]) =>
    Array.from({ length: to - from + 1 }, (_, i) => `"${escape(from + i)}"`),
  );
  return `(${[...plain, ...spelled].join(" | ")})`;
}

function rangesOf(set: CodePoints): string {
  return set.map(([from, to]) => (from === to ? escape(from) : `${escape(from)}-${escape(to)}`)).join("");
}

/** The same for a character inside a JSON string, as JSON writes it: choices between elements. */
export function jsonClassOf(set: CodePoints): string | undefined {
  const choices: string[] = [];
  const plain = classOf(intersect(set, PLAIN_IN_JSON));
  // Of many, those that must be escaped are left out: a class alone is a hundred times faster than a choice.
  if (plain !== undefined && sizeOf(set) > MANY) return plain;
  if (plain !== undefined) choices.push(plain);
  for (const [character, letter] of ESCAPED_IN_JSON)
    if (has(set, character.codePointAt(0)!))
      choices.push(`"\\\\${letter === '"' || letter === "\\" ? "\\" : ""}${letter}"`);
  const letters = new Set(ESCAPED_IN_JSON.map(([character]) => character.codePointAt(0)!));
  for (let code = 0; code < 0x20; code++)
    if (has(set, code) && !letters.has(code)) choices.push(`"\\\\u00${code.toString(16).padStart(2, "0")}"`);
  return choices.length === 0 ? undefined : choices.length === 1 ? choices[0] : `(${choices.join(" | ")})`;
}

function sizeOf(set: CodePoints): number {
  return set.reduce((sum, [from, to]) => sum + to - from + 1, 0);
}

function has(set: CodePoints, code: number): boolean {
  return set.some(([from, to]) => from <= code && code <= to);
}

/** Always by its code: the grammar engine reads letters and digits behind an escape as a part of it. */
function escape(code: number): string {
  return `\\U${code.toString(16).padStart(8, "0")}`;
}
