/** JSON of untrusted files: errors with their line, and Python's Infinity. */
import { CheckpointError } from "../util/errors.js";
import { quote } from "./problems.js";

/** Longer texts are not searched for the place of a mistake. */
const maxScannedChars = 1_000_000;

/** A string; a number or literal (Python's Infinity too); or one punctuation mark. */
const token =
  /[ \t\r\n]*(?:("(?:[^"\\\p{Cc}]|[\u007f-\u009f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])|(?:true|false|null|-?Infinity)\b)|([{}[\]:,]))/uy;

/**
 * Parses bytes that must be UTF-8 and one JSON object. `Infinity`, which Python writes for float("inf"), is accepted,
 * and so is a byte order mark.
 *
 * @param where the file, the first words of an error
 * @throws CheckpointError with the line of the first mistake
 */
export function parseJsonObject(bytes: Uint8Array, where: string): Record<string, unknown> {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    throw new CheckpointError(`${where}: is not UTF-8 text`, { cause: error });
  }
  const value = parse(text, where);
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new CheckpointError(`${where}: expected a JSON object, got ${quote(text.slice(0, 40))}`);
  return value as Record<string, unknown>;
}

function parse(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (text.length > maxScannedChars)
      throw new CheckpointError(`${where}: not valid JSON: ${(error as Error).message}`, { cause: error });
    const { mistake, infinities } = scan(text);
    if (mistake === undefined) return JSON.parse(replaceInfinities(text, infinities));
    const before = text.slice(0, mistake);
    const line = before.split("\n").length;
    const column = mistake - before.lastIndexOf("\n");
    const found = mistake >= text.length ? "the end of the text" : quote(text.slice(mistake, mistake + 20));
    throw new CheckpointError(`${where}: not valid JSON at line ${line}, column ${column}: found ${found}`, {
      cause: error,
    });
  }
}

/** What may come next: a value; a key; ":" after a key; "," or the closing mark. `close`: the closing mark may come too. */
interface Expected {
  what: "value" | "key" | "colon" | "comma";
  close: boolean;
}

/**
 * Walks over the tokens as far as they make sense.
 *
 * @returns mistake: index of the first token that does not fit, undefined if all do; infinities: where `Infinity` stands for a number
 */
function scan(text: string): { mistake: number | undefined; infinities: number[] } {
  const infinities: number[] = [];
  const closing: string[] = [];
  let expected: Expected = { what: "value", close: false };
  for (let end = 0; ; end = token.lastIndex) {
    token.lastIndex = end;
    const next = end + text.slice(end).search(/[^ \t\r\n]|$/);
    const done = closing.length === 0 && expected.what === "comma";
    if (next === text.length) return { mistake: done ? undefined : next, infinities };
    const match = token.exec(text);
    if (match === null || done) return { mistake: next, infinities };
    const [, string, literal, mark] = match;
    if (mark !== undefined && expected.close && mark === closing.at(-1)) {
      closing.pop();
      expected = { what: "comma", close: true };
    } else if (expected.what === "value" && (string ?? literal) !== undefined) {
      if (literal?.endsWith("Infinity")) infinities.push(token.lastIndex - "Infinity".length);
      expected = { what: "comma", close: true };
    } else if (expected.what === "value" && (mark === "{" || mark === "[")) {
      closing.push(mark === "{" ? "}" : "]");
      expected = { what: mark === "{" ? "key" : "value", close: true };
    } else if (expected.what === "key" && string !== undefined) expected = { what: "colon", close: false };
    else if (expected.what === "colon" && mark === ":") expected = { what: "value", close: false };
    else if (expected.what === "comma" && mark === ",")
      expected = { what: closing.at(-1) === "}" ? "key" : "value", close: false };
    else return { mistake: next, infinities };
  }
}

/** 1e999 is JSON, and reads as Infinity. */
function replaceInfinities(text: string, positions: readonly number[]): string {
  const parts: string[] = [];
  let end = 0;
  for (const position of positions) {
    parts.push(text.slice(end, position), "1e999");
    end = position + "Infinity".length;
  }
  return parts.join("") + text.slice(end);
}
