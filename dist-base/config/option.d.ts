/** What an option is besides its zod schema: group, flags, text for help; and how its value is read from text. */
import { z } from "zod";
/** Groups of options, named as vLLM names them; in the order in which help prints them. */
export declare const OPTION_GROUPS: readonly ["ModelConfig", "LoadConfig", "PlatformConfig", "CacheConfig", "SchedulerConfig", "ParallelConfig", "Frontend", "options"];
export type OptionGroup = (typeof OPTION_GROUPS)[number];
/** How a value is written on a command line. `list`: repeatable, or several values after one flag; `object`: JSON. */
export type OptionKind = "text" | "integer" | "number" | "boolean" | "choice" | "list" | "object" | "tokens" | "bytes";
/** Everything about an option that its schema does not say. */
export interface OptionInfo {
    readonly group: OptionGroup;
    readonly kind: OptionKind;
    /** One or two plain sentences, for help and docs. */
    readonly description: string;
    /** What a value must be, for errors: "an integer from 1". Derived for kind "choice" and "boolean". */
    readonly expected?: string;
    /** Long flags without their dashes; the first is the main one. Derived from the field's name if absent. */
    readonly flags?: readonly string[];
    /** One-letter flag. */
    readonly short?: string;
    /** Environment variable read when the option is not given. */
    readonly env?: string;
    /** How help shows the default where the schema has none: "the model's length". */
    readonly defaultText?: string;
    /** Never printed in errors. */
    readonly secret?: boolean;
}
/** A copy of the schema with `info` attached: fields may share one schema, never their texts. */
export declare function option<T extends z.ZodType>(schema: T, info: OptionInfo): T;
/** One field of an options schema, with all that help, docs, the command line and errors need. */
export interface OptionField extends OptionInfo {
    /** The field's name in the API, camelCase. */
    readonly name: string;
    readonly flags: readonly string[];
    readonly expected: string;
    /** Allowed values of kind "choice". */
    readonly choices: readonly string[];
    /** The value when nothing is given; undefined: none. */
    readonly default: unknown;
}
/** maxModelLen -> max-model-len */
export declare function flagName(field: string): string;
/** The fields of a schema whose members were made by `option`, in order. */
export declare function optionFields(schema: z.ZodObject): OptionField[];
/**
 * An option's value from the text of a flag or an environment variable; what is no number or boolean stays text, which
 * the schema then refuses with the right words.
 *
 * @throws ConfigError for kind "object" when the text is no JSON
 */
export declare function valueFromText(field: OptionField, text: string, where: string): unknown;
