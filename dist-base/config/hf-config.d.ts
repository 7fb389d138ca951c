import type { HeadsConfig } from "./hf-heads.js";
import type { RopeConfig, RopeOptions } from "./hf-rope.js";
import type { SlidingWindowDefaults } from "./hf-sliding-windows.js";
import type { RawConfig } from "./raw-config.js";
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
/** The kinds of fields. Each takes a default (without one the field is required) and `from`, config.json's own name. */
export declare const fields: {
    /** A positive integer. */
    int: (fallback?: number | undefined, options?: FieldOptions) => Field<number>;
    /** An integer from 0. */
    count: (fallback?: number | undefined, options?: FieldOptions) => Field<number>;
    number: (fallback?: number | undefined, options?: FieldOptions) => Field<number>;
    boolean: (fallback?: boolean | undefined, options?: FieldOptions) => Field<boolean>;
    string: (fallback?: string | undefined, options?: FieldOptions) => Field<string>;
    /** A list of integers, such as one flag a layer. */
    ints: (fallback?: number[] | undefined, options?: FieldOptions) => Field<number[]>;
    strings: (fallback?: string[] | undefined, options?: FieldOptions) => Field<string[]>;
    /** A positive integer, or undefined where config.json has none (or null). */
    optionalInt: (options?: FieldOptions & {
        readonly fallback?: number | undefined;
    }) => Field<number | undefined>;
    /** A number, or undefined where config.json has none (or null). */
    optionalNumber: (options?: FieldOptions & {
        readonly fallback?: number | undefined;
    }) => Field<number | undefined>;
    /** A flag of which Quire has one side: any other value than `value` is an error, a missing field is not. */
    only: <const T extends string | number | boolean>(value: T, options?: FieldOptions) => Field<T>;
    /** One of `allowed`. */
    oneOf: <const T extends string>(allowed: readonly T[], fallback?: T, options?: FieldOptions) => Field<T>;
    /** num_attention_heads, num_key_value_heads, head_dim; also in GPT-2's spelling (n_head, n_embd). */
    heads: (defaults?: {
        readonly headDim?: number | undefined;
    }) => Field<HeadsConfig>;
    /** rope_theta, rope_scaling or rope_parameters, partial_rotary_factor; options say what a model has else. */
    rope: (options?: RopeOptions) => Field<RopeConfig>;
    /** layer_types, sliding_window, sliding_window_pattern: the window of each layer, undefined where it sees everything. */
    slidingWindows: (defaults?: SlidingWindowDefaults) => Field<readonly (number | undefined)[]>;
};
/** Declares the fields of config.json that a model uses. */
export declare function hfConfig<F extends Record<string, Field<unknown>>>(define: (f: typeof fields) => F): HfConfig<{
    readonly [K in keyof F]: F[K] extends Field<infer T> ? T : never;
}>;
