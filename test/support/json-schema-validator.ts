/** A small validator of JSON schemas, for what the tests' schemas use. */

type Schema = Record<string, unknown>;

/** Whether the value is what the schema says. `root` is where $ref looks. */
export function isValid(schema: unknown, value: unknown, root: unknown = schema): boolean {
  if (typeof schema === "boolean") return schema;
  const s = schema as Schema;
  const inner = (part: unknown, of: unknown): boolean => isValid(part, of, root);
  if (typeof s.$ref === "string") {
    const target = s.$ref.slice(2).split("/").filter(Boolean);
    const found = target.reduce((at, name) => (at as Schema)[name], root);
    if (!inner(found, value)) return false;
  }
  const equals = (other: unknown): boolean => JSON.stringify(other) === JSON.stringify(value);
  if ("const" in s && !equals(s.const)) return false;
  if (Array.isArray(s.enum) && !s.enum.some(equals)) return false;
  if (Array.isArray(s.anyOf) && !s.anyOf.some((one) => inner(one, value))) return false;
  if (Array.isArray(s.allOf) && !s.allOf.every((one) => inner(one, value))) return false;
  if (s.type !== undefined && ![s.type].flat().some((type) => isOfType(type as string, value))) return false;
  if (typeof value === "number") return isInBounds(s, value);
  if (typeof value === "string") return isText(s, value);
  if (Array.isArray(value)) return isList(s, value, inner);
  return typeof value !== "object" || value === null || isObject(s, value as Schema, inner);
}

function isOfType(type: string, value: unknown): boolean {
  if (type === "integer") return typeof value === "number" && Number.isInteger(value);
  if (type === "null") return value === null;
  if (type === "array") return Array.isArray(value);
  if (type === "object") return typeof value === "object" && value !== null && !Array.isArray(value);
  return typeof value === type;
}

function isInBounds(s: Schema, value: number): boolean {
  const { minimum = -Infinity, maximum = Infinity, exclusiveMinimum = -Infinity, exclusiveMaximum = Infinity } = s;
  if (value < (minimum as number) || value > (maximum as number)) return false;
  if (exclusiveMinimum !== -Infinity && value <= (exclusiveMinimum as number)) return false;
  return exclusiveMaximum === Infinity || value < (exclusiveMaximum as number);
}

function isText(s: Schema, value: string): boolean {
  const length = [...value].length;
  if (length < ((s.minLength as number | undefined) ?? 0)) return false;
  if (length > ((s.maxLength as number | undefined) ?? Infinity)) return false;
  return typeof s.pattern !== "string" || new RegExp(s.pattern, "u").test(value);
}

function isList(s: Schema, value: unknown[], inner: (part: unknown, of: unknown) => boolean): boolean {
  if (value.length < ((s.minItems as number | undefined) ?? 0)) return false;
  if (value.length > ((s.maxItems as number | undefined) ?? Infinity)) return false;
  const first = (s.prefixItems as unknown[] | undefined) ?? [];
  return value.every((item, i) => inner(i < first.length ? first[i] : (s.items ?? true), item));
}

function isObject(s: Schema, value: Schema, inner: (part: unknown, of: unknown) => boolean): boolean {
  const names = Object.keys(value);
  if (names.length < ((s.minProperties as number | undefined) ?? 0)) return false;
  if (names.length > ((s.maxProperties as number | undefined) ?? Infinity)) return false;
  const required = (s.required as string[] | undefined) ?? [];
  if (required.some((name) => !Object.hasOwn(value, name))) return false;
  const properties = (s.properties as Schema | undefined) ?? {};
  return names.every((name) =>
    inner(Object.hasOwn(properties, name) ? properties[name] : (s.additionalProperties ?? true), value[name]),
  );
}
