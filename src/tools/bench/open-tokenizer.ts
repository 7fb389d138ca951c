/** A tokenizer for a client that has no model. */
import { stat } from "node:fs/promises";
import { loadTokenizer } from "../../tokenizer/load-tokenizer.js";
import type { Tokenizer } from "../../tokenizer/tokenizer.js";
import { ConfigError } from "../../util/errors.js";

/** @throws ConfigError if there is no such folder; CheckpointError if it holds no tokenizer */
export async function openTokenizer(folder: string): Promise<Tokenizer> {
  const there = await stat(folder).catch(() => undefined);
  if (there?.isDirectory() !== true)
    throw new ConfigError(`--tokenizer ${folder}: expected a folder with a tokenizer.json; there is none`);
  return loadTokenizer(folder);
}
