/** JsonTypes: JSON values of each type as grammars, held to the keywords of a schema. */
import { FormError } from "./grammar-writer.js";
import type { GrammarWriter } from "./grammar-writer.js";
import type { Blanks, JsonContext, Visit } from "./json-context.js";
import { objectGrammar } from "./json-objects.js";
import { ANY_INTEGER, ANY_NUMBER, integerRange, numberRange } from "./number-ranges.js";
import type { Bound } from "./number-ranges.js";
import { patternGrammar, regexGrammar } from "./regex-grammar.js";
import type { AnySchema, Schema } from "./schema-merge.js";
import { count, join, wrong } from "./schema-place.js";
import { STRING_FORMATS } from "./string-formats.js";

const HEX = "[0-9a-fA-F]";
/** A character that stands for itself. */
const PLAIN = '[^"\\\\\\x00-\\x1f]';
/** What follows a backslash; of surrogates, pairs. */
const ESCAPE =
  `["\\\\/bfnrt] | "u" ([0-9abcefABCEF] ${HEX}{3} | [dD] [0-7] ${HEX}{2} | ` +
  `[dD] [89abAB] ${HEX}{2} "\\\\u" [dD] [c-fC-F] ${HEX}{2})`;
const MAX_LENGTH = 100_000;

/** One per grammar. */
export class JsonTypes implements JsonContext {
  readonly writer: GrammarWriter;
  readonly visit: Visit;
  readonly blanks: Blanks;
  readonly #escaped: string;
  #any: string | undefined;

  constructor(writer: GrammarWriter, anyWhitespace: boolean, visit: Visit) {
    this.writer = writer;
    this.visit = visit;
    this.#escaped = `("\\\\" ${writer.rule(ESCAPE)} ${PLAIN}*)*`;
    if (anyWhitespace) {
      // None, one, or a new line and its indentation: what any printer writes, and no more, so that no output is blanks for ever.
      const blank = writer.rule('"" | " " | "\\n" [ \\t]{0,40}');
      this.blanks = { inside: blank, comma: `${blank} "," ${blank}`, colon: `${blank} ":" ${blank}` };
    } else this.blanks = { inside: "", comma: '", "', colon: '": "' };
  }

  /** Any JSON value. */
  any(): string {
    if (this.#any !== undefined) return this.#any;
    this.#any = this.writer.reserve();
    const types = ["object", "array", "string", "number", "boolean", "null"];
    this.writer.define(this.#any, types.map((type) => this.ofType(type, {}, "")!).join(" | "));
    return this.#any;
  }

  /** A string of any text. Plain characters repeat within the rule: a token of several is then known to fit beforehand. */
  string(): string {
    return this.writer.rule(`"\\"" ${PLAIN}* ${this.#escaped} "\\""`);
  }

  /** Undefined where no value can be. @throws FormError for keywords that cannot be held together */
  ofType(type: string, schema: Schema, path: string): string | undefined {
    const rule = (body: string | undefined): string | undefined => body && this.writer.rule(body);
    switch (type) {
      case "null":
        return '"null"';
      case "boolean":
        return rule('"true" | "false"');
      case "integer":
      case "number":
        return rule(numberOf(type, schema, path));
      case "string":
        return this.#stringOf(schema, path);
      case "array":
        return rule(this.#arrayOf(schema, path));
      default:
        return rule(objectGrammar(this, schema, path));
    }
  }

  #stringOf(schema: Schema, path: string): string | undefined {
    const { pattern, format } = schema;
    const min = count(schema, "minLength", path) ?? 0;
    const max = count(schema, "maxLength", path);
    const isBounded = min > 0 || max !== undefined;
    if (pattern === undefined && format === undefined) {
      if (!isBounded) return this.string();
      if (max !== undefined && max < min) return undefined;
      if (Math.max(min, max ?? 0) > MAX_LENGTH)
        throw wrong(path, `minLength and maxLength may be at most ${MAX_LENGTH}`);
      // Where characters are counted, all are plain: what must be escaped cannot come.
      const counted = `${PLAIN}{${min},${max ?? ""}}`;
      return this.writer.rule(`"\\"" ${counted}${max === undefined ? ` ${this.#escaped}` : ""} "\\""`);
    }
    const keyword = pattern === undefined ? "format" : "pattern";
    if (isBounded || (pattern !== undefined && format !== undefined)) {
      const other = pattern !== undefined && format !== undefined ? "format" : min > 0 ? "minLength" : "maxLength";
      throw wrong(path, `${keyword} together with ${other} is not supported`);
    }
    if (typeof schema[keyword] !== "string") throw wrong(path, `${keyword} must be text`);
    return this.writer.rule(`"\\"" ${this.#held(keyword, schema[keyword], path)} "\\""`);
  }

  #held(keyword: string, text: string, path: string): string {
    if (keyword === "format") {
      if (Object.hasOwn(STRING_FORMATS, text)) return regexGrammar(this.writer, STRING_FORMATS[text]!, true);
      const known = Object.keys(STRING_FORMATS).join(", ");
      throw wrong(path, `format ${JSON.stringify(text.slice(0, 60))} is not supported; the formats are ${known}`);
    }
    try {
      return patternGrammar(this.writer, text);
    } catch (error) {
      throw error instanceof FormError ? wrong(path, `pattern: ${error.message}`) : error;
    }
  }

  #arrayOf(schema: Schema, path: string): string | undefined {
    const isOld = Array.isArray(schema.items);
    const prefix = (schema.prefixItems ?? (isOld ? schema.items : [])) as readonly AnySchema[];
    if (!Array.isArray(prefix)) throw wrong(path, "prefixItems must be a list of schemas");
    const rest = (isOld ? schema.additionalItems : schema.items) ?? schema.unevaluatedItems ?? prefix.length === 0;
    const min = count(schema, "minItems", path) ?? 0;
    const max = count(schema, "maxItems", path) ?? Infinity;
    const first = prefix.map((one, i) => this.visit(one, join(path, `prefixItems[${i}]`)));
    // A list that ends before an item that nothing can be.
    const numFirst = Math.min(max, first.includes(undefined) ? first.indexOf(undefined) : first.length);
    const item = numFirst < first.length ? undefined : this.visit(rest, join(path, "items"));
    const most = item === undefined ? numFirst : max;
    // Items that come first are all there, unless maxItems is smaller: a validator takes fewer, a reader expects them.
    const least = Math.max(min, numFirst);
    if (least > most) return undefined;
    if (Math.max(min, max === Infinity ? 0 : max) > MAX_LENGTH)
      throw wrong(path, `at most ${MAX_LENGTH} items are supported`);
    const { inside, comma } = this.blanks;
    const parts = first.slice(0, numFirst).join(` ${comma} `);
    const [fewest, mostMore] = [least - numFirst, most - numFirst];
    if (most === 0) return `"[" ${inside} "]"`;
    const range = (low: number): string =>
      `{${Math.max(0, low)},${mostMore === Infinity ? "" : mostMore + Math.min(0, low)}}`;
    if (numFirst > 0) {
      const more = item === undefined || mostMore === 0 ? "" : `(${comma} ${item})${range(fewest)}`;
      return `"[" ${inside} ${parts} ${more} ${inside} "]"`;
    }
    const upper = mostMore === Infinity ? "" : mostMore - 1;
    // No two choices begin alike: the grammar engine mixes such up when a rule that may be empty follows.
    const some = `${item} (${comma} ${item}){${Math.max(0, fewest - 1)},${upper}} ${inside}`;
    return `"[" ${inside} ${this.writer.rule(fewest === 0 ? `${some} | ""` : some)} "]"`;
  }
}

function numberOf(type: string, schema: Schema, path: string): string | undefined {
  const low = largest(bound(schema, "minimum", path, false), bound(schema, "exclusiveMinimum", path, true), 1);
  const high = largest(bound(schema, "maximum", path, false), bound(schema, "exclusiveMaximum", path, true), -1);
  const { multipleOf } = schema;
  const isFree = low === undefined && high === undefined;
  if (multipleOf !== undefined && !(multipleOf === 1 && type === "integer")) {
    if (multipleOf === 1) return isFree ? ANY_INTEGER : integerRange(low, high);
    const digits = typeof multipleOf === "number" ? -Math.round(Math.log10(multipleOf)) : NaN;
    if (type !== "number" || !isFree || !(digits >= 1 && digits <= 9) || Number(`1e-${digits}`) !== multipleOf) {
      throw wrong(
        path,
        `multipleOf ${JSON.stringify(multipleOf)} is not supported: nothing would hold the output to it`,
      );
    }
    return `${ANY_INTEGER} ("." [0-9]{1,${digits}})?`;
  }
  if (type === "integer") return isFree ? ANY_INTEGER : integerRange(low, high);
  return isFree ? ANY_NUMBER : numberRange(low, high);
}

function bound(schema: Schema, keyword: string, path: string, isExclusive: boolean): Bound | undefined {
  const value = schema[keyword];
  if (value === undefined) return undefined;
  if (typeof value !== "number" || !Number.isFinite(value)) throw wrong(path, `${keyword} must be a number`);
  return { value, isExclusive };
}

/** The bound that leaves less; `sign` 1 for lower bounds. */
function largest(a: Bound | undefined, b: Bound | undefined, sign: 1 | -1): Bound | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return sign * b.value >= sign * a.value ? b : a;
}
