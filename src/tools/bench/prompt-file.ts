/** Prompts from a file: ShareGPT conversations (JSON), or one's own (JSON lines). */
import { readFile } from "node:fs/promises";
import { ConfigError } from "../../util/errors.js";
import { messageOf, showValue } from "../../util/text.js";
import type { RandomSource } from "./random-source.js";
import type { BenchPrompt } from "./random-prompts.js";

export interface PromptFileOptions {
  readonly path: string;
  readonly format: "sharegpt" | "custom";
  /** Output tokens of every prompt, in place of what the file says. */
  readonly outputLen: number | undefined;
  /** Output tokens where neither the file nor `outputLen` says; for custom files. */
  readonly defaultOutputLen: number;
  /** Tokens of a text; without it a token is taken as four characters. */
  readonly countTokens: ((text: string) => Promise<number>) | undefined;
}

/** Shorter ones say nothing, longer ones do not fit everywhere; the same limits as vLLM's. */
const LIMITS = { shortest: 4, longestPrompt: 1024, longestTotal: 2048 };
const CHARACTERS_PER_TOKEN = 4;

/**
 * Reads all usable prompts of the file, in the order of the file for "custom", shuffled for "sharegpt".
 *
 * @throws ConfigError if the file cannot be read, has the wrong form, or holds no usable prompt
 */
export async function readPromptFile(options: PromptFileOptions, random: RandomSource): Promise<PromptSupply> {
  const { path, format } = options;
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (cause) {
    throw new ConfigError(`--dataset-path ${path}: cannot be read: ${messageOf(cause)}`, { cause });
  }
  const prompts = format === "custom" ? await customPrompts(text, options) : await shareGptPrompts(text, options);
  if (prompts.length === 0) throw new ConfigError(`--dataset-path ${path}: there is no usable prompt in it`);
  return new PromptSupply(format === "custom" ? prompts : random.shuffle(prompts));
}

/** Gives prompts out one after the other, and begins again when there are no more. */
export class PromptSupply {
  readonly #prompts: readonly BenchPrompt[];
  #next = 0;

  /** @param prompts at least one */
  constructor(prompts: readonly BenchPrompt[]) {
    this.#prompts = prompts;
  }

  get size(): number {
    return this.#prompts.length;
  }

  take(count: number): BenchPrompt[] {
    return Array.from({ length: count }, () => this.#prompts[this.#next++ % this.#prompts.length]!);
  }
}

/** Lines like `{"prompt": "Once upon a time", "output_tokens": 20}`. */
async function customPrompts(text: string, options: PromptFileOptions): Promise<BenchPrompt[]> {
  const prompts: BenchPrompt[] = [];
  for (const [i, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    const where = `--dataset-path ${options.path}, line ${i + 1}`;
    const { prompt, output_tokens: given } = parse(line, where) as { prompt?: unknown; output_tokens?: unknown };
    if (typeof prompt !== "string" || prompt === "")
      throw new ConfigError(`${where}: expected {"prompt": "a text"}; got ${showValue(prompt)} as prompt`);
    if (given !== undefined && given !== null && !(Number.isSafeInteger(given) && (given as number) > 0))
      throw new ConfigError(`${where}: output_tokens: expected an integer from 1; got ${showValue(given)}`);
    prompts.push({
      prompt,
      promptTokens: await options.countTokens?.(prompt),
      outputTokens: options.outputLen ?? (given as number | null | undefined) ?? options.defaultOutputLen,
    });
  }
  return prompts;
}

/** The first question of each conversation, and as many output tokens as its answer has. */
async function shareGptPrompts(text: string, options: PromptFileOptions): Promise<BenchPrompt[]> {
  const where = `--dataset-path ${options.path}`;
  const list = parse(text, where);
  if (!Array.isArray(list)) throw new ConfigError(`${where}: expected a list of conversations; got ${showValue(list)}`);
  const { outputLen, countTokens } = options;
  const count = async (value: string): Promise<number> =>
    countTokens === undefined ? Math.ceil(value.length / CHARACTERS_PER_TOKEN) : countTokens(value);
  const prompts: BenchPrompt[] = [];
  for (const entry of list as { conversations?: { value?: unknown }[] }[]) {
    const turns = Array.isArray(entry?.conversations) ? entry.conversations : [];
    const [question, answer] = [turns[0]?.value, turns[1]?.value];
    if (typeof question !== "string" || typeof answer !== "string") continue;
    const promptTokens = await count(question);
    const outputTokens = outputLen ?? (await count(answer));
    if (promptTokens < LIMITS.shortest || (outputLen === undefined && outputTokens < LIMITS.shortest)) continue;
    if (promptTokens > LIMITS.longestPrompt || promptTokens + outputTokens > LIMITS.longestTotal) continue;
    prompts.push({
      prompt: question,
      promptTokens: countTokens === undefined ? undefined : promptTokens,
      outputTokens,
    });
  }
  return prompts;
}

function parse(text: string, where: string): object {
  try {
    const value = JSON.parse(text) as unknown;
    if (typeof value === "object" && value !== null) return value;
    throw new Error(`expected an object or a list; got ${showValue(value)}`);
  } catch (cause) {
    throw new ConfigError(`${where}: ${messageOf(cause)}`, { cause });
  }
}
