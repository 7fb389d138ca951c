/** config.json as published: snake_case, unchecked. */
export type RawConfig = Readonly<Record<string, unknown>>;
/** A field's value; undefined where it is missing or null. */
export declare function rawValue(raw: RawConfig, key: string): unknown;
/** The first of several spellings that config.json has, and its value; else the first name and undefined. */
export declare function rawEntry(raw: RawConfig, names: readonly string[]): {
    name: string;
    value: unknown;
};
export declare function isObject(value: unknown): value is Record<string, unknown>;
/**
 * @param name path of the field in config.json: `hidden_size`, `rope_parameters.factor`
 * @param raw  where the field was looked for: a missing one is told with the closest name
 * @throws ConfigError that says which field, what is expected, what came
 */
export declare function wrongField(name: string, expected: string, value: unknown, raw?: RawConfig): never;
