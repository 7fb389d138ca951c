import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadTokenizer } from "./load-tokenizer.js";
import { logprobTokenBytes, logprobTokenText } from "./logprob-text.js";

const models = new URL("../../models/", import.meta.url).pathname;

describe.each(["quire-demo", "stories260K"])("%s", (name) => {
  it("parts of a character are empty, the last one shows it", async () => {
    const tokenizer = await loadTokenizer(join(models, name));
    const ids = await tokenizer.encode("was 🙂ok", { addSpecialTokens: false });
    const texts = ids.map((id, at) => logprobTokenText(tokenizer, id, ids.slice(0, at)));
    const at = texts.findIndex((text) => text.endsWith("🙂"));
    const start = ids.findIndex((id) => tokenizer.tokenBytes(id)![0]! >= 0xf0);
    expect(at).toBeGreaterThan(start);
    expect(texts[at]).toBe("🙂");
    for (const part of texts.slice(start, at)) expect(part).toBe("");
    expect(texts.slice(at + 1).join("")).toBe("ok");
  });

  it("without context a part stays empty; bytes are always there", async () => {
    const tokenizer = await loadTokenizer(join(models, name));
    const ids = await tokenizer.encode("🙂", { addSpecialTokens: false });
    expect(logprobTokenText(tokenizer, ids.at(-1)!)).toBe("");
    const bytes = ids.flatMap((id) => logprobTokenBytes(tokenizer, id)!);
    expect(Buffer.from(bytes).toString().trimStart()).toBe("🙂");
  });

  it("special tokens are shown, unknown ids are empty", async () => {
    const tokenizer = await loadTokenizer(join(models, name));
    expect(logprobTokenText(tokenizer, tokenizer.eosTokenId!)).toBe(tokenizer.specialTokens.eos_token);
    expect(logprobTokenText(tokenizer, 1e6)).toBe("");
    expect(logprobTokenBytes(tokenizer, 1e6)).toBeNull();
  });
});

it("SentencePiece: the text is decode's (no space), the bytes keep it", async () => {
  const tokenizer = await loadTokenizer(join(models, "stories260K"));
  const was = tokenizer.tokenToId("▁was")!;
  expect(logprobTokenText(tokenizer, was)).toBe("was");
  expect(logprobTokenBytes(tokenizer, was)).toEqual([...Buffer.from(" was")]);
});
