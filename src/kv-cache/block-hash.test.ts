import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { Request } from "../request/request.js";
import { normalizeSamplingParams } from "../request/sampling-params.js";
import { BlockHasher, extraKeys } from "./block-hash.js";

const params = normalizeSamplingParams();
function request(promptTokenIds: number[], extra: { cacheSalt?: string; loraName?: string } = {}): Request {
  return new Request({ requestId: "r", promptTokenIds, params, ...extra });
}
function hashesOf(promptTokenIds: number[], extra: { cacheSalt?: string; loraName?: string } = {}): string[] {
  const made = request(promptTokenIds, extra);
  new BlockHasher(4).extend(made);
  return made.blockHashes;
}

describe("extraKeys", () => {
  it("has the salt in the block that starts at 0 only", () => {
    const salted = { loraName: null, cacheSalt: "s" };
    expect(extraKeys(salted, 0)).toEqual([{ tag: "cache_salt", value: "s" }]);
    expect(extraKeys(salted, 1)).toEqual([]);
  });

  it("has the adapter in every block, before the salt", () => {
    const both = { loraName: "a", cacheSalt: "s" };
    expect(extraKeys(both, 0).map((key) => key.tag)).toEqual(["lora", "cache_salt"]);
    expect(extraKeys(both, 16).map((key) => key.tag)).toEqual(["lora"]);
  });
});

describe("BlockHasher", () => {
  it("hashes full blocks only, and only once", () => {
    const made = request([1, 2, 3, 4, 5, 6, 7]);
    const hasher = new BlockHasher(4);
    hasher.extend(made);
    expect(made.blockHashes).toHaveLength(1);
    const first = made.blockHashes[0];
    made.outputTokenIds.push(8);
    hasher.extend(made);
    expect(made.blockHashes).toHaveLength(2);
    expect(made.blockHashes[0]).toBe(first);
    expect(made.blockHashes).toEqual(hashesOf([1, 2, 3, 4, 5, 6, 7, 8]));
  });

  it("is the SHA-256 of parent, count and little-endian tokens", () => {
    const seed = createHash("sha256").update("quire.kv-cache.block-hash.v1").digest();
    const tokens = [1, 70000, 3, 2 ** 31 - 1];
    const bytes = Buffer.alloc(20);
    bytes.writeUInt32LE(4, 0);
    tokens.forEach((token, i) => bytes.writeInt32LE(token, 4 + 4 * i));
    const first = createHash("sha256").update(seed).update(bytes).digest();
    const second = createHash("sha256").update(first).update(bytes).digest();
    expect(hashesOf([...tokens, ...tokens])).toEqual([first.toString("latin1"), second.toString("latin1")]);
  });

  it("depends on every token and on everything before", () => {
    const base = hashesOf([1, 2, 3, 4, 5, 6, 7, 8]);
    const other = hashesOf([1, 2, 3, 9, 5, 6, 7, 8]);
    expect(base[0]).not.toBe(other[0]);
    expect(base[1]).not.toBe(other[1]);
    expect(base[0]).not.toBe(hashesOf([1, 2, 3, 4 + 256])[0]);
    expect(base[0]).not.toBe(base[1]);
  });

  it("separates salts and adapters, and never takes one for the other", () => {
    const tokens = [1, 2, 3, 4, 1, 2, 3, 4];
    const variants = [
      {},
      { cacheSalt: "x" },
      { cacheSalt: "y" },
      { cacheSalt: "" },
      { loraName: "x" },
      { loraName: "" },
      { loraName: "x", cacheSalt: "x" },
      { loraName: "xx" },
      { cacheSalt: "xx" },
      { cacheSalt: "\ud800" },
      { cacheSalt: "\ud801" },
    ];
    const all = variants.flatMap((extra) => hashesOf(tokens, extra));
    expect(new Set(all).size).toBe(2 * variants.length);
  });

  it("cannot be fooled by moving characters between tag, value and tokens", () => {
    const hasher = new BlockHasher(1);
    const one = hasher.hashBlock(
      null,
      [1],
      [
        { tag: "lora", value: "a" },
        { tag: "cache_salt", value: "b" },
      ],
    );
    const joined = "a\u0014\u0000\u0002\u0000cache_saltb";
    expect(hasher.hashBlock(null, [1], [{ tag: "lora", value: joined }])).not.toBe(one);
    expect(() => hasher.hashBlock(null, [1, 2], [])).toThrow("expected 1 tokens, got 2");
  });
});
