/** `--config FILE`: options from a file; the command line wins over it. */
import type { Command } from "commander";
import { Option } from "commander";
import { readConfigFile } from "../config/config-file.js";
import type { OptionField } from "../config/option.js";
import { ConfigError } from "../util/errors.js";
import { UsageError } from "./exit.js";

/** What a file gave. */
export interface FileOptions {
  /** Of the options named by `fields` that are the schema's. */
  of(fields: readonly OptionField[]): Record<string, unknown>;
  /** A line for each flag that has no effect. */
  readonly notes: readonly string[];
}

/** Adds the flag; the result reads the file, if one was given. @throws UsageError for a wrong file */
export function addConfigFlag(command: Command): (fields: readonly OptionField[]) => Promise<FileOptions> {
  const text =
    "YAML file with flags, one per line without dashes (max-model-len: 4096); the command line wins over it.";
  command.addOption(new Option("--config <file>", text).helpGroup("options:"));
  return async (fields) => {
    const { config } = command.opts<{ config?: string }>();
    if (config === undefined) return { of: () => ({}), notes: [] };
    try {
      const { values, notes } = await readConfigFile(config, fields);
      const of = (own: readonly OptionField[]) =>
        Object.fromEntries(own.flatMap(({ name }) => (Object.hasOwn(values, name) ? [[name, values[name]]] : [])));
      return { of, notes };
    } catch (error) {
      if (error instanceof ConfigError) throw new UsageError(error.message, { cause: error });
      throw error;
    }
  };
}
