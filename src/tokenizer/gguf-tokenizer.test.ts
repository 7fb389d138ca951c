import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { CheckpointError } from "../util/errors.js";
import { BYTE_TO_CHAR } from "./byte-level.js";
import { ggufPreTokenizerNames } from "./gguf-pre-tokenizers.js";
import { tokenizerFromGguf } from "./gguf-tokenizer.js";
import { loadTokenizer } from "./load-tokenizer.js";

const models = new URL("../../models/", import.meta.url).pathname;
const demo = join(models, "quire-demo");
const engines = ["native", "javascript"] as const;

/** The demo model's tokenizer as a GGUF file would hold it. */
function demoMetadata(changes: Record<string, unknown> = {}): Map<string, unknown> {
  const json = JSON.parse(readFileSync(join(demo, "tokenizer.json"), "utf8")) as {
    model: { vocab: Record<string, number>; merges: (string | [string, string])[] };
  };
  const tokens = Object.entries(json.model.vocab).sort((a, b) => a[1] - b[1]);
  return new Map<string, unknown>(
    Object.entries({
      "tokenizer.ggml.model": "gpt2",
      "tokenizer.ggml.pre": "smollm",
      "tokenizer.ggml.tokens": tokens.map(([token]) => token),
      "tokenizer.ggml.token_type": tokens.map(([, id]) => (id < 3 ? 3 : 1)),
      "tokenizer.ggml.merges": json.model.merges.map((merge) => (typeof merge === "string" ? merge : merge.join(" "))),
      "tokenizer.ggml.bos_token_id": 1,
      "tokenizer.ggml.eos_token_id": 2,
      "tokenizer.ggml.padding_token_id": 0,
      "tokenizer.ggml.unknown_token_id": 4294967295,
      "tokenizer.chat_template": "{{ messages }}",
      ...changes,
    }),
  );
}

const { tokenizer: hardTexts } = JSON.parse(readFileSync(join(models, "stories260K", "golden.json"), "utf8")) as {
  tokenizer: { text: string }[];
};

describe("byte-level BPE", () => {
  it.each(engines)("equals the tokenizer.json that it was made from (%s)", async (engine) => {
    const expected = await loadTokenizer(demo);
    const tokenizer = await tokenizerFromGguf(demoMetadata(), { engine });
    for (const { text } of hardTexts) {
      const ids = await expected.encode(text);
      expect(await tokenizer.encode(text), text).toEqual(ids);
      expect(tokenizer.decode(ids)).toBe(expected.decode(ids));
    }
    expect([tokenizer.bosTokenId, tokenizer.eosTokenId, tokenizer.padTokenId]).toEqual([1, 2, 0]);
    expect(tokenizer.specialTokens.unk_token).toBeUndefined();
    expect(tokenizer.isSpecial(1)).toBe(true);
    expect(tokenizer.chatTemplate).toBe("{{ messages }}");
  });

  it("add_bos_token and add_eos_token", async () => {
    const flags = { "tokenizer.ggml.add_bos_token": true, "tokenizer.ggml.add_eos_token": true };
    const ids = await (await tokenizerFromGguf(demoMetadata(flags))).encode("Hi");
    expect([ids[0], ids.at(-1)]).toEqual([1, 2]);
    const llama = await tokenizerFromGguf(demoMetadata({ "tokenizer.ggml.pre": "llama-bpe" }));
    expect((await llama.encode("Hi"))[0]).toBe(1);
  });
});

/** Words that a `pre` cuts: with every byte and every wanted word in the vocabulary, and no merge but ready-made words. */
async function words(pre: string, text: string, engine: "native" | "javascript"): Promise<number[]> {
  return (await tokenizerFromGguf(demoMetadata({ "tokenizer.ggml.pre": pre }), { engine })).encode(text);
}

describe("pre-tokenizers", () => {
  const text = "I'LL don't  123456 Hello\n\n  wörld!! ½ abcDEF 你好 x_y\t$3.50 ";

  it.each(ggufPreTokenizerNames())("%s works in both engines alike", async (pre) => {
    expect(await words(pre, text, "native")).toEqual(await words(pre, text, "javascript"));
  });

  it.each([
    ["gpt-2", "a12345 b", ["a", "12345", "Ġb"]],
    ["smollm", "a123 b", ["a", "1", "2", "3", "Ġb"]],
    ["llama-bpe", "a12345 b\n\n", ["a", "123", "45", "Ġb", "ĊĊ"]],
    ["qwen2", "a123'RE", ["a", "1", "2", "3", "'RE"]],
    ["default", "a1234 b!?", ["a", "123", "4", "Ġb", "!?"]],
    ["gpt-4o", "fooBar", ["foo", "Bar"]],
  ])("%s cuts %j", async (pre, input, expected) => {
    // Each wanted word can be built by merges from its left; a cut shows in that nothing longer is ever built.
    const tokens = new Set(BYTE_TO_CHAR);
    const merges: string[] = [];
    const whole = expected.join("");
    for (let start = 0; start < whole.length; start++) {
      for (let end = start + 2; end <= whole.length; end++) {
        tokens.add(whole.slice(start, end));
        merges.push(`${whole.slice(start, end - 1)} ${whole[end - 1]}`);
      }
    }
    const metadata = demoMetadata({
      "tokenizer.ggml.pre": pre,
      "tokenizer.ggml.add_bos_token": false,
      "tokenizer.ggml.tokens": [...tokens],
      "tokenizer.ggml.token_type": undefined,
      "tokenizer.ggml.merges": [...new Set(merges)],
    });
    const tokenizer = await tokenizerFromGguf(metadata);
    expect((await tokenizer.encode(input)).map((id) => tokenizer.idToToken(id))).toEqual(expected);
  });
});

describe("bad metadata is a CheckpointError that names the key", () => {
  it.each([
    [{ "tokenizer.ggml.model": undefined }, /tokenizer\.ggml\.model is missing; supported: "llama"/],
    [{ "tokenizer.ggml.model": "bert" }, /model is "bert"/],
    [{ "tokenizer.ggml.pre": "smolm" }, /pre is "smolm", which is not known; closest: "smollm"/],
    [{ "tokenizer.ggml.tokens": undefined }, /tokens is missing/],
    [{ "tokenizer.ggml.tokens": [1, 2] }, /tokens must be a list of strings/],
    [{ "tokenizer.ggml.token_type": [1] }, /token_type has 1 entries for 6144 tokens/],
    [{ "tokenizer.ggml.merges": undefined }, /merges is missing/],
    [{ "tokenizer.ggml.merges": ["a b c"] }, /merge 1 is "a b c"/],
    [{ "tokenizer.ggml.add_bos_token": 1 }, /add_bos_token must be a boolean/],
    [{ "tokenizer.ggml.model": "llama" }, /scores is missing/],
  ])("%j", async (changes, message) => {
    const error: unknown = await tokenizerFromGguf(demoMetadata(changes)).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(CheckpointError);
    expect((error as Error).message).toMatch(message);
  });
});
