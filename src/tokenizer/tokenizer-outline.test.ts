/** The outline of a tokenizer.json: what is cut, what is left alone, and when all of it must be parsed. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { loadTokenizer } from "./load-tokenizer.js";
import { outlineTokenizerJson } from "./tokenizer-outline.js";
import { tableOfOutline } from "./vocabulary-text.js";

const outlined = (text: string) => outlineTokenizerJson(new TextEncoder().encode(text));

const odd = { 'a"b': 3, "c\\": 7, '\\"merges": [': 1, "}": 0, "é\u2028 {": 12, '"vocab": {': 5 };
const model = { type: "BPE", vocab: odd, merges: [["[", "]"], 'x" ] y', "\\"], unk_token: "vocab" };
const whole = {
  vocab: { a: 1 },
  added_tokens: [{ id: 20, content: "merges" }],
  merges: [1],
  model,
  decoder: { model },
};

test.each([undefined, 2])("vocabulary and merges of the model are cut, nothing else (indent %s)", (indent) => {
  const outline = outlined(JSON.stringify(whole, null, indent))!;
  expect(JSON.parse(outline.json)).toEqual({ ...whole, model: { ...model, vocab: {}, merges: [] } });
  expect(outline.positions.length).toBe(13);
  const table = tableOfOutline(outline, [], 13);
  for (const [token, id] of Object.entries(odd)) {
    expect(table.tokenOf(id)).toBe(token);
    expect(table.idOf(token)).toBe(id);
  }
  expect(JSON.parse(Buffer.from(outline.vocabulary).toString("utf8"))).toEqual(odd);
  for (const id of [-1, 2, 13, 1.5]) expect(table.tokenOf(id)).toBeUndefined();
  expect(table.idOf("a")).toBeUndefined();
});

test("an empty vocabulary, and a model without merges", () => {
  const { json, positions } = outlined('{"model":{"vocab":{ }}}')!;
  expect([json, positions.length]).toEqual(['{"model":{"vocab":{}}}', 0]);
});

test("what is not as expected is left to the parser", () => {
  const texts = [
    '{"model":{"vocab":[["a",-1.5]]}}',
    '{"model":{"vocab":{"a":-1}}}',
    '{"model":{"vocab":{"a":1.5}}}',
    '{"model":{"vocab":{"a":"1"}}}',
    '{"model":{"vocab":{"a":1,}}}',
    '{"model":{"vocab":{"a":4194304}}}',
    '{"model":{"vocab":{"a":1},"vocab":{"b":2}}}',
    '{"model":{"vocab":{"a":1},"merges":5}}',
    '{"vocab":{"a":1}}',
    "[]",
    "",
  ];
  for (const text of texts) expect(outlined(text), text).toBeUndefined();
  const text = JSON.stringify(whole);
  for (let length = 0; length < text.length; length++) expect(outlined(text.slice(0, length))).toBeUndefined();
});

test("the tokenizer is the same as with all of the file parsed, holes in the ids too", async () => {
  const folder = mkdtempSync(join(tmpdir(), "quire-outline-"));
  try {
    const demo = fileURLToPath(new URL("../../models/quire-demo/tokenizer.json", import.meta.url));
    const json = JSON.parse(readFileSync(demo, "utf8")) as {
      added_tokens: object[];
      model: { vocab: Record<string, number> };
    };
    const [last] = Object.keys(json.model.vocab).slice(-1);
    json.model.vocab[last!]! += 40;
    writeFileSync(join(folder, "tokenizer.json"), JSON.stringify(json));
    const quick = await loadTokenizer(folder);
    const whole = await loadTokenizer(folder, { engine: "javascript" });
    expect(quick.engine).toBe("native");
    expect(quick.vocabSize).toBe(whole.vocabSize);
    for (let id = -1; id <= whole.vocabSize; id++) {
      expect(quick.idToToken(id)).toBe(whole.idToToken(id));
      expect(quick.isSpecial(id)).toBe(whole.isSpecial(id));
      expect(quick.tokenBytes(id)).toEqual(whole.tokenBytes(id));
      const token = whole.idToToken(id);
      if (token !== undefined) expect(quick.tokenToId(token)).toBe(whole.tokenToId(token));
    }
    expect(quick.tokenToId("no such token")).toBeUndefined();
    expect(quick.idToToken(1.5)).toBeUndefined();
  } finally {
    rmSync(folder, { recursive: true });
  }
});
