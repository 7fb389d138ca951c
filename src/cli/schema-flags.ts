/** Command-line flags made from the options' schemas. */
import type { Command } from "commander";
import { Option } from "commander";
import type { z } from "zod";
import { showDefault } from "../config/flags-page.js";
import { optionFields, valueFromText } from "../config/option.js";
import type { OptionField } from "../config/option.js";
import { ConfigError } from "../util/errors.js";
import { UsageError } from "./exit.js";

/** Wrong flags are wrong usage: exit code 2. */
export function asUsage<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (error instanceof ConfigError) throw new UsageError(error.message, { cause: error });
    throw error;
  }
}

/** Fields of a schema as flags on a command. */
export interface SchemaFlags {
  readonly fields: readonly OptionField[];
  /** The options that the command line gave, by field name. Call after parsing. */
  values(): Record<string, unknown>;
}

/** Adds a flag for each field; the schema's defaults stay the schema's. */
export function addSchemaFlags(command: Command, schema: z.ZodObject, only?: readonly string[]): SchemaFlags {
  const fields = optionFields(schema).filter((field) => only === undefined || only.includes(field.name));
  const options: { option: Option; field: OptionField }[] = [];
  const add = (option: Option, field: OptionField) => {
    command.addOption(option.helpGroup(`${field.group}:`));
    options.push({ option, field });
  };
  for (const field of fields) {
    field.flags.forEach((flag, i) => {
      const option = valueOption(field, flag, i === 0);
      add(i === 0 ? option : option.hideHelp(), field);
      if (field.kind === "boolean") add(new Option(`--no-${flag}`).hideHelp(), field);
    });
  }
  const values = () => {
    const given: Record<string, unknown> = {};
    for (const { option, field } of options) {
      const name = option.attributeName();
      if (command.getOptionValueSource(name) === "cli") given[field.name] = command.getOptionValue(name);
    }
    return given;
  };
  return { fields, values };
}

function valueOption(field: OptionField, flag: string, isMain: boolean): Option {
  const short = isMain && field.short !== undefined ? `-${field.short}, ` : "";
  const text = `${description(field)} (${field.kind === "boolean" ? "" : `${field.expected}; `}default: ${showDefault(field)})`;
  if (field.kind === "boolean") return new Option(`${short}--${flag}`, text);
  const isList = field.kind === "list";
  const option = new Option(`${short}--${flag} <${isList ? "values..." : placeholder(field)}>`, text);
  return option.argParser((given: string, previous: unknown) => {
    const value = asUsage(() => valueFromText(field, given, `--${flag}`));
    return isList ? [...(Array.isArray(previous) ? (previous as unknown[]) : []), ...(value as unknown[])] : value;
  });
}

function description(field: OptionField): string {
  const aliases = field.flags.slice(1).map((flag) => `--${flag}`);
  const also = aliases.length > 0 ? ` Also ${aliases.join(", ")}.` : "";
  const env = field.env === undefined ? "" : ` Environment: ${field.env}.`;
  return `${field.description}${also}${env}`;
}

function placeholder(field: OptionField): string {
  return { text: "value", choice: "choice", object: "json", integer: "n", number: "x", tokens: "n", bytes: "bytes" }[
    field.kind as "text"
  ];
}
