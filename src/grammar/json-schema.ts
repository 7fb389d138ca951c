/** JSON schemas as grammars: every output is JSON that the schema's validators take. What cannot be held is refused by its name. */
import { ebnfString, FormError, GrammarWriter } from "./grammar-writer.js";
import { JsonTypes } from "./json-types.js";
import { resolvePointer } from "./json-pointer.js";
import { wrong } from "./schema-place.js";
import { ANNOTATIONS, isConstrained, isSchema, mergeSchemas } from "./schema-merge.js";
import type { AnySchema, Schema } from "./schema-merge.js";

/** Keywords that nothing holds the output to, and what they may say all the same. */
const REFUSED: Readonly<Record<string, (value: unknown) => boolean>> = {
  not: () => false,
  if: () => false,
  uniqueItems: (value) => value === false,
  contains: () => false,
  minContains: () => false,
  maxContains: () => false,
  dependentRequired: (value) => Object.keys(value as object).length === 0,
  dependentSchemas: (value) => Object.keys(value as object).length === 0,
  dependencies: (value) => Object.keys(value as object).length === 0,
  $dynamicRef: () => false,
  $recursiveRef: () => false,
};

/** Which type a keyword is about, for schemas that name no type. */
const TYPE_OF: Readonly<Record<string, string>> = {
  ...Object.fromEntries(["minLength", "maxLength", "pattern", "format"].map((keyword) => [keyword, "string"])),
  ...Object.fromEntries(
    ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"].map((keyword) => [keyword, "number"]),
  ),
  ...Object.fromEntries(
    ["items", "prefixItems", "additionalItems", "unevaluatedItems", "minItems", "maxItems"].map((keyword) => [
      keyword,
      "array",
    ]),
  ),
  ...Object.fromEntries(
    [
      ...["properties", "required", "additionalProperties", "patternProperties", "propertyNames"],
      ...["unevaluatedProperties", "minProperties", "maxProperties"],
    ].map((keyword) => [keyword, "object"]),
  ),
};

const ALL_TYPES = ["object", "array", "string", "number", "boolean", "null"];
const MAX_HOPS = 64;
const MAX_DEPTH = 200;

/**
 * @param text JSON, checked: an object or a boolean
 * @returns    EBNF
 * @throws FormError that says where in the schema what is wrong
 */
export function jsonSchemaGrammar(text: string, options: { readonly anyWhitespace: boolean }): string {
  const writer = new GrammarWriter();
  const root = new SchemaConverter(writer, JSON.parse(text) as AnySchema, options.anyWhitespace).convert();
  return writer.text(root);
}

class SchemaConverter {
  readonly #writer: GrammarWriter;
  readonly #root: AnySchema;
  readonly #types: JsonTypes;
  /** Rules by the schemas' text: recursion ends here. Undefined: nothing can ever be it. */
  readonly #rules = new Map<string, string | undefined>();
  #depth = 0;

  constructor(writer: GrammarWriter, root: AnySchema, anyWhitespace: boolean) {
    this.#writer = writer;
    this.#root = root;
    this.#types = new JsonTypes(writer, anyWhitespace, (schema, path) => this.#visit(schema, path));
  }

  convert(): string {
    const root = this.#visit(this.#root, "");
    if (root === undefined) throw new FormError("no value can ever satisfy the schema");
    return root;
  }

  /** An element of EBNF; undefined where no value can be. */
  #visit(given: unknown, path: string): string | undefined {
    if (!isSchema(given)) throw wrong(path, "must be a schema (an object or a boolean)");
    if (given === false) return undefined;
    if (given === true || !isConstrained(given)) return this.#types.any();
    const key = JSON.stringify(given);
    if (this.#rules.has(key)) return this.#rules.get(key);
    if (++this.#depth > MAX_DEPTH) throw wrong(path, `more than ${MAX_DEPTH} schemas lie within each other`);
    const name = this.#writer.reserve();
    this.#rules.set(key, name);
    const body = this.#body(given, path);
    this.#depth--;
    if (body === undefined) this.#rules.set(key, undefined);
    // A schema that refers to itself may have named it meanwhile; then it is a rule that nothing satisfies.
    this.#writer.define(name, body ?? name);
    return body === undefined ? undefined : name;
  }

  #body(schema: Schema, path: string): string | undefined {
    check(schema, path);
    const flat = this.#flatten(schema, path);
    if (typeof flat === "boolean") return this.#visit(flat, path);
    const { anyOf, oneOf, ...rest } = flat;
    const alternatives = (anyOf ?? oneOf) as readonly AnySchema[] | undefined;
    if (alternatives !== undefined) {
      const beside: AnySchema = anyOf !== undefined && oneOf !== undefined ? { ...rest, oneOf } : rest;
      const keyword = anyOf === undefined ? "oneOf" : "anyOf";
      return this.#choice(alternatives.map((one, i) => this.#alternative(beside, one, at(path, keyword, i))));
    }
    if (flat.const !== undefined || flat.enum !== undefined) return this.#values(flat, path);
    return this.#choice(typesOf(flat, path).map((type) => this.#types.ofType(type, flat, path)));
  }

  #alternative(beside: AnySchema, one: AnySchema, path: string): string | undefined {
    if (!isSchema(one)) throw wrong(path, "must be a schema (an object or a boolean)");
    const isAlone = typeof beside === "boolean" || !isConstrained(beside);
    // A type beside alternatives is most often just said twice.
    return this.#visit(isAlone ? one : { allOf: [beside, one] }, path);
  }

  #choice(elements: readonly (string | undefined)[]): string | undefined {
    const possible = [...new Set(elements.filter((element) => element !== undefined))];
    return possible.length === 0 ? undefined : possible.join(" | ");
  }

  /** Without $ref and allOf. */
  #flatten(schema: Schema, path: string): AnySchema {
    let current: AnySchema = schema;
    for (let hops = 0; hops < MAX_HOPS; hops++) {
      if (typeof current === "boolean") return current;
      check(current, path);
      const { $ref, allOf, ...rest }: Schema = current;
      if ($ref !== undefined) {
        const target = resolvePointer(this.#root, $ref, path);
        current = mergeSchemas(withoutAnnotations(target), { ...rest, ...(allOf === undefined ? {} : { allOf }) });
      } else if (allOf !== undefined) {
        if (!Array.isArray(allOf) || !allOf.every(isSchema)) throw wrong(path, "allOf must be a list of schemas");
        current = allOf.reduce<AnySchema>((merged, one) => mergeSchemas(merged, withoutAnnotations(one)), rest);
      } else return current;
    }
    throw wrong(path, "its references go round in circles");
  }

  /** const and enum; of the values those that the keywords beside take, as far as their type tells. */
  #values(schema: Schema, path: string): string | undefined {
    const { const: one, enum: several } = schema;
    if (several !== undefined && !Array.isArray(several)) throw wrong(path, "enum must be a list");
    let values: readonly unknown[] = several === undefined ? [one] : (several as unknown[]);
    if (one !== undefined) values = values.filter((value) => JSON.stringify(value) === JSON.stringify(one));
    const types = schema.type === undefined ? undefined : typesOf(schema, path);
    if (types !== undefined) values = values.filter((value) => types.some((type) => isOfType(value, type)));
    const beside = Object.keys(schema).find((keyword) => Object.hasOwn(TYPE_OF, keyword));
    if (beside !== undefined) throw wrong(path, `${beside} is not supported beside enum and const`);
    return this.#choice(values.map((value) => ebnfString(JSON.stringify(value))));
  }
}

function withoutAnnotations(schema: AnySchema): AnySchema {
  if (typeof schema === "boolean") return schema;
  return Object.fromEntries(Object.entries(schema).filter(([keyword]) => !ANNOTATIONS.has(keyword)));
}

/** @throws FormError for keywords that would be passed over */
function check(schema: Schema, path: string): void {
  for (const [keyword, isHarmless] of Object.entries(REFUSED)) {
    if (!Object.hasOwn(schema, keyword) || isHarmless(schema[keyword] ?? {})) continue;
    throw wrong(path, `${keyword} is not supported: nothing would hold the output to it`);
  }
  for (const keyword of ["anyOf", "oneOf"]) {
    const list = schema[keyword];
    if (list !== undefined && (!Array.isArray(list) || list.length === 0))
      throw wrong(path, `${keyword} must be a list of schemas that is not empty`);
  }
}

function typesOf({ type, ...schema }: Schema, path: string): string[] {
  if (type === undefined) {
    const types = new Set(
      Object.keys(schema).flatMap((keyword) => (Object.hasOwn(TYPE_OF, keyword) ? [TYPE_OF[keyword]!] : [])),
    );
    return types.size === 0 ? ALL_TYPES : [...types];
  }
  const types = (Array.isArray(type) ? type : [type]) as unknown[];
  const bad = types.find((one) => one !== "integer" && !ALL_TYPES.includes(one as string));
  if (bad !== undefined)
    throw wrong(path, `Unsupported type ${JSON.stringify(bad)}; the types are ${ALL_TYPES.join(", ")}, integer`);
  return types.filter((one) => one !== "integer" || !types.includes("number")) as string[];
}

function isOfType(value: unknown, type: string): boolean {
  if (type === "integer") return Number.isInteger(value);
  if (type === "null") return value === null;
  if (type === "array") return Array.isArray(value);
  if (type === "object") return typeof value === "object" && value !== null && !Array.isArray(value);
  return typeof value === type;
}

function at(path: string, keyword: string, index?: number): string {
  const inner = index === undefined ? keyword : `${keyword}[${index}]`;
  return path === "" ? inner : `${path}.${inner}`;
}
