/** StructuredOutputs: the form that a request's output must have. Checked here as far as no grammar engine is needed. */
import { RequestError } from "../util/errors.js";
import { showValue, snakeCase } from "../util/text.js";

/** What the output can be held to; a request has exactly one of them. */
export const STRUCTURED_OUTPUT_KINDS = ["json", "jsonObject", "regex", "choice", "grammar", "structuralTag"] as const;
export type StructuredOutputKind = (typeof STRUCTURED_OUTPUT_KINDS)[number];

/** Bytes of UTF-16 of a schema, grammar or expression; what is larger takes minutes to compile. */
const MAX_TEXT_LENGTH = 512 * 1024;
const MAX_REGEX_LENGTH = 32 * 1024;
const MAX_CHOICES = 8192;
/** Levels of a JSON value that is a schema or a structural tag. */
const MAX_DEPTH = 128;
const MAX_START_AFTER = 64;
const LONE_SURROGATE = /\p{Surrogate}/u;

/** Checked: one kind, JSON as text, frozen plain data. */
export interface StructuredOutputs {
  /** A JSON schema. */
  readonly json?: string;
  /** Any JSON object. */
  readonly jsonObject?: true;
  /** A regular expression for the whole output. */
  readonly regex?: string;
  /** The output is one of these texts. */
  readonly choice?: readonly string[];
  /** EBNF, as in GBNF: rules `name ::= …`, the output is `root`. */
  readonly grammar?: string;
  /** Structural tags as JSON: `{"type": "structural_tag", "format": …}`, or the older structures and triggers. */
  readonly structuralTag?: string;
  /** JSON without blanks but those after ":" and ",". */
  readonly disableAnyWhitespace: boolean;
  /** Objects have the properties that the schema names and no others. Always so, unless the schema says otherwise. */
  readonly disableAdditionalProperties: boolean;
  /** The output is free until one of these tokens came (the end of a reasoning part); empty: held from its first token. */
  readonly startAfter: readonly number[];
  /** Where the caller wrote the form, for errors: "response_format.json_schema.schema". */
  readonly field: string;
}

/** As callers write it; null and undefined are "not given". */
export interface StructuredOutputsInput {
  /** A JSON schema, as an object (or true) or as text. */
  readonly json?: object | string | boolean | null;
  readonly jsonObject?: boolean | null;
  readonly regex?: string | null;
  readonly choice?: readonly string[] | null;
  readonly grammar?: string | null;
  readonly structuralTag?: object | string | null;
  readonly disableAnyWhitespace?: boolean | null;
  readonly disableAdditionalProperties?: boolean | null;
  /** Not supported: the grammar engine has no such setting. */
  readonly whitespacePattern?: string | null;
  readonly startAfter?: readonly number[] | null;
  readonly field?: string | null;
}

const OPTIONS = ["disableAnyWhitespace", "disableAdditionalProperties", "whitespacePattern", "startAfter", "field"];
const KNOWN: ReadonlySet<string> = new Set([...STRUCTURED_OUTPUT_KINDS, ...OPTIONS]);

/**
 * Completes and checks. What comes out may be put in again.
 * @throws RequestError naming the field, for none or several kinds, unknown fields, wrong types, and what is too large or too deep
 */
export function normalizeStructuredOutputs(input: StructuredOutputsInput): StructuredOutputs {
  if (typeof input !== "object" || input === null || Array.isArray(input)) {
    throw refuse("structured_outputs", `must be an object like { json: schema }; got ${showValue(input)}`);
  }
  for (const [name, value] of Object.entries(input)) {
    if (KNOWN.has(name) || value === undefined) continue;
    const names = [...KNOWN].filter((known) => known !== "field").map(snakeCase);
    throw refuse(fieldOf(name), `is not known; the fields are ${names.join(", ")}`);
  }
  const kinds = STRUCTURED_OUTPUT_KINDS.filter((kind) => input[kind] !== undefined && input[kind] !== null);
  const kind = kinds[0];
  if (kind === undefined) {
    throw refuse(
      "structured_outputs",
      `You must use one kind of structured outputs constraint but none are specified; give one of ` +
        STRUCTURED_OUTPUT_KINDS.map(snakeCase).join(", "),
    );
  }
  if (kinds.length > 1) {
    throw refuse(
      "structured_outputs",
      `You can only use one kind of structured outputs constraint but multiple are specified: ` +
        kinds.map(snakeCase).join(", "),
    );
  }
  if (typeof input.whitespacePattern === "string") {
    throw refuse(fieldOf("whitespacePattern"), "is not supported by xgrammar; use disable_any_whitespace");
  }
  const field = typeof input.field === "string" ? input.field : fieldOf(kind);
  return Object.freeze({
    ...checkKind(kind, input[kind]!, field),
    disableAnyWhitespace: flag(input, "disableAnyWhitespace"),
    disableAdditionalProperties: flag(input, "disableAdditionalProperties"),
    startAfter: checkStartAfter(input.startAfter ?? []),
    field,
  });
}

/** The kind and its text (a list for choices), of checked ones. */
export function structuredOutputKind(outputs: StructuredOutputs): StructuredOutputKind {
  return STRUCTURED_OUTPUT_KINDS.find((kind) => outputs[kind] !== undefined)!;
}

function checkKind(kind: StructuredOutputKind, value: unknown, field: string): Pick<StructuredOutputs, typeof kind> {
  switch (kind) {
    case "json":
    case "structuralTag":
      return { [kind]: checkJson(kind, value, field) };
    case "jsonObject":
      if (value === true) return { jsonObject: true };
      throw refuse(field, "must be True if set; omit structured_outputs to disable structured outputs");
    case "regex":
      return { regex: checkText(value, field, MAX_REGEX_LENGTH) };
    case "grammar":
      return { grammar: checkText(value, field, MAX_TEXT_LENGTH) };
    case "choice":
      return { choice: checkChoice(value, field) };
  }
}

function checkText(value: unknown, field: string, maxLength: number): string {
  if (typeof value !== "string") throw refuse(field, `must be text; got ${showValue(value)}`);
  if (value.trim() === "") throw refuse(field, "cannot be an empty string");
  if (value.length > maxLength) {
    throw refuse(field, `must have at most ${maxLength} characters; got ${value.length}`);
  }
  if (value.includes("\0")) throw refuse(field, "must not contain a NUL character ('\\x00')");
  if (LONE_SURROGATE.test(value)) throw refuse(field, "must be valid Unicode; got a lone surrogate");
  return value;
}

/** JSON as text, in the form that JSON.stringify gives. */
function checkJson(kind: "json" | "structuralTag", value: unknown, field: string): string {
  const parsed = typeof value === "string" ? parseJson(checkText(value, field, MAX_TEXT_LENGTH), field) : value;
  const isSchema = kind === "json" && typeof parsed === "boolean";
  if (!isSchema && (typeof parsed !== "object" || parsed === null || Array.isArray(parsed))) {
    const what = kind === "json" ? "a JSON schema (an object)" : "a structural tag (an object)";
    throw refuse(field, `must be ${what}; got ${showValue(parsed)}`);
  }
  checkDepth(parsed, field);
  let text: string | undefined;
  try {
    text = JSON.stringify(parsed);
  } catch {
    // Big integers and the like.
  }
  if (text === undefined) throw refuse(field, "must be plain JSON");
  return checkText(text, field, MAX_TEXT_LENGTH);
}

function parseJson(text: string, field: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw refuse(field, `Invalid JSON grammar specification: ${(cause as Error).message}`);
  }
}

/** Without recursion: the value may be as deep as its sender likes, or go round in circles. */
function checkDepth(root: unknown, field: string): void {
  let level: unknown[] = [root];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_DEPTH) throw refuse(field, `must have at most ${MAX_DEPTH} levels`);
    const next: unknown[] = [];
    for (const value of level) {
      if (typeof value === "object" && value !== null) for (const child of Object.values(value)) next.push(child);
      if (next.length > MAX_TEXT_LENGTH) throw refuse(field, `must have at most ${MAX_TEXT_LENGTH} values`);
    }
    level = next;
  }
}

function checkChoice(value: unknown, field: string): readonly string[] {
  if (!Array.isArray(value)) throw refuse(field, `must be a list of texts; got ${showValue(value)}`);
  if (value.length === 0) throw refuse(field, "cannot be an empty list");
  if (value.length > MAX_CHOICES) throw refuse(field, `must have at most ${MAX_CHOICES} texts; got ${value.length}`);
  let length = 0;
  for (const [i, text] of value.entries()) {
    if (typeof text !== "string" || text === "") {
      throw refuse(field, `must be a list of texts that are not empty; got ${showValue(text)} at position ${i}`);
    }
    if (LONE_SURROGATE.test(text)) throw refuse(field, `must be valid Unicode; got a lone surrogate at position ${i}`);
    if (text.includes("\0")) throw refuse(field, `must not contain a NUL character; got one at position ${i}`);
    length += text.length;
  }
  if (length > MAX_TEXT_LENGTH) {
    throw refuse(field, `must have at most ${MAX_TEXT_LENGTH} characters together; got ${length}`);
  }
  return Object.freeze([...(value as string[])]);
}

function checkStartAfter(value: unknown): readonly number[] {
  const isId = (id: unknown) => Number.isSafeInteger(id) && (id as number) >= 0;
  if (Array.isArray(value) && value.length <= MAX_START_AFTER && value.every(isId)) return Object.freeze([...value]);
  throw refuse(
    fieldOf("startAfter"),
    `must be a list of at most ${MAX_START_AFTER} token ids; got ${showValue(value)}`,
  );
}

function flag(input: StructuredOutputsInput, name: "disableAnyWhitespace" | "disableAdditionalProperties"): boolean {
  const value = input[name] ?? false;
  if (typeof value === "boolean") return value;
  throw refuse(fieldOf(name), `must be true or false; got ${showValue(value)}`);
}

function fieldOf(name: string): string {
  return `structured_outputs.${snakeCase(name)}`;
}

/** `param` is the request's own field: what comes before the first dot. */
function refuse(field: string, what: string): RequestError {
  return new RequestError(`${field}: ${what}`, { param: field.split(".")[0]! });
}
