/** What an option is besides its zod schema: group, flags, text for help; and how its value is read from text. */
import { z } from "zod";
import { ConfigError } from "../util/errors.js";

/** Groups of options, named as vLLM names them; in the order in which help prints them. */
export const OPTION_GROUPS = [
  "ModelConfig",
  "LoadConfig",
  "PlatformConfig",
  "CacheConfig",
  "SchedulerConfig",
  "ParallelConfig",
  "Frontend",
  "options",
] as const;
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

const registry = z.registry<OptionInfo>();

/** A copy of the schema with `info` attached: fields may share one schema, never their texts. */
export function option<T extends z.ZodType>(schema: T, info: OptionInfo): T {
  const field = schema.clone();
  registry.add(field, info);
  return field;
}

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
export function flagName(field: string): string {
  return field.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** The fields of a schema whose members were made by `option`, in order. */
export function optionFields(schema: z.ZodObject): OptionField[] {
  return Object.entries(schema.shape).map(([name, member]) => {
    const info = registry.get(member as z.ZodType);
    if (info === undefined) throw new Error(`${name} is not made by option()`);
    const choices = info.kind === "choice" ? choicesOf(member as z.ZodType) : [];
    const derived = info.kind === "boolean" ? "true or false" : `one of ${choices.join(", ")}`;
    const parsed = (member as z.ZodType).safeParse(undefined);
    return {
      ...info,
      name,
      flags: info.flags ?? [flagName(name)],
      expected: info.expected ?? derived,
      choices,
      default: parsed.success ? parsed.data : undefined,
    };
  });
}

/** The members of the enum inside optional and default wrappers. */
function choicesOf(schema: z.ZodType): string[] {
  let inner: unknown = schema;
  while (inner instanceof z.ZodOptional || inner instanceof z.ZodDefault || inner instanceof z.ZodPipe) {
    inner = inner instanceof z.ZodPipe ? inner.in : inner.unwrap();
  }
  return inner instanceof z.ZodEnum ? inner.options.map(String) : [];
}

/**
 * An option's value from the text of a flag or an environment variable; what is no number or boolean stays text, which
 * the schema then refuses with the right words.
 *
 * @throws ConfigError for kind "object" when the text is no JSON
 */
export function valueFromText(field: OptionField, text: string, where: string): unknown {
  switch (field.kind) {
    case "integer":
    case "number":
      return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text.trim()) ? Number(text) : text;
    case "boolean":
      if (/^(1|true|yes|on)$/i.test(text)) return true;
      return /^(0|false|no|off|)$/i.test(text) ? false : text;
    case "list":
      return text
        .split(",")
        .map((part) => part.trim())
        .filter((part) => part !== "");
    case "object":
      try {
        return JSON.parse(text) as unknown;
      } catch (cause) {
        throw new ConfigError(`${where}: expected JSON; got ${text.slice(0, 80)} (${(cause as Error).message})`, {
          cause,
        });
      }
    default:
      return text;
  }
}
