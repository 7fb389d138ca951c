/** Text to token ids and back. */
import { compileDecoder, decodeRules } from "./decoder.js";
import { createDetokenizer } from "./detokenizer.js";
import type { Detokenizer, DetokenizerOptions } from "./detokenizer.js";
import { createEncodeEngine } from "./encode-engine.js";
import type { EncodeEngine, EngineOptions } from "./encode-engine.js";
import type { QuickTokenizer } from "./quick-tokenizer.js";
import { resolveTemplate } from "./special-template.js";
import type { SpecialTemplate } from "./special-template.js";
import { TokenPieces } from "./token-pieces.js";
import type { TokenizerJson } from "./tokenizer-json.js";
import type { TokenizerConfig } from "./tokenizer-config.js";
import { tableOfOutline } from "./vocabulary-text.js";
import { tableOfJson, Vocabulary } from "./vocabulary.js";

export interface EncodeOptions {
  /** Put BOS, EOS and the like around the text as the tokenizer says; default true. */
  addSpecialTokens?: boolean;
}

export interface DecodeOptions {
  /** Leave special tokens out of the text; default true. */
  skipSpecialTokens?: boolean;
}

export interface Tokenizer {
  /** Highest id + 1, added tokens included. */
  readonly vocabSize: number;
  readonly bosTokenId: number | undefined;
  readonly eosTokenId: number | undefined;
  readonly padTokenId: number | undefined;
  /** Special tokens by their name in tokenizer_config.json: `bos_token`, `eos_token`, ...; for chat templates. */
  readonly specialTokens: Readonly<Record<string, string>>;
  /** One Jinja template, or several by name; undefined for a model without. */
  readonly chatTemplate: string | Readonly<Record<string, string>> | undefined;
  /** Which engine encodes. */
  readonly engine: "native" | "javascript";
  /** Ids of the text. The native engine works off the event loop. */
  encode(text: string, options?: EncodeOptions): Promise<number[]>;
  /** The same at once; present only where the engine can. */
  readonly encodeSync?: (text: string, options?: EncodeOptions) => number[];
  /** Text of the ids, equal to Hugging Face tokenizers' `decode`; ids outside the vocabulary are left out. */
  decode(ids: readonly number[], options?: DecodeOptions): string;
  /** Id of a vocabulary entry as stored. */
  tokenToId(token: string): number | undefined;
  /** The vocabulary entry as stored, say `"ĠHello"`. */
  idToToken(id: number): string | undefined;
  /** Whether `skipSpecialTokens` leaves the id out. */
  isSpecial(id: number): boolean;
  /** The bytes that the token adds to a text; undefined for an id outside the vocabulary. */
  tokenBytes(id: number): Uint8Array | undefined;
  /** A stream of text for one request whose prompt is `promptIds`. */
  createDetokenizer(promptIds: readonly number[], options?: DetokenizerOptions): Detokenizer;
  /** Ends the thread that encodes, where there is one; later texts are encoded in the caller's. An engine closes its own tokenizer. */
  close?(): void;
}

class JsonTokenizer implements Tokenizer {
  readonly specialTokens: Readonly<Record<string, string>>;
  readonly chatTemplate: string | Readonly<Record<string, string>> | undefined;
  readonly encodeSync?: (text: string, options?: EncodeOptions) => number[];
  readonly #vocabulary: Vocabulary;
  readonly #engine: EncodeEngine;
  readonly #template: SpecialTemplate;
  readonly #decodeTokens: (tokens: string[]) => string;
  readonly #pieces: TokenPieces;

  constructor(
    json: TokenizerJson,
    config: TokenizerConfig,
    vocabulary: Vocabulary,
    engine: EncodeEngine,
    where: string,
  ) {
    this.#vocabulary = vocabulary;
    this.#engine = engine;
    this.#template = resolveTemplate(json, config, vocabulary, where);
    this.#decodeTokens = compileDecoder(json.decoder, where);
    this.#pieces = new TokenPieces(vocabulary, decodeRules(json.decoder, where));
    this.specialTokens = config.specialTokens;
    this.chatTemplate = config.chatTemplate;
    const { encodeSync } = engine;
    if (encodeSync) this.encodeSync = (text, options) => this.#surround(encodeSync(text), options);
  }

  get vocabSize(): number {
    return this.#vocabulary.size;
  }

  get engine(): "native" | "javascript" {
    return this.#engine.name;
  }

  get bosTokenId(): number | undefined {
    return this.#idOfNamed("bos_token");
  }

  get eosTokenId(): number | undefined {
    return this.#idOfNamed("eos_token");
  }

  get padTokenId(): number | undefined {
    return this.#idOfNamed("pad_token");
  }

  async encode(text: string, options?: EncodeOptions): Promise<number[]> {
    return this.#surround(await this.#engine.encode(text), options);
  }

  decode(ids: readonly number[], { skipSpecialTokens = true }: DecodeOptions = {}): string {
    if (this.#pieces.rules.kind === "byte-level") {
      const stream = this.createDetokenizer([], { skipSpecialTokens });
      return stream.push(ids) + stream.flush();
    }
    const vocabulary = this.#vocabulary;
    const kept: string[] = [];
    for (const id of ids) {
      const token = vocabulary.tokenOf(id);
      if (token !== undefined && !(skipSpecialTokens && vocabulary.special[id] === 1)) kept.push(token);
    }
    return this.#decodeTokens(kept);
  }

  tokenToId(token: string): number | undefined {
    return this.#vocabulary.idOf(token);
  }

  idToToken(id: number): string | undefined {
    return this.#vocabulary.tokenOf(id);
  }

  isSpecial(id: number): boolean {
    return this.#vocabulary.special[id] === 1;
  }

  tokenBytes(id: number): Uint8Array | undefined {
    return this.#pieces.bytes(id);
  }

  createDetokenizer(promptIds: readonly number[], options: DetokenizerOptions = {}): Detokenizer {
    return createDetokenizer(this.#pieces, (ids, skip) => this.decode(ids, skip), promptIds, options);
  }

  close(): void {
    this.#engine.close?.();
  }

  #surround(ids: number[], { addSpecialTokens = true }: EncodeOptions = {}): number[] {
    const { prefix, suffix } = this.#template;
    if (!addSpecialTokens || prefix.length + suffix.length === 0) return ids;
    return prefix.concat(ids, suffix);
  }

  #idOfNamed(name: string): number | undefined {
    const token = this.specialTokens[name];
    return token === undefined ? undefined : this.#vocabulary.idOf(token);
  }
}

/**
 * A tokenizer from a tokenizer.json object.
 * @param source  the text that `json` was parsed from, where there is one (saves writing it again)
 * @param where   file name for errors
 * @throws CheckpointError if the parts do not make a tokenizer
 */
export async function createTokenizer(
  json: TokenizerJson,
  config: TokenizerConfig,
  where: string,
  options: EngineOptions & { source?: string | undefined } = {},
): Promise<Tokenizer> {
  const vocabulary = new Vocabulary(tableOfJson(json, where), json.added_tokens);
  const engine = await createEncodeEngine(json, () => options.source ?? JSON.stringify(json), where, options);
  return new JsonTokenizer(json, config, vocabulary, engine, where);
}

/**
 * A tokenizer whose vocabulary stays text: quick to make.
 * @throws CheckpointError if the parts do not make a tokenizer
 */
export async function tokenizerOfParts(parts: QuickTokenizer, engine: EncodeEngine): Promise<Tokenizer> {
  const { path, json, config, vocabSize } = parts;
  const table = tableOfOutline(parts, json.added_tokens, vocabSize);
  return new JsonTokenizer(json, config, new Vocabulary(table, json.added_tokens), engine, path);
}
