/** What a tokenizer's files say of it, for who asks a server. */
import { join } from "node:path";
import { CheckpointError } from "../util/errors.js";
import type { Tokenizer } from "./tokenizer.js";
import { parseJson, readIfPresent } from "./tokenizer-config.js";

/** Names of files have no meaning elsewhere. */
const LOCAL_FIELDS = ["vocab_file", "merges_file", "tokenizer_file", "name_or_path"];

/**
 * tokenizer_config.json without the names of files, with special tokens as plain text and the chat template in force.
 *
 * @param folder of the tokenizer; without such a file (GGUF) the answer has the special tokens and the template
 * @throws CheckpointError (as a rejection) if the file is damaged
 */
export async function tokenizerInfo(
  folder: string,
  tokenizer: Tokenizer | undefined,
): Promise<Record<string, unknown>> {
  const path = join(folder, "tokenizer_config.json");
  const text = await readIfPresent(path);
  const config = text === undefined ? {} : parseJson(text, path);
  if (typeof config !== "object" || config === null || Array.isArray(config)) {
    throw new CheckpointError(`${path}: expected a JSON object`);
  }
  const info: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(config)) {
    if (!LOCAL_FIELDS.includes(name)) info[name] = plain(value);
  }
  const { chatTemplate } = tokenizer ?? {};
  const template = typeof chatTemplate === "string" ? chatTemplate : chatTemplate?.default;
  return { ...info, ...tokenizer?.specialTokens, ...(template === undefined ? {} : { chat_template: template }) };
}

/** A special token may be written as an object; its text is what counts. */
function plain(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(plain);
  const { content } = value as { content?: unknown };
  if (typeof content === "string") return content;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plain(inner)]));
}
