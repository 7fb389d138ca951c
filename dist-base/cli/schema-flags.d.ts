/** Command-line flags made from the options' schemas. */
import type { Command } from "commander";
import type { z } from "zod";
import type { OptionField } from "../config/option.js";
/** Wrong flags are wrong usage: exit code 2. */
export declare function asUsage<T>(parse: () => T): T;
/** Fields of a schema as flags on a command. */
export interface SchemaFlags {
    readonly fields: readonly OptionField[];
    /** The options that the command line gave, by field name. Call after parsing. */
    values(): Record<string, unknown>;
}
/** Adds a flag for each field; the schema's defaults stay the schema's. */
export declare function addSchemaFlags(command: Command, schema: z.ZodObject, only?: readonly string[]): SchemaFlags;
