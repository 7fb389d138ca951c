/** Checks an options object against its schema; every problem becomes a line of one ConfigError. */
import type { z } from "zod";
import type { EnvironmentVariables } from "./environment.js";
/**
 * The options with defaults filled in and deeply frozen. What is not given is taken from the option's environment variable.
 *
 * @param what  names the options in errors: "engine options"
 * @throws ConfigError naming each wrong option, its flag, what was expected and what came
 */
export declare function parseOptions<T extends z.ZodObject>(schema: T, input: unknown, variables: EnvironmentVariables, what: string): z.output<T>;
