/** Reads a model's fields from config.json: a model file says which it needs, each is checked, all problems are told at once. */
import { closest } from "../util/closest.js";
import { ConfigError } from "../util/errors.js";
import type { HeadsConfig } from "./hf-heads.js";
import { readHeads } from "./hf-heads.js";
import type { RopeConfig } from "./hf-rope.js";
import { readRope } from "./hf-rope.js";
import type { RawConfig } from "./raw-config.js";
import { rawValue, wrongField } from "./raw-config.js";
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

function field<T>(check: (value: unknown) => value is T, expected: string) {
  return (fallback?: T, options: { from?: string } = {}): Field<T> =>
    (raw, key) => {
      const name = options.from ?? snakeCase(key);
      const value = rawValue(raw, name) ?? fallback;
      if (value === undefined) {
        const near = closest(
          name,
          Object.keys(raw).filter((other) => other !== name),
        )[0];
        throw new ConfigError(
          `config.json: ${name} is missing; it must be ${expected}${near ? `; closest: "${near}"` : ""}`,
        );
      }
      if (!check(value)) wrongField(name, expected, value);
      return value;
    };
}

const isCount = (value: unknown): value is number =>
  Number.isSafeInteger(value) && (value as number) > 0 && (value as number) < 2 ** 31;
const isNumber = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value);

/** The kinds of fields. Each takes a default (without one the field is required) and `from`, config.json's own name. */
export const fields = {
  /** A positive integer. */
  int: field(isCount, "a positive integer"),
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
  optionalInt:
    (options: { from?: string } = {}): Field<number | undefined> =>
    (raw, key) => {
      const name = options.from ?? snakeCase(key);
      const value = rawValue(raw, name);
      if (value !== undefined && !isCount(value)) wrongField(name, "a positive integer or null", value);
      return value;
    },
  /** One of `allowed`. */
  oneOf:
    <const T extends string>(allowed: readonly T[], fallback?: T, options: { from?: string } = {}): Field<T> =>
    (raw, key) => {
      const name = options.from ?? snakeCase(key);
      const value = rawValue(raw, name) ?? fallback;
      if (!allowed.includes(value as T))
        wrongField(name, `one of ${allowed.map((x) => JSON.stringify(x)).join(", ")}`, value);
      return value as T;
    },
  /** num_attention_heads, num_key_value_heads, head_dim. */
  heads: (): Field<HeadsConfig> => (raw) => readHeads(raw),
  /** rope_theta, rope_scaling or rope_parameters, partial_rotary_factor. */
  rope: (): Field<RopeConfig> => (raw) => readRope(raw),
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
