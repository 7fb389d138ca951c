/** Files with options, as `--config FILE` reads them: YAML (or JSON), one flag per key. */
import { readFileSync, statSync } from "node:fs";
import type { Document, Node, Pair } from "yaml";
import { closest } from "../util/closest.js";
import { ConfigError } from "../util/errors.js";
import { KNOWN_ELSEWHERE } from "./known-flags.js";
import { noteFor } from "./no-effect-flags.js";
import { valueFromText } from "./option.js";
import type { OptionField } from "./option.js";

const MAX_BYTES = 1024 * 1024;
/** How often aliases may make one part of the file again: enough for anything written by hand. */
const MAX_ALIASES = 100;

export interface ConfigFile {
  /** By the options' names, as the schemas take them. */
  readonly values: Record<string, unknown>;
  /** A line for each of vLLM's flags that change nothing here. */
  readonly notes: string[];
}

/**
 * Reads options from a file. Keys are flags without their dashes (`max-model-len`, or `max_model_len`); lists may be lists or
 * texts with commas, objects may be maps; `no-` before a boolean's name turns it off.
 *
 * @param fields the options that the command takes
 * @throws ConfigError for a file that cannot be read or is no map, and for keys that are no flags of the command, all at once
 */
export async function readConfigFile(path: string, fields: readonly OptionField[]): Promise<ConfigFile> {
  const { isMap, isScalar, LineCounter, parseDocument } = await import("yaml");
  const lines = new LineCounter();
  let document: Document;
  try {
    document = parseDocument(readText(path), {
      lineCounter: lines,
      maxAliasCount: MAX_ALIASES,
      logLevel: "error",
    } as object);
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    throw new ConfigError(`--config ${path}: this is not YAML that can be read: ${(error as Error).message}`);
  }
  const [problem] = [...document.errors, ...document.warnings];
  if (problem !== undefined) throw new ConfigError(`--config ${path}: ${problem.message}`);
  const { contents } = document;
  if (contents === null) return { values: {}, notes: [] };
  if (!isMap(contents)) throw new ConfigError(`--config ${path}: expected a map of flags and values at the top`);
  const values: Record<string, unknown> = {};
  const notes: string[] = [];
  const complaints: string[] = [];
  for (const pair of contents.items as Pair<Node, Node | null>[]) {
    const key = isScalar(pair.key) ? String(pair.key.value) : "?";
    const { line } = lines.linePos(pair.key.range?.[0] ?? 0);
    try {
      const text = isScalar(pair.value) ? (pair.value.source ?? String(pair.value.value)) : undefined;
      const plain = pair.value === null ? null : (pair.value.toJS(document, { maxAliasCount: MAX_ALIASES }) as unknown);
      const note = noEffect(key, plain, text);
      if (note !== undefined) {
        notes.push(note);
        continue;
      }
      const { field, isNegative } = fieldOf(key, fields);
      if (Object.hasOwn(values, field.name)) throw new ConfigError(`${field.name} is given twice`);
      values[field.name] = readValue(field, plain, text, isNegative);
    } catch (error) {
      complaints.push(`--config ${path}:${line}: ${(error as Error).message}`);
    }
  }
  if (complaints.length > 0) throw new ConfigError(complaints.join("\n"));
  return { values, notes };
}

function readText(path: string): string {
  try {
    const { size } = statSync(path);
    if (size > MAX_BYTES) throw new ConfigError(`--config ${path}: at most ${MAX_BYTES} bytes; got ${size}`);
    return readFileSync(path, "utf8");
  } catch (cause) {
    if (cause instanceof ConfigError) throw cause;
    throw new ConfigError(`--config ${path}: cannot be read (${(cause as NodeJS.ErrnoException).code})`, { cause });
  }
}

function noEffect(key: string, value: unknown, text: string | undefined): string | undefined {
  const flag = flagOf(key);
  const note = noteFor(flag, typeof value === "boolean" ? undefined : (text ?? JSON.stringify(value)));
  return note === undefined ? undefined : `--${flag} has no effect: ${note}`;
}

/** max_model_len and --max-model-len are max-model-len. */
function flagOf(key: string): string {
  return key.replace(/^--/, "").replaceAll("_", "-");
}

function fieldOf(key: string, fields: readonly OptionField[]): { field: OptionField; isNegative: boolean } {
  const flag = flagOf(key);
  const field = fields.find(({ flags, name }) => flags.includes(flag) || name === key);
  if (field !== undefined) return { field, isNegative: false };
  const negated = flag.startsWith("no-") ? fields.find(({ flags }) => flags.includes(flag.slice(3))) : undefined;
  if (negated?.kind === "boolean") return { field: negated, isNegative: true };
  const reason = KNOWN_ELSEWHERE.get(flag.replace(/^no-/, ""));
  if (reason !== undefined) throw new ConfigError(`${key} is known to vLLM, not in Quire yet: ${reason}`);
  const names = fields.flatMap(({ flags }) => flags);
  const near = closest(flag, names)[0];
  throw new ConfigError(`${key}: there is no such flag${near === undefined ? "" : `; did you mean ${near}?`}`);
}

/** @param text how a scalar is written in the file: what is text stays as written, 0123 too */
function readValue(field: OptionField, value: unknown, text: string | undefined, isNegative: boolean): unknown {
  if (value === null) throw new ConfigError(`${field.flags[0]}: expected ${field.expected}; got nothing`);
  if (isNegative) {
    if (value !== true && value !== false) throw new ConfigError(`no-${field.flags[0]}: expected true or false`);
    return !value;
  }
  if (Array.isArray(value)) return field.kind === "list" ? value.map(String) : value;
  if (typeof value === "object" || text === undefined) return value;
  if (field.kind === "object" && typeof value !== "string") return value;
  if (typeof value === "boolean" && field.kind === "boolean") return value;
  return valueFromText(field, text, field.flags[0]!);
}
