/** Where a benchmark's prompts come from: drawn at random, or read from a file. */
import type { Tokenizer } from "../../tokenizer/tokenizer.js";
import { ConfigError } from "../../util/errors.js";
import { readPromptFile } from "./prompt-file.js";
import { randomPrompts, randomTextPrompts, randomWordPrompts } from "./random-prompts.js";
import type { BenchPrompt, TokenIdPool } from "./random-prompts.js";
import { RandomSource } from "./random-source.js";

export const DATASET_NAMES = ["random", "sharegpt", "custom"] as const;
export type DatasetName = (typeof DATASET_NAMES)[number];

export interface DatasetOptions {
  readonly name: DatasetName;
  /** File of "sharegpt" and "custom". */
  readonly path: string | undefined;
  /** Tokens of a random prompt. */
  readonly inputLen: number;
  /** Output tokens of every prompt; undefined: what the file says, else `defaultOutputLen`. */
  readonly outputLen: number | undefined;
  readonly defaultOutputLen: number;
  readonly rangeRatio: number;
  readonly prefixLen: number;
  readonly seed: number;
}

/** How prompts are given: as ids of a pool, as text made with a tokenizer, or as plain words of unknown length. */
export type PromptForm =
  | { readonly kind: "ids"; readonly pool: TokenIdPool; readonly tokenizer?: Tokenizer | undefined }
  | { readonly kind: "text"; readonly tokenizer: Tokenizer }
  | { readonly kind: "words" };

/** Gives the next `count` prompts; never the same random ones twice, and a file's from its beginning again when it ends. */
export type PromptSource = (count: number) => Promise<BenchPrompt[]>;

/** @throws ConfigError if the file is missing or wrong */
export async function openPromptSource(options: DatasetOptions, form: PromptForm): Promise<PromptSource> {
  const { name, path, seed, outputLen, defaultOutputLen } = options;
  if (name === "random") return randomSource(options, form);
  if (path === undefined) throw new ConfigError(`--dataset-name ${name} needs a file: --dataset-path FILE`);
  const tokenizer = form.kind === "words" ? undefined : form.tokenizer;
  const countTokens = tokenizer && (async (text: string) => (await tokenizer.encode(text)).length);
  const file = { path, format: name, outputLen, defaultOutputLen, countTokens };
  const supply = await readPromptFile(file, new RandomSource(seed));
  return async (count) => supply.take(count);
}

function randomSource(options: DatasetOptions, form: PromptForm): PromptSource {
  const { inputLen, outputLen, defaultOutputLen, rangeRatio, prefixLen, seed } = options;
  let calls = 0;
  return async (numPrompts) => {
    const random = new RandomSource(seed, calls++);
    const lengths = { numPrompts, inputLen, outputLen: outputLen ?? defaultOutputLen, rangeRatio, prefixLen };
    if (form.kind === "words") return randomWordPrompts(random, lengths);
    if (form.kind === "ids") return randomPrompts(random, lengths, form.pool);
    return randomTextPrompts(random, lengths, form.tokenizer);
  };
}
