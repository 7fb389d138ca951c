/** The tokenizer in a thread of its own: the same as in the caller's, and nothing depends on how the thread ends. */
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, afterEach, expect, test } from "vitest";
import { loadTokenizer } from "./load-tokenizer.js";
import { TokenizerThread } from "./tokenizer-thread.js";

const models = new URL("../../models/", import.meta.url).pathname;
const scratch = mkdtempSync(join(tmpdir(), "quire-thread-"));
afterAll(() => rmSync(scratch, { recursive: true }));

const threads: TokenizerThread[] = [];
afterEach(() => threads.splice(0).forEach((thread) => thread.close()));

function start(folder: string): TokenizerThread {
  const thread = new TokenizerThread(folder);
  threads.push(thread);
  return thread;
}

test("it is the tokenizer that the caller's thread makes", async () => {
  for (const name of ["stories260K", "quire-demo"]) {
    const folder = join(models, name);
    const golden = JSON.parse(readFileSync(join(folder, "golden.json"), "utf8")) as {
      tokenizer?: { text: string }[];
      prompts?: { text: string }[];
    };
    const here = await loadTokenizer(folder);
    const there = (await start(folder).tokenizer())!;
    expect([there.engine, there.vocabSize, there.encodeSync]).toEqual(["native", here.vocabSize, undefined]);
    expect([there.bosTokenId, there.eosTokenId, there.chatTemplate]).toEqual([
      here.bosTokenId,
      here.eosTokenId,
      here.chatTemplate,
    ]);
    const texts = [...(golden.tokenizer ?? golden.prompts)!.map(({ text }) => text), "", "half a pair \ud800"];
    const answers = await Promise.all(texts.map((text) => there.encode(text)));
    for (const [i, text] of texts.entries()) {
      expect(answers[i], text).toEqual(await here.encode(text));
      expect(there.decode(answers[i]!)).toBe(here.decode(answers[i]!));
    }
    expect(await there.encode("a", { addSpecialTokens: false })).toEqual(
      await here.encode("a", { addSpecialTokens: false }),
    );
    for (let id = -1; id <= here.vocabSize; id++) {
      expect(there.idToToken(id)).toBe(here.idToToken(id));
      expect(there.tokenBytes(id)).toEqual(here.tokenBytes(id));
    }
  }
});

test("where it is not possible, there is none, and the thread is gone", async () => {
  const unigram = { model: { type: "Unigram", unk_id: 0, vocab: [["a", -1]] } };
  const noMerges = { model: { type: "BPE", vocab: { a: 0 }, merges: [["a", "b"]] } };
  const contents = [JSON.stringify(unigram), JSON.stringify(noMerges), undefined];
  const found = contents.map((content) => {
    const folder = mkdtempSync(join(scratch, "m-"));
    if (content === undefined) mkdirSync(join(folder, "tokenizer.json"));
    else writeFileSync(join(folder, "tokenizer.json"), content);
    return start(folder).tokenizer();
  });
  expect(await Promise.all(found)).toEqual(contents.map(() => undefined));
});

test("what a thread that ends has not answered is encoded all the same, and what comes later", async () => {
  const folder = join(models, "quire-demo");
  const text = "It is a long way to the sea. ".repeat(500);
  const expected = await (await loadTokenizer(folder)).encode(text);
  const tokenizer = (await start(folder).tokenizer())!;
  const pending = Array.from({ length: 20 }, () => tokenizer.encode(text));
  tokenizer.close!();
  for (const ids of await Promise.all(pending)) expect(ids).toEqual(expected);
  expect(await tokenizer.encode(text)).toEqual(expected);
  tokenizer.close!();

  const closed = start(folder);
  closed.close();
  expect(await closed.tokenizer()).toBeUndefined();
});

test("it keeps a process alive while something is awaited, and no longer", async () => {
  const code = `
    import { TokenizerThread } from ${JSON.stringify(new URL("tokenizer-thread.ts", import.meta.url).href)};
    const tokenizer = await new TokenizerThread(${JSON.stringify(join(models, "quire-demo"))}).tokenizer();
    process.stdout.write(JSON.stringify(await tokenizer.encode("It is")));`;
  const args = ["--import", "tsx", "--input-type=module", "-e", code];
  const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 25_000 });
  expect(JSON.parse(stdout)).toEqual(await (await loadTokenizer(join(models, "quire-demo"))).encode("It is"));
});
