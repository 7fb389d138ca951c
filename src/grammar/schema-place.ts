/** Places in a schema, for errors; keywords that count. */
import { FormError } from "./grammar-writer.js";
import type { Schema } from "./schema-merge.js";

/** A keyword that counts. */
export function count(schema: Schema, keyword: string, path: string): number | undefined {
  const value = schema[keyword];
  if (value === undefined) return undefined;
  if (!Number.isSafeInteger(value) || (value as number) < 0) throw wrong(path, `${keyword} must be an integer from 0`);
  return value as number;
}

/** A place within another; both may be empty. */
export function join(path: string, inner: string): string {
  return path === "" ? inner : `${path}.${inner}`;
}

/** The error for a place. */
export function wrong(path: string, what: string): FormError {
  return new FormError(path === "" ? what : `${path}: ${what}`);
}
