/** The tokenizer.json format: its shape, checked at the door, and the vocabulary read from it. */
import { CheckpointError } from "../util/errors.js";

/** An entry of `added_tokens`: matched in the text before the model sees it. */
export interface AddedToken {
  id: number;
  content: string;
  single_word: boolean;
  lstrip: boolean;
  rstrip: boolean;
  normalized: boolean;
  special: boolean;
}

/** A step (normalizer, pre-tokenizer, post-processor or decoder): a type and its own fields. */
export type StepJson = { type: string } & Record<string, unknown>;

/** Token to id (BPE, WordPiece, WordLevel), or [token, score] in order of id (Unigram). */
export type VocabularyJson = Record<string, number> | [string, number][];

export interface TokenizerJson {
  version: string;
  truncation: unknown;
  padding: unknown;
  added_tokens: AddedToken[];
  normalizer: StepJson | null;
  pre_tokenizer: StepJson | null;
  post_processor: StepJson | null;
  decoder: StepJson | null;
  model: { type?: string; vocab: VocabularyJson } & Record<string, unknown>;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** An added token with every flag off but those given. */
export function addedToken(id: number, content: string, flags: Partial<AddedToken> = {}): AddedToken {
  const off = { single_word: false, lstrip: false, rstrip: false, normalized: false, special: false };
  return { ...off, ...flags, id, content };
}

function readStep(root: Record<string, unknown>, key: string, where: string): StepJson | null {
  const step = root[key] ?? null;
  if (step === null) return null;
  if (!isObject(step) || typeof step.type !== "string") {
    throw new CheckpointError(`${where}: "${key}" must be null or an object with a "type"`);
  }
  return step as StepJson;
}

function readAddedToken(value: unknown, index: number, where: string): AddedToken {
  if (!isObject(value) || typeof value.content !== "string" || typeof value.id !== "number") {
    throw new CheckpointError(`${where}: added_tokens[${index}] needs a numeric "id" and a "content"`);
  }
  const flag = (key: string): boolean => value[key] === true;
  return addedToken(value.id, value.content, {
    single_word: flag("single_word"),
    lstrip: flag("lstrip"),
    rstrip: flag("rstrip"),
    normalized: flag("normalized"),
    special: flag("special"),
  });
}

/**
 * Checks the outline of a parsed tokenizer.json and fills absent parts with null.
 * @throws CheckpointError naming the part that is wrong
 */
export function checkTokenizerJson(value: unknown, where: string): TokenizerJson {
  if (!isObject(value)) throw new CheckpointError(`${where}: expected a JSON object`);
  const model = value.model;
  if (!isObject(model) || typeof model.vocab !== "object" || model.vocab === null) {
    throw new CheckpointError(`${where}: expected "model" with a "vocab"; is this a tokenizer.json?`);
  }
  const added = value.added_tokens ?? [];
  if (!Array.isArray(added)) throw new CheckpointError(`${where}: "added_tokens" must be a list`);
  return {
    version: typeof value.version === "string" ? value.version : "1.0",
    truncation: null,
    padding: null,
    added_tokens: added.map((token, index) => readAddedToken(token, index, where)),
    normalizer: readStep(value, "normalizer", where),
    pre_tokenizer: readStep(value, "pre_tokenizer", where),
    post_processor: readStep(value, "post_processor", where),
    decoder: readStep(value, "decoder", where),
    model: model as TokenizerJson["model"],
  };
}
