/** Checks an options object against its schema; every problem becomes a line of one ConfigError. */
import type { z } from "zod";
import { closest } from "../util/closest.js";
import { ConfigError } from "../util/errors.js";
import type { EnvironmentVariables } from "./environment.js";
import { optionFields, valueFromText } from "./option.js";
import type { OptionField } from "./option.js";
import { showValue } from "../util/text.js";

/**
 * The options with defaults filled in and deeply frozen. What is not given is taken from the option's environment variable.
 *
 * @param what  names the options in errors: "engine options"
 * @throws ConfigError naming each wrong option, its flag, what was expected and what came
 */
export function parseOptions<T extends z.ZodObject>(
  schema: T,
  input: unknown,
  variables: EnvironmentVariables,
  what: string,
): z.output<T> {
  if (typeof input !== "object" || input === null || Array.isArray(input)) {
    throw new ConfigError(`${what}: expected an object; got ${shown(input)}`);
  }
  const fields = optionFields(schema);
  const given: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(input)) {
    if (value !== undefined) Object.defineProperty(given, name, { value, enumerable: true, configurable: true });
  }
  const fromEnvironment = new Set<string>();
  for (const field of fields) {
    const text = field.env === undefined ? undefined : variables[field.env];
    if (text === undefined || text === "" || Object.hasOwn(given, field.name)) continue;
    given[field.name] = valueFromText(field, text, field.env!);
    fromEnvironment.add(field.name);
  }
  const result = schema.safeParse(given);
  if (result.success) return deepFreeze(result.data);
  const lines = result.error.issues.flatMap((issue) => describeIssue(issue, fields, given, fromEnvironment));
  throw new ConfigError([...new Set(lines)].join("\n"));
}

function describeIssue(
  issue: z.core.$ZodIssue,
  fields: readonly OptionField[],
  given: Record<string, unknown>,
  fromEnvironment: ReadonlySet<string>,
): string[] {
  if (issue.code === "unrecognized_keys") return issue.keys.map((key) => unknownOption(key, fields));
  const field = fields.find((candidate) => candidate.name === issue.path[0]);
  if (field === undefined) return [issue.message];
  const source = fromEnvironment.has(field.name) ? field.env : `--${field.flags[0]}`;
  const where = `${field.name} (${source})`;
  const value = field.secret ? "something else" : shown(given[field.name]);
  if (issue.code === "custom" && issue.message !== "Invalid input") return [`${where}: ${issue.message}; got ${value}`];
  return [`${where}: expected ${field.expected}; got ${value}`];
}

function unknownOption(key: string, fields: readonly OptionField[]): string {
  const near = closest(
    key,
    fields.map((field) => field.name),
  )[0];
  return `${key}: there is no such option${near === undefined ? "" : `; did you mean ${near}?`}`;
}

function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const member of Object.values(value)) deepFreeze(member);
  }
  return value;
}

/** A value for a message; an option that was not given is "nothing". */
function shown(value: unknown): string {
  return value === undefined ? "nothing" : showValue(value);
}
