/** Finds and loads the tokenizer of a Hugging Face folder. */
import { readFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { CheckpointError } from "../util/errors.js";
import { createNativeEngine } from "./encode-engine.js";
import type { EngineOptions } from "./encode-engine.js";
import { gpt2TokenizerJson, parseMerges } from "./gpt2-files.js";
import { readQuickTokenizer } from "./quick-tokenizer.js";
import { parseSentencePiece } from "./sentencepiece-model.js";
import { sentencePieceTokenizerJson, withModelTokens } from "./sentencepiece-convert.js";
import { createTokenizer, tokenizerOfParts } from "./tokenizer.js";
import type { Tokenizer } from "./tokenizer.js";
import { parseJson, readTokenizerConfig } from "./tokenizer-config.js";
import type { TokenizerConfig } from "./tokenizer-config.js";
import { checkTokenizerJson } from "./tokenizer-json.js";
import type { TokenizerJson } from "./tokenizer-json.js";

/** Files that hold a tokenizer, best first; each list must be there as a whole. */
const SOURCES: readonly (readonly string[])[] = [["tokenizer.json"], ["tokenizer.model"], ["vocab.json", "merges.txt"]];

/** The files of the tokenizer in the folder, or undefined if it has none. */
export function findTokenizerFiles(folder: string): readonly string[] | undefined {
  return SOURCES.find((files) => files.every((file) => existsSync(join(folder, file))));
}

async function read(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new CheckpointError(`${path}: cannot be read: ${(cause as Error).message}`, { cause });
  }
}

/** Adds the config's added tokens that the tokenizer lacks; returns whether there were any. */
function mergeAddedTokens(json: TokenizerJson, config: TokenizerConfig): boolean {
  const known = new Set(json.added_tokens.map((token) => token.content));
  const { vocab } = json.model;
  const missing = config.addedTokens.filter((token) => !known.has(token.content));
  for (const token of missing) {
    const own = !Array.isArray(vocab) && Object.hasOwn(vocab, token.content) ? vocab[token.content] : undefined;
    json.added_tokens.push({ ...token, id: own ?? token.id });
  }
  json.added_tokens.sort((a, b) => a.id - b.id);
  return missing.length > 0;
}

/** undefined where the quick way is not possible; what is wrong is found when all of the file is read. */
async function quickTokenizer(folder: string): Promise<Tokenizer | undefined> {
  try {
    const parts = await readQuickTokenizer(folder);
    return parts && (await tokenizerOfParts(parts, await createNativeEngine({ path: parts.path })));
  } catch {
    return undefined;
  }
}

/**
 * Loads a tokenizer from tokenizer.json, tokenizer.model (SentencePiece) or vocab.json + merges.txt (GPT-2), with
 * tokenizer_config.json, special_tokens_map.json and chat_template.jinja beside it where they are.
 * @throws CheckpointError if there is none, or it is damaged
 */
export async function loadTokenizer(folder: string, options: EngineOptions = {}): Promise<Tokenizer> {
  const files = findTokenizerFiles(folder);
  if (files === undefined) {
    const looked = SOURCES.map((source) => source.join(" with ")).join(", ");
    throw new CheckpointError(
      `${folder}: no tokenizer; looked for ${looked}. Without one only token ids can be served`,
    );
  }
  if (files[0] === "tokenizer.json" && options.engine !== "javascript") {
    const quick = await quickTokenizer(folder);
    if (quick) return quick;
  }
  const config = await readTokenizerConfig(folder);
  const path = join(folder, files[0]!);
  if (files[0] === "tokenizer.json") {
    const source = (await read(path)).toString("utf8");
    const json = checkTokenizerJson(parseJson(source, path), path);
    const isChanged = mergeAddedTokens(json, config);
    return createTokenizer(json, config, path, { ...options, source: isChanged ? undefined : source });
  }
  if (files[0] === "tokenizer.model") {
    const model = parseSentencePiece(await read(path), path);
    const json = sentencePieceTokenizerJson(model, config, path);
    mergeAddedTokens(json, config);
    return createTokenizer(json, withModelTokens(config, model), path, options);
  }
  const mergesPath = join(folder, files[1]!);
  const vocab = parseJson((await read(path)).toString("utf8"), path);
  const merges = parseMerges((await read(mergesPath)).toString("utf8"), mergesPath);
  const json = gpt2TokenizerJson(vocab, merges, config, path);
  mergeAddedTokens(json, config);
  return createTokenizer(json, config, path, options);
}
