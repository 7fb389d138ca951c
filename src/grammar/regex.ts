/** Regular expressions as they are written in Python and JavaScript, parsed; what a grammar cannot say is refused with its position. */
import type { CodePoints } from "./code-points.js";
import { ALL, complement, DIGITS, NEWLINE, SPACE, unite, WORD } from "./code-points.js";
import { FormError } from "./grammar-writer.js";
import { MAX_NESTING } from "./nesting.js";

export type RegexNode =
  | { readonly kind: "set"; readonly set: CodePoints }
  | { readonly kind: "sequence"; readonly parts: readonly RegexNode[] }
  | { readonly kind: "choice"; readonly parts: readonly RegexNode[] }
  | { readonly kind: "repeat"; readonly part: RegexNode; readonly min: number; readonly max: number }
  /** At the start or the end of the text. */
  | { readonly kind: "anchor"; readonly isStart: boolean; readonly at: number };

const MAX_REPEAT = 100_000;
const CLASSES: Readonly<Record<string, CodePoints>> = { d: DIGITS, w: WORD, s: SPACE };
const CONTROLS: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, f: 12, v: 11, a: 7, e: 27, "0": 0 };

/** @throws FormError with the position of what is wrong */
export function parseRegex(text: string): RegexNode {
  return new Parser(text).parse();
}

class Parser {
  readonly #characters: readonly string[];
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#characters = Array.from(text);
  }

  parse(): RegexNode {
    const node = this.#choice();
    if (this.#at < this.#characters.length) throw this.#wrong('there is a ")" without a "("');
    return node;
  }

  get #next(): string | undefined {
    return this.#characters[this.#at];
  }

  #wrong(what: string, at = this.#at): FormError {
    return new FormError(`Regex parsing error at position ${at + 1}: ${what}`);
  }

  #choice(): RegexNode {
    if (++this.#depth > MAX_NESTING) throw this.#wrong(`groups may be at most ${MAX_NESTING} deep`);
    const parts = [this.#sequence()];
    while (this.#next === "|") {
      this.#at++;
      parts.push(this.#sequence());
    }
    this.#depth--;
    return parts.length === 1 ? parts[0]! : { kind: "choice", parts };
  }

  #sequence(): RegexNode {
    const parts: RegexNode[] = [];
    while (this.#next !== undefined && this.#next !== "|" && this.#next !== ")") {
      const start = this.#at;
      parts.push(this.#repeats(this.#atom(), start));
    }
    return parts.length === 1 ? parts[0]! : { kind: "sequence", parts };
  }

  #repeats(part: RegexNode, start: number): RegexNode {
    const range = this.#quantifier();
    if (range === undefined) return part;
    if (part.kind === "anchor") throw this.#wrong("an anchor cannot be repeated", start);
    const [min, max] = range;
    if (max < min) throw this.#wrong(`the lower bound ${min} is larger than the upper bound ${max}`, start);
    const largest = max === Infinity ? min : max;
    if (largest > MAX_REPEAT) throw this.#wrong(`it may be repeated at most ${MAX_REPEAT} times`, start);
    // How greedy it is makes no difference to what matches as a whole.
    if (this.#next === "?") this.#at++;
    else if (this.#next === "+") throw this.#wrong("possessive quantifiers are not supported");
    if (this.#next === "*" || this.#next === "+") throw this.#wrong("there are two quantifiers in a row");
    return { kind: "repeat", part, min, max };
  }

  #quantifier(): [number, number] | undefined {
    const character = this.#next;
    if (character === "*" || character === "+" || character === "?") {
      this.#at++;
      return character === "?" ? [0, 1] : [character === "*" ? 0 : 1, Infinity];
    }
    if (character !== "{") return undefined;
    const rest = this.#characters.slice(this.#at, this.#at + 40).join("");
    const match = /^\{(\d*)(,?)(\d*)\}/.exec(rest);
    if (match === null || (match[1] === "" && match[3] === "")) return undefined;
    this.#at += match[0].length;
    const min = Number(match[1] || 0);
    return [min, match[2] === "" ? min : match[3] === "" ? Infinity : Number(match[3])];
  }

  #atom(): RegexNode {
    const at = this.#at;
    const character = this.#characters[this.#at++]!;
    switch (character) {
      case "(":
        return this.#group();
      case "[":
        return { kind: "set", set: this.#class() };
      case ".":
        return { kind: "set", set: complement(NEWLINE) };
      case "^":
      case "$":
        return { kind: "anchor", isStart: character === "^", at };
      case "\\":
        return this.#escape(at);
      case "*":
      case "+":
      case "?":
        throw this.#wrong("there is nothing to repeat", at);
      default:
        return setOf(character.codePointAt(0)!);
    }
  }

  #group(): RegexNode {
    const start = this.#at - 1;
    if (this.#next === "?") {
      const rest = this.#characters.slice(this.#at, this.#at + 80).join("");
      const name = /^\?(:|P?<[A-Za-z_]\w*>)/.exec(rest);
      if (name === null) throw this.#wrong(refusedGroup(rest), start);
      this.#at += name[0].length;
    }
    const inner = this.#choice();
    if (this.#next !== ")") throw this.#wrong("The parenthesis is not closed.", start);
    this.#at++;
    return inner;
  }

  #escape(at: number): RegexNode {
    const character = this.#next;
    if (character === "A" || character === "Z" || character === "z") {
      this.#at++;
      return { kind: "anchor", isStart: character === "A", at };
    }
    return { kind: "set", set: this.#escaped(at, false) };
  }

  /** What stands after a backslash. */
  #escaped(at: number, inClass: boolean): CodePoints {
    const character = this.#characters[this.#at++];
    if (character === undefined) throw this.#wrong("the expression ends in a backslash", at);
    const lower = character.toLowerCase();
    if (Object.hasOwn(CLASSES, lower)) return character === lower ? CLASSES[lower]! : complement(CLASSES[lower]!);
    if (inClass && character === "b") return [[8, 8]];
    if (lower === "b") throw this.#wrong("Word boundary is not supported.", at);
    if (lower === "p") throw this.#wrong("Unicode character class escape sequence is not supported.", at);
    if (/[1-9]/.test(character) || character === "k") throw this.#wrong("Backreference is not supported.", at);
    const code = this.#code(character, at);
    return [[code, code]];
  }

  #code(character: string, at: number): number {
    if (Object.hasOwn(CONTROLS, character)) return CONTROLS[character]!;
    const rest = this.#characters.slice(this.#at, this.#at + 12).join("");
    const forms: Readonly<Record<string, RegExp>> = {
      x: /^([0-9a-fA-F]{2})/,
      u: /^(?:\{([0-9a-fA-F]{1,6})\}|([0-9a-fA-F]{4}))/,
      U: /^([0-9a-fA-F]{8})/,
    };
    const form = forms[character];
    if (form !== undefined) {
      const match = form.exec(rest);
      const code = match === null ? NaN : parseInt((match[1] ?? match[2])!, 16);
      if (!(code <= 0x10ffff) || (code >= 0xd800 && code <= 0xdfff)) throw this.#wrong("this is no character", at);
      this.#at += match![0].length;
      return code;
    }
    if (/[A-Za-z0-9]/.test(character)) throw this.#wrong(`\\${character} is not supported.`, at);
    return character.codePointAt(0)!;
  }

  #class(): CodePoints {
    const start = this.#at - 1;
    const isNegated = this.#next === "^";
    if (isNegated) this.#at++;
    const ranges: (readonly [number, number])[] = [];
    // A bracket that comes first is one of the characters.
    for (let isFirst = true; isFirst || this.#next !== "]"; isFirst = false) {
      if (this.#next === undefined) throw this.#wrong("the character class is not closed", start);
      ranges.push(...this.#classItem());
    }
    this.#at++;
    const set = isNegated ? complement(ranges) : unite(ranges);
    if (set.length === 0) throw this.#wrong("the character class is empty", start);
    return set;
  }

  #classItem(): CodePoints {
    const at = this.#at;
    const from = this.#classCharacter();
    const isRange = this.#next === "-" && this.#characters[this.#at + 1] !== "]";
    if (!isRange || from.length !== 1 || from[0]![0] !== from[0]![1]) return from;
    this.#at++;
    const to = this.#classCharacter();
    const [low, high] = [from[0]![0], to[0]![0]];
    if (to.length !== 1 || to[0]![1] !== high) throw this.#wrong("a range must end in a character", at);
    if (low > high) throw this.#wrong("Invalid character class: lower bound is larger than upper bound", at);
    return intersectWithAll([[low, high]]);
  }

  #classCharacter(): CodePoints {
    const at = this.#at;
    const character = this.#characters[this.#at++];
    if (character === undefined) throw this.#wrong("the character class is not closed", at);
    if (character === "\\") return this.#escaped(at, true);
    const code = character.codePointAt(0)!;
    return [[code, code]];
  }
}

function intersectWithAll(set: CodePoints): CodePoints {
  return complement(unite([...complement(set), ...complement(ALL)]));
}

function setOf(code: number): RegexNode {
  return { kind: "set", set: [[code, code]] };
}

function refusedGroup(rest: string): string {
  if (/^\?[=!]/.test(rest)) return "Lookahead is not supported.";
  if (/^\?<[=!]/.test(rest)) return "Lookbehind is not supported.";
  if (/^\?[a-zA-Z-]+[:)]/.test(rest)) return "Group modifier flag is not supported.";
  return "this kind of group is not supported.";
}
