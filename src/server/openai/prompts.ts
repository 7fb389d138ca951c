/** The forms of `prompt` in /v1/completions: text, texts, token ids, lists of token ids. */
import { RequestError } from "../../util/errors.js";
import type { ClientPrompt, EngineClient } from "../engine-client.js";

/** Prompts in one request. */
const MAX_PROMPTS = 4096;
/** No vocabulary has tokens longer than this on average: a longer text is refused before it is tokenized. */
const MAX_CHARACTERS_PER_TOKEN = 256;

export interface PromptOptions {
  readonly addSpecialTokens: boolean;
  /** Keep this many tokens; -1: the model's length; undefined: all. */
  readonly truncate: number | undefined;
  /** Which side is cut off; left keeps the end. */
  readonly truncationSide: "left" | "right";
}

/**
 * @throws RequestError with param "prompt" for anything else, for too many or too long prompts, and for text without a tokenizer
 */
export async function readPrompts(
  value: unknown,
  engine: EngineClient,
  options: PromptOptions,
): Promise<ClientPrompt[]> {
  const prompts = splitPrompts(value);
  if (prompts.length > MAX_PROMPTS)
    throw refused(`at most ${MAX_PROMPTS} prompts in one request; got ${prompts.length}`);
  return Promise.all(prompts.map((prompt) => readPrompt(prompt, engine, options)));
}

function splitPrompts(value: unknown): (string | unknown[])[] {
  if (typeof value === "string") return [value];
  const forms = "text, token ids, or a list of texts or of token id lists";
  if (!Array.isArray(value)) throw refused(`${forms}; got ${value === null ? "null" : typeof value}`);
  if (value.length === 0) throw refused("at least one token or prompt; got an empty list");
  if (typeof value[0] === "number") return [value];
  for (const prompt of value) {
    if (typeof prompt !== typeof value[0] || (typeof prompt !== "string" && !Array.isArray(prompt)))
      throw refused(forms);
  }
  return value as (string | unknown[])[];
}

async function readPrompt(
  prompt: string | unknown[],
  engine: EngineClient,
  options: PromptOptions,
): Promise<ClientPrompt> {
  const { maxModelLen, vocabSize } = engine.modelConfig;
  const isCut = options.truncate !== undefined;
  if (typeof prompt !== "string") {
    if (!isCut && prompt.length > maxModelLen) throw tooLong(`${prompt.length} tokens`, maxModelLen);
    const bad = prompt.findIndex((id) => !Number.isInteger(id) || (id as number) < 0 || (id as number) >= vocabSize);
    if (bad >= 0) {
      const got = typeof prompt[bad] === "number" ? String(prompt[bad]) : typeof prompt[bad];
      throw refused(`token ids, integers in [0, ${vocabSize}); got ${got} at position ${bad}`);
    }
    return { tokenIds: cut(prompt as number[], options, maxModelLen) };
  }
  if (engine.tokenizer === undefined) {
    throw refused("token ids: this server has no tokenizer (--skip-tokenizer-init, or the model has none); got text");
  }
  if (prompt.length > maxModelLen * MAX_CHARACTERS_PER_TOKEN) throw tooLong(`${prompt.length} characters`, maxModelLen);
  if (!isCut) return { text: prompt, addSpecialTokens: options.addSpecialTokens };
  const ids = await engine.tokenizer.encode(prompt, { addSpecialTokens: options.addSpecialTokens });
  return { tokenIds: cut(ids, options, maxModelLen) };
}

function cut(ids: number[], options: PromptOptions, maxModelLen: number): number[] {
  if (options.truncate === undefined) return ids;
  const keep = options.truncate === -1 ? maxModelLen - 1 : options.truncate;
  if (keep >= ids.length) return ids;
  return options.truncationSide === "right" ? ids.slice(0, keep) : ids.slice(ids.length - keep);
}

function tooLong(got: string, maxModelLen: number): RequestError {
  return refused(`at most the model's context length of ${maxModelLen} tokens (--max-model-len); got ${got}`);
}

function refused(expected: string): RequestError {
  return new RequestError(`prompt must be ${expected}`, { param: "prompt" });
}
