/** config.json before it is checked. */
import { ConfigError } from "../util/errors.js";

/** config.json as published: snake_case, unchecked. */
export type RawConfig = Readonly<Record<string, unknown>>;

/** A field's value; undefined where it is missing or null. */
export function rawValue(raw: RawConfig, key: string): unknown {
  const value = Object.hasOwn(raw, key) ? raw[key] : undefined;
  return value === null ? undefined : value;
}

/** @throws ConfigError that says which field, what is expected, what came */
export function wrongField(name: string, expected: string, value: unknown): never {
  throw new ConfigError(`config.json: ${name} must be ${expected}, got ${JSON.stringify(value) ?? "nothing"}`);
}
