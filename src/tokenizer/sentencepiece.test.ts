import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { CheckpointError, UnsupportedError } from "../util/errors.js";
import { tokenizerFromGguf } from "./gguf-tokenizer.js";
import { loadTokenizer } from "./load-tokenizer.js";
import { mergesFromScores } from "./sentencepiece-convert.js";
import { PIECE_TYPE, parseSentencePiece } from "./sentencepiece-model.js";
import type { Piece } from "./sentencepiece-model.js";

const stories = new URL("../../models/stories260K/", import.meta.url).pathname;
const scratch = mkdtempSync(join(tmpdir(), "quire-sentencepiece-"));
afterAll(() => rmSync(scratch, { recursive: true }));

interface HardText {
  text: string;
  ids: number[];
  ids_with_special: number[];
  decoded_skip_special: string;
}

function readJson<T>(file: string): T {
  return JSON.parse(readFileSync(join(stories, file), "utf8")) as T;
}

function varint(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >>> 7)];
}

function bytesField(number: number, bytes: ArrayLike<number>): number[] {
  return [...varint(number * 8 + 2), ...varint(bytes.length), ...Array.from(bytes)];
}

/** A SentencePiece model file; `trainer` and `normalizer` are numbers by field number. */
function modelBytes(pieces: Piece[], trainer: Record<number, number>, normalizer: Record<number, number>): Uint8Array {
  const integers = (fields: Record<number, number>): number[] =>
    Object.entries(fields).flatMap(([number, value]) => [...varint(Number(number) * 8), ...varint(value)]);
  const piece = ({ text, score, type }: Piece): number[] => [
    ...bytesField(1, Buffer.from(text)),
    ...varint(2 * 8 + 5),
    ...new Uint8Array(Float32Array.of(score).buffer),
    ...varint(3 * 8),
    type,
  ];
  const all = pieces.flatMap((entry) => bytesField(1, piece(entry)));
  return Uint8Array.from([...all, ...bytesField(2, integers(trainer)), ...bytesField(3, integers(normalizer))]);
}

/** The vocabulary of stories260K as the pieces of the model that it came from. */
function storiesPieces(): Piece[] {
  const { model } = readJson<{ model: { vocab: Record<string, number> } }>("tokenizer.json");
  const type = (id: number): number =>
    id === 0 ? PIECE_TYPE.unknown : id < 3 ? PIECE_TYPE.control : id < 259 ? PIECE_TYPE.byte : PIECE_TYPE.normal;
  return Object.entries(model.vocab)
    .sort((a, b) => a[1] - b[1])
    .map(([text, id]) => ({ text, score: id < 259 ? 0 : 259 - id, type: type(id) }));
}

const { tokenizer: hardTexts } = readJson<{ tokenizer: HardText[] }>("golden.json");
const bpe = { 3: 2, 35: 1 };
const plain = { 3: 1, 4: 0 };

function folderWith(bytes: Uint8Array): string {
  const folder = mkdtempSync(join(scratch, "m-"));
  writeFileSync(join(folder, "tokenizer.model"), bytes);
  return folder;
}

describe.each(["native", "javascript"] as const)("stories260K from its pieces and scores (%s)", (engine) => {
  it("tokenizer.model", async () => {
    const tokenizer = await loadTokenizer(folderWith(modelBytes(storiesPieces(), bpe, plain)), { engine });
    for (const { text, ids, ids_with_special, decoded_skip_special } of hardTexts) {
      expect(await tokenizer.encode(text, { addSpecialTokens: false }), text).toEqual(ids);
      expect(await tokenizer.encode(text), text).toEqual(ids_with_special);
      expect(tokenizer.decode(ids), text).toBe(decoded_skip_special);
    }
    expect([tokenizer.bosTokenId, tokenizer.eosTokenId]).toEqual([1, 2]);
  });

  it("GGUF metadata", async () => {
    const pieces = storiesPieces();
    const metadata = new Map<string, unknown>([
      ["tokenizer.ggml.model", "llama"],
      ["tokenizer.ggml.tokens", pieces.map(({ text }) => text)],
      ["tokenizer.ggml.scores", Float32Array.from(pieces, ({ score }) => score)],
      ["tokenizer.ggml.token_type", Int32Array.from(pieces, ({ type }) => type)],
      ["tokenizer.ggml.bos_token_id", 1],
      ["tokenizer.ggml.eos_token_id", 2],
    ]);
    const tokenizer = await tokenizerFromGguf(metadata, { engine });
    for (const { text, ids_with_special } of hardTexts) expect(await tokenizer.encode(text)).toEqual(ids_with_special);
  });
});

describe("conversion", () => {
  it("recovers the published merges, in order", () => {
    const { model } = readJson<{ model: { merges: [string, string][] } }>("tokenizer.json");
    expect(mergesFromScores(storiesPieces())).toEqual(model.merges);
  });

  const piece = (text: string, score: number, type: number = PIECE_TYPE.normal): Piece => ({ text, score, type });
  const unigram = [
    piece("<unk>", 0, PIECE_TYPE.unknown),
    piece("<s>", 0, PIECE_TYPE.control),
    piece("</s>", 0, PIECE_TYPE.control),
    piece("▁", -3),
    piece("a", -4),
    piece("b", -4),
    piece("ab", -5),
    piece("▁a", -5),
    piece("▁b", -9),
    piece("<sep>", 0, PIECE_TYPE.userDefined),
  ];

  it("Unigram takes the most likely pieces; spaces as the model says", async () => {
    const kept = await loadTokenizer(folderWith(modelBytes(unigram, { 3: 1 }, plain)));
    // "▁ab": ▁ + ab = -8 beats ▁a + b = -9
    expect(await kept.encode("ab  b<sep>a")).toEqual([3, 6, 3, 3, 5, 9, 7]);
    expect(kept.decode([3, 6, 3, 5, 9])).toBe("ab b<sep>");
    expect([kept.isSpecial(9), kept.isSpecial(1)]).toEqual([false, true]);
    const dropped = await loadTokenizer(folderWith(modelBytes(unigram, { 3: 1 }, { 3: 1, 4: 1 })));
    expect(await dropped.encode("  ab   b ")).toEqual([3, 6, 3, 5]);
    const noPrefix = await loadTokenizer(folderWith(modelBytes(unigram, { 3: 1 }, { 3: 0, 4: 0 })));
    expect(await noPrefix.encode("ab")).toEqual([6]);
    expect(noPrefix.decode([7, 5])).toBe(" ab");
  });

  it("Unigram with byte fallback is refused where the engine cannot do it", async () => {
    const folder = folderWith(modelBytes(unigram, { 3: 1, 35: 1 }, plain));
    await expect(loadTokenizer(folder, { engine: "javascript" })).rejects.toThrow(UnsupportedError);
  });

  it("`legacy: false` puts the space before the first stretch of text alone", async () => {
    const folder = folderWith(modelBytes(storiesPieces(), bpe, plain));
    const legacy = await loadTokenizer(folder);
    writeFileSync(join(folder, "tokenizer_config.json"), '{"legacy": false, "add_bos_token": false}');
    const modern = await loadTokenizer(folder);
    const [space, a] = ["▁", "a"].map((token) => legacy.tokenToId(token)!);
    expect(await legacy.encode("</s>a")).toEqual([1, 2, legacy.tokenToId("▁a")]);
    expect(await modern.encode("</s>a")).toEqual([2, a]);
    expect(await modern.encode("a ")).toEqual([legacy.tokenToId("▁a"), space]);
  });
});

describe("damaged models", () => {
  const bytes = modelBytes(storiesPieces().slice(0, 40), bpe, plain);

  it("no pieces, an unknown algorithm, a length beyond the end", () => {
    const read = (data: number[] | Uint8Array) => () => parseSentencePiece(Uint8Array.from(data), "x.model");
    expect(read([])).toThrow(/x\.model: no pieces/);
    expect(read(modelBytes(storiesPieces(), { 3: 4 }, plain))).toThrow(/algorithm 4/);
    expect(read([10, 200, 1, 0])).toThrow(/needs 200 bytes, 1 are left/);
    expect(read([10, 255, 255, 255, 255, 255, 255, 255, 255, 127])).toThrow(CheckpointError);
  });

  it("any cut and any changed byte ends in a model or a CheckpointError", () => {
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(255), fc.boolean(), (at, value, cut) => {
        const damaged = cut ? bytes.slice(0, at) : bytes.with(at, value);
        try {
          parseSentencePiece(damaged, "x");
        } catch (error) {
          expect(error).toBeInstanceOf(CheckpointError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
