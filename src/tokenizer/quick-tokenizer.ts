/** The quick way to a tokenizer: of tokenizer.json only what is not vocabulary or merges is parsed in JavaScript. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { CheckpointError } from "../util/errors.js";
import { readTokenizerConfig, parseJson } from "./tokenizer-config.js";
import type { TokenizerConfig } from "./tokenizer-config.js";
import { checkTokenizerJson } from "./tokenizer-json.js";
import type { TokenizerJson } from "./tokenizer-json.js";
import { outlineTokenizerJson } from "./tokenizer-outline.js";
import type { TokenizerOutline } from "./tokenizer-outline.js";
import { isTokenId } from "./vocabulary.js";

/** All of a tokenizer but the engine that encodes. Plain data: it may go to another thread. */
export interface QuickTokenizer extends Pick<TokenizerOutline, "vocabulary" | "positions"> {
  /** Path of the tokenizer.json. */
  readonly path: string;
  /** Without vocabulary and merges. */
  readonly json: TokenizerJson;
  readonly config: TokenizerConfig;
  /** Highest id + 1, added tokens included. */
  readonly vocabSize: number;
}

/**
 * Reads the folder's tokenizer.json and the files beside it.
 * @returns undefined where this way is not possible: no vocabulary by id, tokens that the files beside it add
 * @throws CheckpointError where a file cannot be read or is damaged
 */
export async function readQuickTokenizer(folder: string): Promise<QuickTokenizer | undefined> {
  const path = join(folder, "tokenizer.json");
  const [text, config] = await Promise.all([readFile(path), readTokenizerConfig(folder)]);
  const outline = outlineTokenizerJson(text);
  if (!outline) return undefined;
  const json = checkTokenizerJson(parseJson(outline.json, path), path);
  const known = new Set(json.added_tokens.map((token) => token.content));
  if (config.addedTokens.some((token) => !known.has(token.content))) return undefined;
  const { vocabulary, positions } = outline;
  const addedIds = json.added_tokens.map(({ id }) => id);
  const wrong = addedIds.find((id) => !isTokenId(id));
  if (wrong !== undefined) throw new CheckpointError(`${path}: ${wrong} is no token id`);
  const vocabSize = addedIds.reduce((max, id) => Math.max(max, id + 1), positions.length);
  return { path, json, config, vocabSize, vocabulary, positions };
}
