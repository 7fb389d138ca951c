import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { CheckpointError } from "../util/errors.js";
import { addedToken } from "./tokenizer-json.js";
import { findTokenizerFiles, loadTokenizer } from "./load-tokenizer.js";

const models = new URL("../../models/", import.meta.url).pathname;
const scratch = mkdtempSync(join(tmpdir(), "quire-tokenizer-"));
afterAll(() => rmSync(scratch, { recursive: true }));

interface HardText {
  text: string;
  ids: number[];
  ids_with_special: number[];
  decoded: string;
  decoded_skip_special: string;
}

/** A folder holding the given files; objects are written as JSON. */
function folderWith(files: Record<string, unknown>): string {
  const folder = mkdtempSync(join(scratch, "m-"));
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(join(folder, name), typeof content === "string" ? content : JSON.stringify(content));
  }
  return folder;
}

describe.each(["native", "javascript"] as const)("goldens with the %s engine", (engine) => {
  it("encodes and decodes the hard texts of stories260K", async () => {
    const folder = join(models, "stories260K");
    const golden = JSON.parse(readFileSync(join(folder, "golden.json"), "utf8")) as { tokenizer: HardText[] };
    const tokenizer = await loadTokenizer(folder, { engine });
    expect(tokenizer.engine).toBe(engine);
    expect(golden.tokenizer.length).toBe(45);
    for (const { text, ids, ids_with_special, decoded, decoded_skip_special } of golden.tokenizer) {
      expect(await tokenizer.encode(text, { addSpecialTokens: false }), text).toEqual(ids);
      expect(await tokenizer.encode(text), text).toEqual(ids_with_special);
      expect(tokenizer.decode(ids, { skipSpecialTokens: false }), text).toBe(decoded);
      expect(tokenizer.decode(ids), text).toBe(decoded_skip_special);
    }
  });

  it("encodes the prompts and decodes the answers of quire-demo", async () => {
    const folder = join(models, "quire-demo");
    const golden = JSON.parse(readFileSync(join(folder, "golden.json"), "utf8")) as {
      prompts: { text: string; ids: number[]; greedy_ids: number[]; greedy_text: string }[];
    };
    const tokenizer = await loadTokenizer(folder, { engine });
    for (const { text, ids, greedy_ids, greedy_text } of golden.prompts) {
      expect(await tokenizer.encode(text)).toEqual(ids);
      expect(tokenizer.decode(greedy_ids)).toBe(greedy_text);
    }
  });

  it("takes every numeric character as a digit of its own, and half a surrogate pair as U+FFFD", async () => {
    const tokenizer = await loadTokenizer(join(models, "quire-demo"), { engine });
    const whole = await tokenizer.encode("a½²Ⅷ12");
    const parts = await Promise.all(["a", "½", "²", "Ⅷ", "1", "2"].map((text) => tokenizer.encode(text)));
    expect(whole).toEqual(parts.flat());
    expect(await tokenizer.encode("a\ud83d")).toEqual(await tokenizer.encode("a\ufffd"));
    expect(await tokenizer.encode("")).toEqual([]);
    expect(tokenizer.encodeSync?.("Hello")).toEqual(
      engine === "javascript" ? await tokenizer.encode("Hello") : undefined,
    );
  });
});

describe("what a tokenizer knows", () => {
  it("names, ids and special tokens", async () => {
    const tokenizer = await loadTokenizer(join(models, "quire-demo"));
    expect(tokenizer.vocabSize).toBe(6144);
    expect([tokenizer.bosTokenId, tokenizer.eosTokenId, tokenizer.padTokenId]).toEqual([1, 2, 0]);
    expect(tokenizer.specialTokens.eos_token).toBe("<|im_end|>");
    expect(tokenizer.tokenToId("<|im_end|>")).toBe(2);
    expect(tokenizer.tokenToId("__proto__")).toBeUndefined();
    expect(tokenizer.idToToken(99999)).toBeUndefined();
    expect([tokenizer.isSpecial(2), tokenizer.isSpecial(3), tokenizer.isSpecial(-1)]).toEqual([true, false, false]);
    expect(tokenizer.chatTemplate).toContain("<|im_start|>");
  });
});

const byteLevel = { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: true };
const tiny = {
  added_tokens: [addedToken(3, "</s>", { special: true })],
  pre_tokenizer: byteLevel,
  decoder: byteLevel,
  model: { type: "BPE", vocab: { a: 0, b: 1, ab: 2 }, merges: ["a b"] },
};

describe("files beside the tokenizer", () => {
  it("BOS and EOS flags, tokens of the map, a template file before the config's", async () => {
    const folder = folderWith({
      "tokenizer.json": tiny,
      "tokenizer_config.json": { add_bos_token: true, eos_token: { content: "</s>" }, chat_template: "old" },
      "special_tokens_map.json": { bos_token: { content: "</s>" }, eos_token: "b" },
      "chat_template.jinja": "new",
    });
    const tokenizer = await loadTokenizer(folder);
    expect(await tokenizer.encode("ab")).toEqual([3, 2]);
    expect(await tokenizer.encode("ab", { addSpecialTokens: false })).toEqual([2]);
    expect([tokenizer.bosTokenId, tokenizer.eosTokenId, tokenizer.padTokenId]).toEqual([3, 3, undefined]);
    expect(tokenizer.chatTemplate).toBe("new");
  });

  it("several templates by name, and added tokens that tokenizer.json lacks", async () => {
    const folder = folderWith({
      "tokenizer.json": tiny,
      "tokenizer_config.json": {
        chat_template: [
          { name: "default", template: "d" },
          { name: "tool_use", template: "t" },
        ],
        added_tokens_decoder: { "4": { content: "<x>", special: true } },
      },
    });
    const tokenizer = await loadTokenizer(folder);
    expect(tokenizer.chatTemplate).toEqual({ default: "d", tool_use: "t" });
    expect(await tokenizer.encode("ab<x>")).toEqual([2, 4]);
    expect(tokenizer.decode([2, 4])).toBe("ab");
  });

  it("cut and padding saved in tokenizer.json do not apply", async () => {
    const truncation = { direction: "Right", max_length: 1, strategy: "LongestFirst", stride: 0 };
    const tokenizer = await loadTokenizer(folderWith({ "tokenizer.json": { ...tiny, truncation } }));
    expect(await tokenizer.encode("abab")).toEqual([2, 2]);
  });
});

describe("vocab.json and merges.txt", () => {
  const files = {
    "vocab.json": { "<pad>": 1, "</s>": 2, a: 3, b: 4, Ġ: 5, ab: 6, Ġab: 7 },
    "merges.txt": "#version: 0.2\na b\nĠ ab\n",
    "special_tokens_map.json": { bos_token: "</s>", eos_token: "</s>", pad_token: "<pad>" },
  };

  it.each(["native", "javascript"] as const)("OPT puts </s> first (%s)", async (engine) => {
    const folder = folderWith({ ...files, "tokenizer_config.json": { add_bos_token: true } });
    const tokenizer = await loadTokenizer(folder, { engine });
    expect(await tokenizer.encode("ab ab</s>")).toEqual([2, 6, 7, 2]);
    expect(tokenizer.decode([2, 6, 7, 5])).toBe("ab ab ");
    expect(tokenizer.vocabSize).toBe(8);
  });

  it("names the line of a bad merge", async () => {
    const folder = folderWith({ ...files, "merges.txt": "a b\na\n" });
    await expect(loadTokenizer(folder)).rejects.toThrow(/merges\.txt: merge 2 is "a"/);
  });
});

describe("bad input", () => {
  it("names the file that cannot be read", async () => {
    const folder = folderWith({});
    mkdirSync(join(folder, "tokenizer.json"));
    await expect(loadTokenizer(folder)).rejects.toThrow(/tokenizer\.json: cannot be read: EISDIR/);
  });

  it("no tokenizer: says what was looked for", async () => {
    const folder = folderWith({ "vocab.json": {} });
    expect(findTokenizerFiles(folder)).toBeUndefined();
    await expect(loadTokenizer(folder)).rejects.toThrow(
      /tokenizer\.json, tokenizer\.model, vocab\.json with merges\.txt/,
    );
  });

  it.each([
    ["not JSON", "{"],
    ["no model", {}],
    ["a huge id", { ...tiny, model: { type: "BPE", vocab: { a: 1e15 }, merges: [] } }],
    ["an unknown decoder", { ...tiny, decoder: { type: "Magic" } }],
    ["an unknown post-processor", { ...tiny, post_processor: { type: "Magic" } }],
    ["an unknown pre-tokenizer", { ...tiny, pre_tokenizer: { type: "Magic" } }],
    ["merges outside the vocabulary", { ...tiny, model: { type: "BPE", vocab: { a: 0 }, merges: ["x y"] } }],
    ["an added token without id", { ...tiny, added_tokens: [{ content: "x" }] }],
  ])("%s is a CheckpointError with the path", async (_, content) => {
    const folder = folderWith({ "tokenizer.json": content });
    const error: unknown = await loadTokenizer(folder).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(CheckpointError);
    expect((error as Error).message).toContain("tokenizer.json");
  });
});
