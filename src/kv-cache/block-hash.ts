/** Block hashes: a name for the content of a full block and everything before it. */
import { hash as digest } from "node:crypto";
import type { Request } from "../request/request.js";

/** What besides the tokens decides a block's keys and values, or who may share them. The tag says which kind it is. */
export interface ExtraKey {
  readonly tag: "lora" | "cache_salt";
  readonly value: string;
}

const HASH_BYTES = 32;
/** Parent of every first block. Fixed, so that hashes agree between processes and runs. */
const SEED = digest("sha256", "quire.kv-cache.block-hash.v1", "binary");

/**
 * The extra keys of the block of tokens [start, end): the LoRA adapter in every block; the cache salt in the block that
 * starts at 0 only, because every later hash depends on that one's.
 */
export function extraKeys(
  request: { readonly loraName: string | null; readonly cacheSalt: string | null },
  start: number,
): ExtraKey[] {
  const keys: ExtraKey[] = [];
  if (request.loraName !== null) keys.push({ tag: "lora", value: request.loraName });
  if (start === 0 && request.cacheSalt !== null) keys.push({ tag: "cache_salt", value: request.cacheSalt });
  return keys;
}

/**
 * Hashes the blocks of requests, each once, chained to the one before:
 * SHA-256(parent's hash | number of tokens | token ids as little-endian int32 | for each extra key: tag, value), where
 * tag and value are UTF-16 with their byte lengths before them. No two different contents have the same encoding, so an
 * adapter's name is never mistaken for a salt.
 */
export class BlockHasher {
  readonly blockSize: number;
  /** Parent, count and tokens of the block in work. */
  readonly #bytes: Buffer;
  readonly #tokens: Int32Array;

  /** @param blockSize tokens per block */
  constructor(blockSize: number) {
    this.blockSize = blockSize;
    const buffer = new ArrayBuffer(HASH_BYTES + 4 + 4 * blockSize);
    this.#bytes = Buffer.from(buffer);
    this.#bytes.writeUInt32LE(blockSize, HASH_BYTES);
    this.#tokens = new Int32Array(buffer, HASH_BYTES + 4, blockSize);
  }

  /** Brings `request.blockHashes` up to its full blocks of now; hashes only those that are new. */
  extend(request: Request): void {
    const { blockHashes } = request;
    const numFull = Math.floor(request.numTokens / this.blockSize);
    for (let i = blockHashes.length; i < numFull; i++) {
      const start = i * this.blockSize;
      for (let j = 0; j < this.blockSize; j++) this.#tokens[j] = request.tokenAt(start + j)!;
      blockHashes.push(this.#hash(blockHashes[i - 1] ?? SEED, extraKeys(request, start)));
    }
  }

  /** The hash of one block by itself: 32 bytes as a string of 32 characters 0..255. */
  hashBlock(parent: string | null, tokenIds: readonly number[], keys: readonly ExtraKey[]): string {
    if (tokenIds.length !== this.blockSize) {
      throw new Error(`block hash: expected ${this.blockSize} tokens, got ${tokenIds.length}`);
    }
    this.#tokens.set(tokenIds);
    return this.#hash(parent ?? SEED, keys);
  }

  #hash(parent: string, keys: readonly ExtraKey[]): string {
    this.#bytes.write(parent, 0, "latin1");
    const bytes = keys.length === 0 ? this.#bytes : Buffer.concat([this.#bytes, ...keys.map(encodeKey)]);
    return digest("sha256", bytes, "binary");
  }
}

function encodeKey(key: ExtraKey): Buffer {
  const tag = Buffer.from(key.tag, "utf16le");
  const value = Buffer.from(key.value, "utf16le");
  const lengths = Buffer.alloc(8);
  lengths.writeUInt32LE(tag.length, 0);
  lengths.writeUInt32LE(value.length, 4);
  return Buffer.concat([lengths, tag, value]);
}
