/** What the files beside a tokenizer say: tokenizer_config.json, special_tokens_map.json, chat templates. */
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { CheckpointError } from "../util/errors.js";
import { addedToken } from "./tokenizer-json.js";
import type { AddedToken } from "./tokenizer-json.js";

export interface TokenizerConfig {
  /** `bos_token` and the like by name, where they are set. */
  specialTokens: Readonly<Record<string, string>>;
  bosToken?: string | undefined;
  eosToken?: string | undefined;
  /** undefined where the file is silent. */
  addBosToken?: boolean | undefined;
  addEosToken?: boolean | undefined;
  addPrefixSpace?: boolean | undefined;
  /** SentencePiece conversions: whether a space is put before each stretch of text, or before the first alone. */
  legacy?: boolean | undefined;
  chatTemplate?: string | Record<string, string> | undefined;
  /** Tokens of `added_tokens_decoder` and added_tokens.json. */
  addedTokens: AddedToken[];
}

/** A file's text, or undefined if there is none. */
export async function readIfPresent(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw new CheckpointError(`${path}: cannot be read: ${(error as Error).message}`, { cause: error });
  }
}

/** Parses JSON; @throws CheckpointError with the file's name. */
export function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new CheckpointError(`${path}: not valid JSON: ${(cause as Error).message}`, { cause });
  }
}

async function readObject(path: string): Promise<Record<string, unknown>> {
  const text = await readIfPresent(path);
  if (text === undefined) return {};
  const value = parseJson(text, path);
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new CheckpointError(`${path}: expected a JSON object`);
  }
  return value as Record<string, unknown>;
}

/** A token is written as a string or as an object with `content`. */
function tokenText(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  const content = (value as { content?: unknown } | null | undefined)?.content;
  return typeof content === "string" ? content : undefined;
}

function boolean(value: unknown): boolean | undefined {
  return typeof value === "boolean" ? value : undefined;
}

function readAddedTokens(config: Record<string, unknown>, extra: Record<string, unknown>): AddedToken[] {
  const tokens = new Map<string, AddedToken>();
  for (const [content, id] of Object.entries(extra)) {
    if (typeof id === "number") tokens.set(content, addedToken(id, content, { normalized: true }));
  }
  for (const [id, value] of Object.entries((config.added_tokens_decoder ?? {}) as Record<string, unknown>)) {
    const content = tokenText(value);
    if (content !== undefined && /^\d+$/.test(id)) {
      tokens.set(content, addedToken(Number(id), content, typeof value === "object" ? { ...value } : {}));
    }
  }
  return [...tokens.values()];
}

/** A chat template as tokenizer_config.json writes it: text, or a list of {name, template}. */
export function readChatTemplate(value: unknown): string | Record<string, string> | undefined {
  if (typeof value === "string") return value;
  if (!Array.isArray(value)) return undefined;
  const named: Record<string, string> = {};
  for (const entry of value as { name?: unknown; template?: unknown }[]) {
    if (typeof entry?.name === "string" && typeof entry.template === "string") named[entry.name] = entry.template;
  }
  return Object.keys(named).length > 0 ? named : undefined;
}

/** chat_template.jinja wins over chat_template.json, and both over tokenizer_config.json. */
async function findChatTemplate(
  folder: string,
  config: Record<string, unknown>,
): Promise<string | Record<string, string> | undefined> {
  const file = await readIfPresent(join(folder, "chat_template.jinja"));
  const more: Record<string, string> = {};
  const extraFolder = join(folder, "additional_chat_templates");
  const names = await readdir(extraFolder).catch(() => []);
  for (const name of names.filter((entry) => entry.endsWith(".jinja"))) {
    const text = await readIfPresent(join(extraFolder, name));
    if (text !== undefined) more[name.slice(0, -".jinja".length)] = text;
  }
  const found =
    file ??
    readChatTemplate((await readObject(join(folder, "chat_template.json"))).chat_template) ??
    readChatTemplate(config.chat_template);
  if (found === undefined || Object.keys(more).length === 0) return found;
  return { ...(typeof found === "string" ? { default: found } : found), ...more };
}

/**
 * Reads the files beside a tokenizer; each may be missing.
 * @throws CheckpointError if one is damaged
 */
export async function readTokenizerConfig(folder: string): Promise<TokenizerConfig> {
  const config = await readObject(join(folder, "tokenizer_config.json"));
  const map = await readObject(join(folder, "special_tokens_map.json"));
  const specialTokens: Record<string, string> = {};
  for (const [name, value] of [...Object.entries(map), ...Object.entries(config)]) {
    const token = name.endsWith("_token") ? tokenText(value) : undefined;
    if (token !== undefined) specialTokens[name] = token;
    // An explicit null in tokenizer_config.json takes the token away.
    else if (value === null && name.endsWith("_token")) delete specialTokens[name];
  }
  return {
    specialTokens,
    bosToken: specialTokens.bos_token,
    eosToken: specialTokens.eos_token,
    addBosToken: boolean(config.add_bos_token),
    addEosToken: boolean(config.add_eos_token),
    addPrefixSpace: boolean(config.add_prefix_space),
    legacy: boolean(config.legacy),
    chatTemplate: await findChatTemplate(folder, config),
    addedTokens: readAddedTokens(config, await readObject(join(folder, "added_tokens.json"))),
  };
}
