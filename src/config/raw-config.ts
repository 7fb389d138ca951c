/** config.json before it is checked. */
import { closest } from "../util/closest.js";
import { ConfigError } from "../util/errors.js";

/** config.json as published: snake_case, unchecked. */
export type RawConfig = Readonly<Record<string, unknown>>;

/** A field's value; undefined where it is missing or null. */
export function rawValue(raw: RawConfig, key: string): unknown {
  const value = Object.hasOwn(raw, key) ? raw[key] : undefined;
  return value === null ? undefined : value;
}

/** The first of several spellings that config.json has, and its value; else the first name and undefined. */
export function rawEntry(raw: RawConfig, names: readonly string[]): { name: string; value: unknown } {
  const name = names.find((key) => rawValue(raw, key) !== undefined) ?? names[0]!;
  return { name, value: rawValue(raw, name) };
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * @param name path of the field in config.json: `hidden_size`, `rope_parameters.factor`
 * @param raw  where the field was looked for: a missing one is told with the closest name
 * @throws ConfigError that says which field, what is expected, what came
 */
export function wrongField(name: string, expected: string, value: unknown, raw?: RawConfig): never {
  if (value !== undefined)
    throw new ConfigError(`config.json: ${name} must be ${expected}, got ${JSON.stringify(value)}`);
  const near =
    raw &&
    closest(
      name,
      Object.keys(raw).filter((other) => other !== name),
    )[0];
  throw new ConfigError(
    `config.json: ${name} is missing; it must be ${expected}${near === undefined ? "" : `; closest: "${near}"`}`,
  );
}
