/** The vocabulary: tokens by id and ids by token. */
import { CheckpointError } from "../util/errors.js";
import type { AddedToken, TokenizerJson } from "./tokenizer-json.js";

/** Ids at or above this are refused: no real vocabulary is so large, and tables are sized by the highest id. */
const MAX_TOKEN_ID = 1 << 22;

/** Tokens and ids of the model's own vocabulary and the added tokens. */
export interface TokenTable {
  /** Highest id + 1. */
  readonly size: number;
  tokenOf(id: number): string | undefined;
  idOf(token: string): number | undefined;
}

/** A vocabulary with the added tokens laid over the model's own. */
export class Vocabulary {
  /** Highest id + 1. */
  readonly size: number;
  /** 1 where the id is a special token. */
  readonly special: Uint8Array;
  /** Ids of added tokens by content. */
  readonly added = new Map<string, number>();
  readonly #table: TokenTable;

  constructor(table: TokenTable, addedTokens: readonly AddedToken[]) {
    this.#table = table;
    this.size = table.size;
    this.special = new Uint8Array(table.size);
    for (const { id, content, special } of addedTokens) {
      this.added.set(content, id);
      if (special) this.special[id] = 1;
    }
  }

  /** The vocabulary entry as stored; undefined for a hole and outside. */
  tokenOf(id: number): string | undefined {
    return this.#table.tokenOf(id);
  }

  /** The id of a vocabulary entry, added tokens first. */
  idOf(token: string): number | undefined {
    return this.added.get(token) ?? this.#table.idOf(token);
  }
}

/** The table of a parsed tokenizer.json. @throws CheckpointError if an id is no whole number from 0 to 2^22 - 1 */
export function tableOfJson(json: TokenizerJson, where: string): TokenTable {
  const tokens = listTokens(json, where);
  const { vocab } = json.model;
  let unigramIds: Map<string, number> | undefined;
  return {
    size: tokens.length,
    tokenOf: (id) => tokens[id],
    idOf(token) {
      if (!Array.isArray(vocab)) return Object.hasOwn(vocab, token) ? vocab[token] : undefined;
      unigramIds ??= new Map(vocab.map(([piece], id) => [piece, id]));
      return unigramIds.get(token);
    },
  };
}

/** Whether a table may hold the id. */
export function isTokenId(id: number): boolean {
  return Number.isInteger(id) && id >= 0 && id < MAX_TOKEN_ID;
}

function listTokens(json: TokenizerJson, where: string): (string | undefined)[] {
  const { vocab } = json.model;
  const tokens: (string | undefined)[] = [];
  const put = (id: unknown, token: unknown): void => {
    if (typeof id !== "number" || !isTokenId(id)) {
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
