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

/** Ids at or above this are refused: no real vocabulary is so large, and tables are sized by the highest id. */
const MAX_TOKEN_ID = 1 << 22;

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

/** Tokens by id and ids by token, with the added tokens laid over the model's own. */
export class Vocabulary {
  /** Vocabulary entries as stored; holes are undefined. */
  readonly tokens: (string | undefined)[];
  /** 1 where the id is a special token. */
  readonly special: Uint8Array;
  /** Ids of added tokens by content. */
  readonly added = new Map<string, number>();
  readonly #vocab: VocabularyJson;
  #unigramIds: Map<string, number> | undefined;

  /** @throws CheckpointError if an id is no whole number from 0 to 2^22 - 1 */
  constructor(json: TokenizerJson, where: string) {
    this.#vocab = json.model.vocab;
    this.tokens = listTokens(json, where);
    this.special = new Uint8Array(this.tokens.length);
    for (const { id, content, special } of json.added_tokens) {
      this.added.set(content, id);
      if (special) this.special[id] = 1;
    }
  }

  /** Highest id + 1. */
  get size(): number {
    return this.tokens.length;
  }

  /** The id of a vocabulary entry, added tokens first. */
  idOf(token: string): number | undefined {
    const added = this.added.get(token);
    if (added !== undefined) return added;
    if (!Array.isArray(this.#vocab)) return Object.hasOwn(this.#vocab, token) ? this.#vocab[token] : undefined;
    this.#unigramIds ??= new Map(this.#vocab.map(([piece], id) => [piece, id]));
    return this.#unigramIds.get(token);
  }
}

function listTokens(json: TokenizerJson, where: string): (string | undefined)[] {
  const { vocab } = json.model;
  const tokens: (string | undefined)[] = [];
  const put = (id: unknown, token: unknown): void => {
    if (typeof id !== "number" || !Number.isInteger(id) || id < 0 || id >= MAX_TOKEN_ID) {
      throw new CheckpointError(
        `${where}: token ${JSON.stringify(token)} has id ${String(id)}; expected 0 to ${MAX_TOKEN_ID - 1}`,
      );
    }
    if (typeof token !== "string") throw new CheckpointError(`${where}: token ${id} is not a string`);
    while (tokens.length < id) tokens.push(undefined);
    tokens[id] = token;
  };
  if (Array.isArray(vocab)) vocab.forEach((entry: unknown, id) => put(id, Array.isArray(entry) ? entry[0] : entry));
  else for (const token of Object.keys(vocab)) put(vocab[token], token);
  for (const { id, content } of json.added_tokens) put(id, content);
  return tokens;
}
