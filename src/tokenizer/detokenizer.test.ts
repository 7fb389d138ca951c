import { join } from "node:path";
import fc from "fast-check";
import { Tokenizer as NativeTokenizer } from "tokenizers";
import { describe, expect, it } from "vitest";
import { addedToken, checkTokenizerJson } from "./tokenizer-json.js";
import { createTokenizer } from "./tokenizer.js";
import type { Tokenizer } from "./tokenizer.js";
import { loadTokenizer } from "./load-tokenizer.js";

const models = new URL("../../models/", import.meta.url).pathname;
const stories = await loadTokenizer(join(models, "stories260K"));
const demo = await loadTokenizer(join(models, "quire-demo"));

/** A tokenizer whose vocabulary is the list, with the given decoder. */
function withDecoder(tokens: string[], decoder: unknown, special: string[] = []): Promise<Tokenizer> {
  const json = checkTokenizerJson(
    {
      added_tokens: special.map((token) => addedToken(tokens.indexOf(token), token, { special: true })),
      decoder,
      model: {
        type: "WordLevel",
        vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
        unk_token: tokens[0],
      },
    },
    "test",
  );
  return createTokenizer(json, { specialTokens: {}, addedTokens: [] }, "test");
}

/** The text of a stream that gets the ids in chunks, the chunk lengths repeating. */
function streamed(tokenizer: Tokenizer, prompt: number[], ids: number[], chunks: number[], skip: boolean): string {
  const stream = tokenizer.createDetokenizer(prompt, { skipSpecialTokens: skip });
  let text = "";
  for (let at = 0, turn = 0; at < ids.length; turn++) {
    const length = chunks[turn % chunks.length]!;
    text += stream.push(ids.slice(at, at + length));
    at += length;
  }
  return text + stream.flush();
}

const chunkLengths = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 });

/** Whether some run of byte tokens holds a complete character and is invalid later: the documented exception. */
function hasLateInvalidByte(tokenizer: Tokenizer, ids: number[], skip: boolean): boolean {
  const isByte = (id: number): boolean => /^<0x..>$/.test(tokenizer.idToToken(id) ?? "");
  const kept = ids.filter((id) => tokenizer.idToToken(id) !== undefined && !(skip && tokenizer.isSpecial(id)));
  const runs: number[][] = [[]];
  for (const id of kept) {
    if (isByte(id)) runs.at(-1)!.push(id);
    else runs.push([]);
  }
  return runs.some((run) => {
    const bytes = Buffer.from(run.map((id) => Number.parseInt(tokenizer.idToToken(id)!.slice(3, 5), 16)));
    if (Buffer.compare(Buffer.from(bytes.toString()), bytes) === 0) return false;
    return bytes.some((_, end) => {
      const head = bytes.subarray(0, end + 1);
      return Buffer.compare(Buffer.from(head.toString()), head) === 0;
    });
  });
}

describe.each([
  ["byte-level", demo, "quire-demo"],
  ["byte fallback", stories, "stories260K"],
] as const)("%s: increments make up the whole text", (_, tokenizer, folder) => {
  const anyId = fc.integer({ min: 0, max: tokenizer.vocabSize + 3 });
  // Single bytes are rare in a large vocabulary: make them common, so that characters are put together and broken.
  const byteIds = Array.from({ length: tokenizer.vocabSize }, (__, id) => id).filter(
    (id) => tokenizer.tokenBytes(id)!.length === 1,
  );
  const ids = fc.array(fc.oneof(anyId, fc.constantFrom(...byteIds)), { maxLength: 40 });

  it("decode equals the native tokenizer's", async () => {
    const native = NativeTokenizer.fromFile(join(models, folder, "tokenizer.json"));
    await fc.assert(
      fc.asyncProperty(ids, fc.boolean(), async (list, skip) => {
        expect(tokenizer.decode(list, { skipSpecialTokens: skip })).toBe(await native.decode(list, skip));
      }),
      { numRuns: 400 },
    );
  });

  it("random ids in random chunks", () => {
    fc.assert(
      fc.property(ids, chunkLengths, fc.boolean(), (list, chunks, skip) => {
        fc.pre(!hasLateInvalidByte(tokenizer, list, skip));
        expect(streamed(tokenizer, [], list, chunks, skip)).toBe(tokenizer.decode(list, { skipSpecialTokens: skip }));
      }),
      { numRuns: 500 },
    );
  });

  it("after a prompt, the text is what follows the prompt's own", () => {
    fc.assert(
      fc.property(ids, ids, fc.boolean(), (prompt, output, skip) => {
        const both = [...prompt, ...output];
        fc.pre(!hasLateInvalidByte(tokenizer, both, skip));
        const stream = tokenizer.createDetokenizer([], { skipSpecialTokens: skip });
        const before = stream.push(prompt);
        const after = streamed(tokenizer, prompt, output, [1], skip);
        const whole = tokenizer.decode(both, { skipSpecialTokens: skip });
        // Nothing is added for an output without text; then bytes that the prompt left open stay the prompt's.
        if (after !== "") expect(before + after).toBe(whole);
        else expect(whole.replace(/\uFFFD+$/, "")).toBe(before.replace(/\uFFFD+$/, ""));
      }),
      { numRuns: 400 },
    );
  });

  it("real text, token by token, and never half a character", async () => {
    const text = "Straße 你好 👩‍👩‍👧‍👦 e\u0301 𝔘 \u00a0 ﷺ\ufeff end";
    const list = await tokenizer.encode(text, { addSpecialTokens: false });
    const stream = tokenizer.createDetokenizer([]);
    const parts = list.map((id) => stream.push([id]));
    expect(parts.join("") + stream.flush()).toBe(text);
    for (const part of parts) expect(part).not.toMatch(/\p{Surrogate}/u);
    expect(parts.join("")).not.toContain("\uFFFD");
  });
});

describe("bytes held back", () => {
  const byteToken = (byte: number): number =>
    stories.tokenToId(`<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`)!;
  const [newline, e4, bd, a0] = [0x0a, 0xe4, 0xbd, 0xa0].map(byteToken) as [number, number, number, number];
  const word = stories.tokenToId("▁was")!;

  it("a complete character is sent at once, also within a run", () => {
    const stream = stories.createDetokenizer([word]);
    expect([newline, e4, bd, a0].map((id) => stream.push([id]))).toEqual(["\n", "", "", "你"]);
  });

  it("an invalid run is one U+FFFD for each byte, as decode gives", () => {
    const stream = stories.createDetokenizer([word]);
    expect([e4, e4, newline, word].map((id) => stream.push([id]))).toEqual(["", "\uFFFD\uFFFD", "\uFFFD", " was"]);
    expect(stories.decode([word, e4, e4, newline, word])).toBe("was\uFFFD\uFFFD\uFFFD was");
  });

  it("the end of the text turns the rest into U+FFFD", () => {
    const stream = stories.createDetokenizer([word]);
    expect(stream.push([e4, bd])).toBe("");
    expect(stream.flush()).toBe("\uFFFD\uFFFD");
    expect(stories.decode([e4, bd])).toBe("\uFFFD\uFFFD");
  });

  it("a character that the prompt began is finished; one that it left alone is not the output's", () => {
    expect(stories.createDetokenizer([word, e4, bd]).push([a0])).toBe("你");
    expect(stories.createDetokenizer([word, e4, bd]).flush()).toBe("");
  });
});

describe("the space of the first token", () => {
  const [bos, was] = [1, stories.tokenToId("▁was")!];

  it("is stripped at the start of a text, kept after a prompt and after visible special tokens", () => {
    expect(stories.createDetokenizer([]).push([was, was])).toBe("was was");
    expect(stories.createDetokenizer([bos]).push([was])).toBe("was");
    expect(stories.createDetokenizer([was]).push([was])).toBe(" was");
    expect(stories.createDetokenizer([bos], { skipSpecialTokens: false }).push([was])).toBe(" was");
    expect(stories.decode([bos, was], { skipSpecialTokens: false })).toBe("<s> was");
  });

  it("Metaspace decoders take it from the first token alone", async () => {
    const tokens = ["<unk>", "▁a", "▁", "b▁c"];
    const metaspace = { type: "Metaspace", replacement: "▁", prepend_scheme: "always", split: true };
    const tokenizer = await withDecoder(tokens, metaspace, ["<unk>"]);
    fc.assert(
      fc.property(fc.array(fc.nat(3), { maxLength: 6 }), chunkLengths, fc.boolean(), (list, chunks, skip) => {
        const whole = tokenizer.decode(list, { skipSpecialTokens: skip });
        expect(streamed(tokenizer, [], list, chunks, skip)).toBe(whole);
      }),
    );
    expect(tokenizer.decode([2, 1, 3])).toBe(" ab c");
  });
});

describe("decoders that need their neighbours", () => {
  it("WordPiece", async () => {
    const decoder = { type: "WordPiece", prefix: "##", cleanup: true };
    const tokenizer = await withDecoder(["[UNK]", "un", "##able", ".", "to"], decoder, ["[UNK]"]);
    expect(tokenizer.decode([1, 2, 4, 1, 3])).toBe("unable to un.");
    expect(streamed(tokenizer, [], [1, 2, 4, 0, 1, 3], [1], true)).toBe("unable to un.");
  });

  it("BPEDecoder ends words by a suffix", async () => {
    const tokenizer = await withDecoder(["a", "b</w>", "c</w>"], { type: "BPEDecoder", suffix: "</w>" });
    fc.assert(
      fc.property(fc.array(fc.nat(2), { maxLength: 8 }), chunkLengths, (list, chunks) => {
        expect(streamed(tokenizer, [], list, chunks, true)).toBe(tokenizer.decode(list));
      }),
    );
    expect(tokenizer.decode([0, 1, 2])).toBe("ab c");
  });

  it("no decoder joins tokens by spaces", async () => {
    const tokenizer = await withDecoder(["a", "b"], null);
    expect(tokenizer.decode([0, 1, 7])).toBe("a b");
    expect(streamed(tokenizer, [], [0, 1, 1], [1], true)).toBe("a b b");
  });
});
