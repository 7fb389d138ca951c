/** vocab.json and merges.txt of GPT-2, OPT and their kin, as a tokenizer.json object. */
import { CheckpointError } from "../util/errors.js";
import { addedToken, checkTokenizerJson } from "./tokenizer-json.js";
import type { AddedToken, TokenizerJson } from "./tokenizer-json.js";
import type { TokenizerConfig } from "./tokenizer-config.js";

/** One merge, `"left right"`; `index` counts from 0. @throws CheckpointError if it is not two tokens */
export function parseMerge(line: string, index: number, where: string): [string, string] {
  const space = line.indexOf(" ", 1);
  if (space > 0 && space < line.length - 1 && !line.includes(" ", space + 1)) {
    return [line.slice(0, space), line.slice(space + 1)];
  }
  const found = JSON.stringify(line.slice(0, 80));
  throw new CheckpointError(`${where}: merge ${index + 1} is ${found}; expected two tokens with a space between`);
}

/** The lines of merges.txt as pairs; a first line `#version: ...` is passed over. */
export function parseMerges(text: string, where: string): [string, string][] {
  const lines = text.split(/\r?\n/);
  if (lines[0]!.startsWith("#version")) lines.shift();
  return lines.filter((line) => line !== "").map((line, index) => parseMerge(line, index, where));
}

/**
 * A byte-level BPE tokenizer.
 * @param vocab   parsed vocab.json: token to id
 * @param merges  pairs of tokens, the first joined first
 * @throws CheckpointError if the vocabulary is no object
 */
export function gpt2TokenizerJson(
  vocab: unknown,
  merges: [string, string][],
  config: Pick<TokenizerConfig, "specialTokens" | "addPrefixSpace">,
  where: string,
): TokenizerJson {
  if (typeof vocab !== "object" || vocab === null || Array.isArray(vocab)) {
    throw new CheckpointError(`${where}: expected a JSON object of tokens and ids`);
  }
  const ids = vocab as Record<string, number>;
  const special = new Map<string, AddedToken>();
  for (const content of Object.values(config.specialTokens)) {
    if (Object.hasOwn(ids, content)) special.set(content, addedToken(ids[content]!, content, { special: true }));
  }
  const byteLevel = {
    type: "ByteLevel",
    add_prefix_space: config.addPrefixSpace ?? false,
    trim_offsets: true,
    use_regex: true,
  };
  return checkTokenizerJson(
    {
      added_tokens: [...special.values()],
      pre_tokenizer: byteLevel,
      decoder: { ...byteLevel, add_prefix_space: true },
      model: { type: "BPE", vocab: ids, merges, fuse_unk: false, byte_fallback: false },
    },
    where,
  );
}
