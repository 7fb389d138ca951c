/** Objects of JSON as grammars: properties in the schema's order, then others. */
import { classOf, complement } from "./code-points.js";
import { ebnfString } from "./grammar-writer.js";
import type { JsonContext } from "./json-context.js";
import { patternGrammar } from "./regex-grammar.js";
import type { AnySchema, Schema } from "./schema-merge.js";
import { count, join, wrong } from "./schema-place.js";

interface Property {
  /** `"name": value`. */
  readonly pair: string;
  readonly isRequired: boolean;
}

const MAX_PROPERTIES = 100_000;

/**
 * Without additionalProperties, an object has the properties that the schema names and no others; one that names none is free.
 * @returns a body of EBNF; undefined where no object can be
 */
export function objectGrammar(types: JsonContext, schema: Schema, path: string): string | undefined {
  const named = { ...(object(schema, "properties", path) as Record<string, AnySchema>) };
  const required = names(schema, path);
  const others = additional(types, schema, named, path);
  for (const name of required) {
    if (Object.hasOwn(named, name)) continue;
    if (schema.patternProperties !== undefined || schema.propertyNames !== undefined)
      throw wrong(path, `required ${JSON.stringify(name)} is not among the properties`);
    named[name] = (schema.additionalProperties ?? true) as AnySchema;
  }
  const properties: Property[] = [];
  for (const [name, inner] of Object.entries(named)) {
    const value = types.visit(inner, join(path, `properties.${name}`));
    const isRequired = required.has(name);
    if (value === undefined && isRequired) return undefined;
    if (value === undefined) continue;
    properties.push({ pair: `${ebnfString(JSON.stringify(name))} ${types.blanks.colon} ${value}`, isRequired });
  }
  const pair = others?.(Object.keys(named));
  const [min, max] = [count(schema, "minProperties", path) ?? 0, count(schema, "maxProperties", path) ?? Infinity];
  if (properties.length === 0) return anyPairs(types, pair, min, max, path);
  checkCounts(properties, pair !== undefined, min, max, path);
  return inOrder(types, properties, pair);
}

function object(schema: Schema, keyword: string, path: string): object {
  const value = schema[keyword] ?? {};
  if (typeof value === "object" && !Array.isArray(value)) return value;
  throw wrong(path, `${keyword} must be an object`);
}

function names(schema: Schema, path: string): Set<string> {
  const { required = [] } = schema;
  if (Array.isArray(required) && required.every((name) => typeof name === "string")) return new Set(required);
  throw wrong(path, "required must be a list of names");
}

/** The pairs beyond the named ones, given the names that they must not have; undefined for none. */
function additional(
  types: JsonContext,
  schema: Schema,
  named: object,
  path: string,
): ((taken: readonly string[]) => string | undefined) | undefined {
  const { patternProperties, propertyNames } = schema;
  const more = schema.additionalProperties ?? schema.unevaluatedProperties;
  const { colon } = types.blanks;
  if (patternProperties !== undefined) {
    const patterns = Object.entries(object(schema, "patternProperties", path));
    if (Object.keys(named).length > 0 || propertyNames !== undefined || typeof more === "object" || more === true)
      throw wrong(path, "patternProperties together with other keywords for properties is not supported");
    if (patterns.length > 1) throw wrong(path, "several patternProperties are not supported");
    return () => {
      const [[pattern, inner] = ["", true]] = patterns as [string, AnySchema][];
      const value = types.visit(inner, join(path, `patternProperties.${pattern}`));
      return value && `"\\"" ${patternGrammar(types.writer, pattern)} "\\"" ${colon} ${value}`;
    };
  }
  if (propertyNames !== undefined) {
    if (Object.keys(named).length > 0) throw wrong(path, "propertyNames together with properties is not supported");
    const isOpen = typeof propertyNames === "object" && propertyNames !== null && !Array.isArray(propertyNames);
    const key = types.visit(isOpen ? { type: "string", ...propertyNames } : propertyNames, join(path, "propertyNames"));
    return () => {
      const value = types.visit(more ?? true, join(path, "additionalProperties"));
      return key && value && `${key} ${colon} ${value}`;
    };
  }
  if (more === false || (more === undefined && schema.properties !== undefined)) return undefined;
  return (taken) => {
    const value = types.visit(more ?? true, join(path, "additionalProperties"));
    return value && `${otherKey(types, taken)} ${colon} ${value}`;
  };
}

/** An object without named properties. */
function anyPairs(
  types: JsonContext,
  pair: string | undefined,
  min: number,
  max: number,
  path: string,
): string | undefined {
  const { inside, comma } = types.blanks;
  if (min > max || (pair === undefined && min > 0)) return undefined;
  if (pair === undefined || max === 0) return `"{" ${inside} "}"`;
  if (Math.max(min, max === Infinity ? 0 : max) > MAX_PROPERTIES)
    throw wrong(path, `at most ${MAX_PROPERTIES} properties are supported`);
  const rule = types.writer.rule(pair);
  const some = `${rule} (${comma} ${rule}){${Math.max(0, min - 1)},${max === Infinity ? "" : max - 1}} ${inside}`;
  return `"{" ${inside} ${types.writer.rule(min === 0 ? `${some} | ""` : some)} "}"`;
}

/** minProperties and maxProperties beside named properties: only where they hold anyway. */
function checkCounts(properties: readonly Property[], isOpen: boolean, min: number, max: number, path: string): void {
  const numRequired = properties.filter(({ isRequired }) => isRequired).length;
  if (min > numRequired) throw wrong(path, "minProperties beside properties that may be left out is not supported");
  if (isOpen ? max < Infinity : max < properties.length)
    throw wrong(path, "maxProperties beside properties that may be left out is not supported");
}

/**
 * Properties in order, each that is not required may be left out; then others, if there may be any. No two choices begin alike:
 * the grammar engine mixes such up when a rule that may be empty follows.
 */
function inOrder(types: JsonContext, properties: readonly Property[], pair: string | undefined): string {
  const { writer, blanks } = types;
  const { inside, comma } = blanks;
  const other = pair && writer.rule(pair);
  /** From a property on: one of them; undefined for none. */
  let some = other && writer.rule(`${other} (${comma} ${other})*`);
  let canBeEmpty = true;
  for (const { pair: one, isRequired } of [...properties].reverse()) {
    const name = writer.rule(one);
    const rest = some && writer.rule(canBeEmpty ? `${comma} ${some} | ""` : `${comma} ${some}`);
    const first = rest === undefined ? name : writer.rule(`${name} ${rest}`);
    some = isRequired || some === undefined ? first : writer.rule(`${first} | ${some}`);
    if (isRequired) canBeEmpty = false;
  }
  const body = writer.rule(canBeEmpty ? `${some} ${inside} | ""` : `${some} ${inside}`);
  return `"{" ${inside} ${body} "}"`;
}

/** A key that is none of the names: they are spelled out as a tree, and left at any character. Keys have no escapes then. */
function otherKey(types: JsonContext, taken: readonly string[]): string {
  if (taken.length === 0) return types.string();
  const { writer } = types;
  const never: (readonly [number, number])[] = [
    [0, 0x1f],
    [0x22, 0x22],
    [0x5c, 0x5c],
  ];
  const rest = writer.rule(`${classOf(complement(never))}* "\\""`);
  const tree = (names_: readonly string[]): string => {
    const byFirst = new Map<number, string[]>();
    for (const name of names_) {
      const code = name.codePointAt(0);
      if (code === undefined) continue;
      byFirst.set(code, [...(byFirst.get(code) ?? []), name.slice(String.fromCodePoint(code).length)]);
    }
    const choices = names_.includes("") ? [] : ['"\\""'];
    const firsts = [...byFirst.keys()].map((code) => [code, code] as const);
    // Beside names beyond ASCII, others are of ASCII: the rest cannot be said.
    const beyond = [...byFirst.keys()].some((code) => code > 0x7f) ? ([[0x80, 0x10ffff]] as const) : [];
    choices.push(`${classOf(complement([...never, ...firsts, ...beyond]))} ${rest}`);
    for (const [code, tails] of byFirst)
      if (code >= 0x20 && code !== 0x22 && code !== 0x5c) choices.push(`${classOf([[code, code]])} ${tree(tails)}`);
    return writer.rule(choices.join(" | "));
  };
  return writer.rule(`"\\"" ${tree(taken)}`);
}
