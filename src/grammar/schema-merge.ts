/** JSON schemas as one: what must hold together (allOf, keywords beside $ref and anyOf) becomes a single schema. */
import { FormError } from "./grammar-writer.js";

export type Schema = { readonly [keyword: string]: unknown };
export type AnySchema = Schema | boolean;

/** Keywords that hold nothing to anything. */
export const ANNOTATIONS: ReadonlySet<string> = new Set([
  ...["title", "description", "default", "examples", "example", "$comment", "deprecated", "readOnly", "writeOnly"],
  ...["$schema", "$id", "id", "$anchor", "$defs", "definitions", "$vocabulary", "discriminator", "nullable", "strict"],
  ...["contentEncoding", "contentMediaType", "contentSchema", "externalDocs", "xml"],
]);

const LARGER = new Set(["minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"]);
const SMALLER = new Set(["maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"]);
/** Both must hold. */
const BOTH = new Set(["items", "additionalItems", "unevaluatedItems", "propertyNames", "unevaluatedProperties"]);
const MAX_ALTERNATIVES = 256;

export function isSchema(value: unknown): value is AnySchema {
  return typeof value === "boolean" || (typeof value === "object" && value !== null && !Array.isArray(value));
}

/** Whether it holds anything to anything. */
export function isConstrained(schema: Schema): boolean {
  return Object.keys(schema).some((keyword) => !ANNOTATIONS.has(keyword));
}

/** One schema for what both take. @throws FormError naming the keyword that cannot be merged */
export function mergeSchemas(a: AnySchema, b: AnySchema): AnySchema {
  if (a === false || b === false) return false;
  if (a === true) return b;
  if (b === true) return a;
  const merged: Record<string, unknown> = { ...a, ...mergeProperties(a, b) };
  for (const [keyword, value] of Object.entries(b)) {
    if (["properties", "additionalProperties", "patternProperties"].includes(keyword)) continue;
    const other = a[keyword];
    merged[keyword] = other === undefined ? value : ANNOTATIONS.has(keyword) ? other : together(keyword, other, value);
  }
  return merged;
}

function together(keyword: string, a: unknown, b: unknown): unknown {
  if (JSON.stringify(a) === JSON.stringify(b)) return a;
  if (LARGER.has(keyword)) return Math.max(a as number, b as number);
  if (SMALLER.has(keyword)) return Math.min(a as number, b as number);
  if (BOTH.has(keyword)) return { allOf: [a, b] };
  switch (keyword) {
    case "type":
      return intersectTypes(a, b);
    case "required":
      return [...new Set([...(a as string[]), ...(b as string[])])];
    case "enum": {
      const texts = new Set((b as unknown[]).map((value) => JSON.stringify(value)));
      return (a as unknown[]).filter((value) => texts.has(JSON.stringify(value)));
    }
    case "allOf":
      return [...(a as unknown[]), ...(b as unknown[])];
    case "anyOf":
    case "oneOf": {
      const pairs = (a as unknown[]).flatMap((one) => (b as unknown[]).map((other) => ({ allOf: [one, other] })));
      if (pairs.length <= MAX_ALTERNATIVES) return pairs;
    }
  }
  throw new FormError(`${keyword} is given twice (by allOf or beside $ref), and the two cannot be made one`);
}

function intersectTypes(a: unknown, b: unknown): string[] {
  const [one, other] = [listOf(a), listOf(b)];
  const holds = (types: readonly string[], type: string): boolean =>
    types.includes(type) || (type === "integer" && types.includes("number"));
  return [...new Set([...one, ...other])].filter((type) => holds(one, type) && holds(other, type));
}

function listOf(type: unknown): string[] {
  return (Array.isArray(type) ? type : [type]) as string[];
}

type Properties = Record<string, AnySchema>;

/** A property that only one of the two names is held to what the other says about further ones. */
function mergeProperties(a: Schema, b: Schema): Schema {
  const result: Record<string, unknown> = {};
  const [inA, inB] = [a.properties as Properties | undefined, b.properties as Properties | undefined];
  const [moreA, moreB] = [
    a.additionalProperties as AnySchema | undefined,
    b.additionalProperties as AnySchema | undefined,
  ];
  if (a.patternProperties !== undefined && b.patternProperties !== undefined) {
    throw new FormError("patternProperties is given twice (by allOf or beside $ref), and the two cannot be made one");
  }
  const patterns = a.patternProperties ?? b.patternProperties;
  if (patterns !== undefined) result.patternProperties = patterns;
  if (inA !== undefined || inB !== undefined) {
    const properties: Properties = {};
    for (const name of new Set([...Object.keys(inA ?? {}), ...Object.keys(inB ?? {})])) {
      const [one, other] = [ownOf(inA, name) ?? moreA, ownOf(inB, name) ?? moreB];
      const schema = one === undefined ? other! : other === undefined ? one : { allOf: [one, other] };
      Object.defineProperty(properties, name, { value: schema, enumerable: true, configurable: true, writable: true });
    }
    result.properties = properties;
  }
  const more = moreA === undefined ? moreB : moreB === undefined ? moreA : { allOf: [moreA, moreB] };
  if (more !== undefined) result.additionalProperties = more;
  return result;
}

function ownOf(properties: Properties | undefined, name: string): AnySchema | undefined {
  return properties !== undefined && Object.hasOwn(properties, name) ? properties[name] : undefined;
}
