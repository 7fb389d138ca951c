/** The tokenizer that a GGUF file carries in its metadata. */
import { CheckpointError } from "../util/errors.js";
import { closest } from "../util/closest.js";
import type { EngineOptions } from "./encode-engine.js";
import { ggufPreTokenizer, ggufPreTokenizerNames } from "./gguf-pre-tokenizers.js";
import { gpt2TokenizerJson, parseMerge } from "./gpt2-files.js";
import { PIECE_TYPE } from "./sentencepiece-model.js";
import type { SentencePieceModel } from "./sentencepiece-model.js";
import { sentencePieceTokenizerJson } from "./sentencepiece-convert.js";
import { createTokenizer } from "./tokenizer.js";
import type { Tokenizer } from "./tokenizer.js";
import type { TokenizerConfig } from "./tokenizer-config.js";
import { addedToken } from "./tokenizer-json.js";
import type { TokenizerJson } from "./tokenizer-json.js";

type Metadata = Pick<ReadonlyMap<string, unknown>, "get">;

const WHERE = "GGUF metadata";
const PREFIX = "tokenizer.ggml.";

/** Names of special tokens and the keys of their ids. */
const SPECIAL_KEYS: readonly (readonly [name: string, key: string])[] = [
  ["bos_token", "bos_token_id"],
  ["eos_token", "eos_token_id"],
  ["pad_token", "padding_token_id"],
  ["unk_token", "unknown_token_id"],
];

function read<T>(metadata: Metadata, key: string, type: "string" | "number" | "boolean"): T | undefined {
  const value = metadata.get(PREFIX + key);
  const plain = typeof value === "bigint" ? Number(value) : value;
  if (plain === undefined || typeof plain === type) return plain as T | undefined;
  throw new CheckpointError(
    `${WHERE}: ${PREFIX}${key} must be a ${type}, it is ${JSON.stringify(plain)?.slice(0, 80)}`,
  );
}

function readList<T>(metadata: Metadata, key: string, type: "string" | "number", length?: number): T[] | undefined {
  const value = metadata.get(PREFIX + key);
  if (value === undefined) return undefined;
  const list = ArrayBuffer.isView(value) ? Array.from(value as Float32Array) : value;
  if (!Array.isArray(list) || !list.every((item) => typeof item === type)) {
    throw new CheckpointError(`${WHERE}: ${PREFIX}${key} must be a list of ${type}s`);
  }
  if (length !== undefined && list.length !== length) {
    throw new CheckpointError(`${WHERE}: ${PREFIX}${key} has ${list.length} entries for ${length} tokens`);
  }
  return list as T[];
}

/** Text, score and type of each id. */
interface Entries {
  tokens: string[];
  scores: number[] | undefined;
  types: number[];
}

function readEntries(metadata: Metadata): Entries {
  const tokens = readList<string>(metadata, "tokens", "string");
  if (tokens === undefined || tokens.length === 0) throw new CheckpointError(`${WHERE}: ${PREFIX}tokens is missing`);
  const scores = readList<number>(metadata, "scores", "number", tokens.length);
  const types = readList<number>(metadata, "token_type", "number", tokens.length);
  return { tokens, scores, types: types ?? tokens.map(() => PIECE_TYPE.normal) };
}

function readConfig(metadata: Metadata, { tokens }: Entries, addBosByDefault: boolean): TokenizerConfig {
  const specialTokens: Record<string, string> = {};
  for (const [name, key] of SPECIAL_KEYS) {
    const id = read<number>(metadata, key, "number");
    // llama.cpp writes -1 (4294967295) for "none".
    if (id !== undefined && tokens[id] !== undefined) specialTokens[name] = tokens[id];
  }
  const template = metadata.get("tokenizer.chat_template");
  return {
    specialTokens,
    bosToken: specialTokens.bos_token,
    eosToken: specialTokens.eos_token,
    addBosToken: read<boolean>(metadata, "add_bos_token", "boolean") ?? addBosByDefault,
    addEosToken: read<boolean>(metadata, "add_eos_token", "boolean") ?? false,
    chatTemplate: typeof template === "string" ? template : undefined,
    addedTokens: [],
  };
}

/** SentencePiece BPE: the merges follow from the scores. */
function sentencePieceJson(metadata: Metadata, entries: Entries, config: TokenizerConfig): TokenizerJson {
  const { tokens, scores, types } = entries;
  if (scores === undefined)
    throw new CheckpointError(`${WHERE}: ${PREFIX}scores is missing; a "llama" tokenizer needs it`);
  const unkId = read<number>(metadata, "unknown_token_id", "number") ?? types.indexOf(PIECE_TYPE.unknown);
  const model: SentencePieceModel = {
    pieces: tokens.map((text, id) => ({ text, score: scores[id]!, type: types[id]! })),
    algorithm: "bpe",
    byteFallback: types.includes(PIECE_TYPE.byte),
    unkId,
    bosId: config.bosToken === undefined ? -1 : tokens.indexOf(config.bosToken),
    eosId: config.eosToken === undefined ? -1 : tokens.indexOf(config.eosToken),
    padId: -1,
    addDummyPrefix: read<boolean>(metadata, "add_space_prefix", "boolean") ?? true,
    removeExtraWhitespaces: read<boolean>(metadata, "remove_extra_whitespaces", "boolean") ?? false,
    charsmap: new Uint8Array(0),
  };
  return sentencePieceTokenizerJson(model, {}, WHERE);
}

/** Byte-level BPE with merges. */
function byteLevelJson(metadata: Metadata, entries: Entries, config: TokenizerConfig, pre: string): TokenizerJson {
  const rules = ggufPreTokenizer(pre);
  if (rules === undefined) throw unknownPre(pre);
  const lines = readList<string>(metadata, "merges", "string");
  if (lines === undefined)
    throw new CheckpointError(`${WHERE}: ${PREFIX}merges is missing; a "gpt2" tokenizer needs it`);
  const merges = lines.map((line, index) => parseMerge(line, index, `${WHERE}: ${PREFIX}merges`));
  const vocab = Object.fromEntries(entries.tokens.map((token, id) => [token, id]));
  const json = gpt2TokenizerJson(vocab, merges, config, WHERE);
  const added = new Map(json.added_tokens.map((token) => [token.content, token]));
  entries.types.forEach((type, id) => {
    const special = type === PIECE_TYPE.control || type === PIECE_TYPE.unknown;
    const content = entries.tokens[id]!;
    if (special || type === PIECE_TYPE.userDefined) added.set(content, addedToken(id, content, { special }));
  });
  return {
    ...json,
    added_tokens: [...added.values()].sort((a, b) => a.id - b.id),
    normalizer: rules.normalizer,
    pre_tokenizer: rules.preTokenizer,
    model: { ...json.model, ignore_merges: rules.ignoreMerges },
  };
}

function unknownPre(pre: string): CheckpointError {
  const near = closest(pre, ggufPreTokenizerNames())[0];
  return new CheckpointError(
    `${WHERE}: ${PREFIX}pre is ${JSON.stringify(pre)}, which is not known${near ? `; closest: "${near}"` : ""}. ` +
      `Known: ${ggufPreTokenizerNames().join(", ")}. Put the model's tokenizer.json beside the file and load that folder`,
  );
}

/**
 * The tokenizer of a GGUF file.
 * @param metadata  the file's key-value pairs under their full names
 * @throws CheckpointError if it is missing, damaged, or of a kind or `pre` that is not known
 */
export async function tokenizerFromGguf(metadata: Metadata, options: EngineOptions = {}): Promise<Tokenizer> {
  const kind = read<string>(metadata, "model", "string");
  if (kind !== "llama" && kind !== "gpt2") {
    const found = kind === undefined ? "is missing" : `is ${JSON.stringify(kind)}`;
    throw new CheckpointError(
      `${WHERE}: ${PREFIX}model ${found}; supported: "llama" (SentencePiece BPE), "gpt2" (byte-level BPE)`,
    );
  }
  const entries = readEntries(metadata);
  if (kind === "llama") {
    const config = readConfig(metadata, entries, true);
    return createTokenizer(sentencePieceJson(metadata, entries, config), config, WHERE, options);
  }
  const pre = read<string>(metadata, "pre", "string") ?? "default";
  const config = readConfig(metadata, entries, ggufPreTokenizer(pre)?.addBos ?? false);
  return createTokenizer(byteLevelJson(metadata, entries, config, pre), config, WHERE, options);
}
