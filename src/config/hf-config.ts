/** Reads a model's fields from config.json: a model file says which it needs, each is checked, all problems are told at once. */
import { ConfigError } from "../util/errors.js";
import type { HeadsConfig } from "./hf-heads.js";
import { readHeads } from "./hf-heads.js";
import type { RopeConfig, RopeOptions } from "./hf-rope.js";
import { readRope } from "./hf-rope.js";
import type { SlidingWindowDefaults } from "./hf-sliding-windows.js";
import { readSlidingWindows } from "./hf-sliding-windows.js";
import type { RawConfig } from "./raw-config.js";
import { rawEntry, wrongField } from "./raw-config.js";
import { snakeCase } from "../util/text.js";

/** Reads one value; `key` is the field's camelCase name. Throws ConfigError with path, value and what is allowed. */
export type Field<T> = (raw: RawConfig, key: string) => T;

/** A model's checked fields, as `hfConfig` made them. */
export interface HfConfig<C> {
  /** @throws ConfigError naming every missing or wrong field */
  parse(raw: RawConfig): C;
}

/** The type of the fields: `type Config = ConfigOf<typeof config>`. */
export type ConfigOf<H> = H extends HfConfig<infer C> ? C : never;

/** Options of every field: config.json's own name where it is not the camelCase name in snake_case; of several the first found. */
export interface FieldOptions {
  readonly from?: string | readonly string[];
}

function entryOf(raw: RawConfig, key: string, { from }: FieldOptions): { name: string; value: unknown } {
  return rawEntry(raw, from === undefined ? [snakeCase(key)] : typeof from === "string" ? [from] : from);
}

function field<T>(check: (value: unknown) => value is T, expected: string) {
  return (fallback?: T, options: FieldOptions = {}): Field<T> =>
    (raw, key) => {
      const { name, value = fallback } = entryOf(raw, key, options);
      if (!check(value)) wrongField(name, expected, value, raw);
      return value;
    };
}

function optional<T>(check: (value: unknown) => value is T, expected: string) {
  /** `fallback`: where the field is missing; null is undefined even so. */
  return (options: FieldOptions & { readonly fallback?: T } = {}): Field<T | undefined> =>
    (raw, key) => {
      const { name, value: given } = entryOf(raw, key, options);
      const value = given === undefined && !Object.hasOwn(raw, name) ? options.fallback : given;
      if (value !== undefined && !check(value)) wrongField(name, `${expected} or null`, value);
      return value as T | undefined;
    };
}

const isCount = (value: unknown): value is number =>
  Number.isSafeInteger(value) && (value as number) > 0 && (value as number) < 2 ** 31;
const isNumber = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value);

/** The kinds of fields. Each takes a default (without one the field is required) and `from`, config.json's own name. */
export const fields = {
  /** A positive integer. */
  int: field(isCount, "a positive integer"),
  /** An integer from 0. */
  count: field((value): value is number => value === 0 || isCount(value), "an integer from 0"),
  number: field(isNumber, "a number"),
  boolean: field((value): value is boolean => typeof value === "boolean", "true or false"),
  string: field((value): value is string => typeof value === "string", "a string"),
  /** A list of integers, such as one flag a layer. */
  ints: field(
    (value): value is number[] => Array.isArray(value) && value.every((x) => Number.isSafeInteger(x)),
    "a list of integers",
  ),
  strings: field(
    (value): value is string[] => Array.isArray(value) && value.every((x) => typeof x === "string"),
    "a list of strings",
  ),
  /** A positive integer, or undefined where config.json has none (or null). */
  optionalInt: optional(isCount, "a positive integer"),
  /** A number, or undefined where config.json has none (or null). */
  optionalNumber: optional(isNumber, "a number"),
  /** A flag of which Quire has one side: any other value than `value` is an error, a missing field is not. */
  only:
    <const T extends string | number | boolean>(value: T, options: FieldOptions = {}): Field<T> =>
    (raw, key) => {
      const { name, value: given = value } = entryOf(raw, key, options);
      if (given !== value) wrongField(name, `${JSON.stringify(value)} (no other is supported)`, given);
      return value;
    },
  /** One of `allowed`. */
  oneOf:
    <const T extends string>(allowed: readonly T[], fallback?: T, options: FieldOptions = {}): Field<T> =>
    (raw, key) => {
      const { name, value = fallback } = entryOf(raw, key, options);
      if (!allowed.includes(value as T))
        wrongField(name, `one of ${allowed.map((x) => JSON.stringify(x)).join(", ")}`, value, raw);
      return value as T;
    },
  /** num_attention_heads, num_key_value_heads, head_dim; also in GPT-2's spelling (n_head, n_embd). */
  heads:
    (defaults: { readonly headDim?: number | undefined } = {}): Field<HeadsConfig> =>
    (raw) =>
      readHeads(raw, defaults),
  /** rope_theta, rope_scaling or rope_parameters, partial_rotary_factor; options say what a model has else. */
  rope:
    (options: RopeOptions = {}): Field<RopeConfig> =>
    (raw) =>
      readRope(raw, options),
  /** layer_types, sliding_window, sliding_window_pattern: the window of each layer, undefined where it sees everything. */
  slidingWindows:
    (defaults: SlidingWindowDefaults = {}): Field<readonly (number | undefined)[]> =>
    (raw) =>
      readSlidingWindows(raw, defaults),
};

/** Declares the fields of config.json that a model uses. */
export function hfConfig<F extends Record<string, Field<unknown>>>(
  define: (f: typeof fields) => F,
): HfConfig<{ readonly [K in keyof F]: F[K] extends Field<infer T> ? T : never }> {
  const spec = define(fields);
  return {
    parse(raw) {
      const problems: string[] = [];
      const values: Record<string, unknown> = {};
      for (const [key, read] of Object.entries(spec)) {
        try {
          values[key] = read(raw, key);
        } catch (error) {
          if (!(error instanceof ConfigError)) throw error;
          problems.push(error.message);
        }
      }
      if (problems.length > 0) throw new ConfigError([...new Set(problems)].join("\n"));
      return Object.freeze(values) as { readonly [K in keyof F]: F[K] extends Field<infer T> ? T : never };
    },
  };
}
