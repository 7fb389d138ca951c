import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { ConfigError } from "../../util/errors.js";
import { readPromptFile } from "./prompt-file.js";
import type { PromptFileOptions } from "./prompt-file.js";
import { openPromptSource } from "./prompt-source.js";
import { poolOfSize } from "./random-prompts.js";
import { RandomSource } from "./random-source.js";

const scratch = mkdtempSync(join(tmpdir(), "quire-prompts-"));
afterAll(() => rmSync(scratch, { recursive: true }));
const path = join(scratch, "prompts");

/** A token is a character. */
const countTokens = async (text: string) => text.length;

function read(text: string, format: "custom" | "sharegpt", more: Partial<PromptFileOptions> = {}, seed = 0) {
  writeFileSync(path, text);
  const options = { path, format, outputLen: undefined, defaultOutputLen: 64, countTokens, ...more };
  return readPromptFile(options, new RandomSource(seed));
}

describe("custom files", () => {
  const lines = '{"prompt": "one", "output_tokens": 7}\n\n{"prompt": "three"}\r\n{"prompt":"x","output_tokens":null}\n';

  it("give their lines in order, again from the beginning", async () => {
    const supply = await read(lines, "custom");
    expect(supply.take(4)).toEqual([
      { prompt: "one", promptTokens: 3, outputTokens: 7 },
      { prompt: "three", promptTokens: 5, outputTokens: 64 },
      { prompt: "x", promptTokens: 1, outputTokens: 64 },
      { prompt: "one", promptTokens: 3, outputTokens: 7 },
    ]);
    expect(supply.take(1)[0]!.prompt).toBe("three");
  });

  it("yield to a wanted output length, and need no tokenizer", async () => {
    const supply = await read(lines, "custom", { outputLen: 9, countTokens: undefined });
    expect(supply.take(1)).toEqual([{ prompt: "one", promptTokens: undefined, outputTokens: 9 }]);
  });

  it.each([
    ["{", /line 1: .*JSON/],
    ['{"prompt":"a"}\n[]', /line 2: expected \{"prompt": "a text"\}; got undefined/],
    ['{"prompt":5}', /got 5 as prompt/],
    ['{"prompt":""}', /as prompt/],
    ['{"prompt":"a","output_tokens":0}', /output_tokens: expected an integer from 1; got 0/],
    ["null", /line 1: expected an object or a list; got null/],
    ["\n", /no usable prompt/],
  ])("that are wrong say where: %s", async (text, message) => {
    const reading = read(text, "custom");
    await expect(reading).rejects.toThrow(ConfigError);
    await expect(reading).rejects.toThrow(message);
  });

  it("that are missing are told", async () => {
    await expect(read("", "custom", { path: join(scratch, "nothere") })).rejects.toThrow(/nothere: cannot be read/);
  });
});

describe("ShareGPT files", () => {
  const talk = (question: unknown, answer: unknown) => ({ conversations: [{ value: question }, { value: answer }] });

  it("give first turns that are neither too short nor too long, shuffled by the seed", async () => {
    const good = Array.from({ length: 20 }, (_, i) => talk(`question ${i}`, "answer"));
    const bad = [
      talk("abc", "answer"),
      talk("abcd", "abc"),
      talk("q".repeat(1025), "abcd"),
      talk("q".repeat(1000), "a".repeat(1049)),
    ];
    const other = [talk(1, 2), { conversations: [{ value: "alone, no answer" }] }, {}, null];
    const text = JSON.stringify([...bad, ...good, ...other]);
    const prompts = (await read(text, "sharegpt")).take(20);
    expect(prompts.map(({ prompt }) => prompt).toSorted()).toEqual(
      good.map(({ conversations }) => conversations[0]!.value).toSorted(),
    );
    expect(prompts[0]).toEqual({
      prompt: prompts[0]!.prompt,
      promptTokens: (prompts[0]!.prompt as string).length,
      outputTokens: 6,
    });
    expect((await read(text, "sharegpt")).take(20)).toEqual(prompts);
    expect((await read(text, "sharegpt", {}, 1)).take(20)).not.toEqual(prompts);
  });

  it("without a tokenizer count four characters as a token", async () => {
    const text = JSON.stringify([talk("sixteen letters!", "a".repeat(30))]);
    const supply = await read(text, "sharegpt", { countTokens: undefined });
    expect(supply.take(1)).toEqual([{ prompt: "sixteen letters!", promptTokens: undefined, outputTokens: 8 }]);
  });

  it.each([
    ["{}", /expected a list of conversations/],
    ["[]", /no usable prompt/],
    ["[", /JSON/],
  ])("that are wrong are told: %s", async (text, message) => {
    await expect(read(text, "sharegpt")).rejects.toThrow(message);
  });
});

describe("sources", () => {
  const dataset = {
    path: undefined,
    inputLen: 5,
    outputLen: undefined,
    defaultOutputLen: 3,
    rangeRatio: 0,
    prefixLen: 0,
  };

  it("of random prompts never give the same twice, and the same again for the same seed", async () => {
    const open = (seed: number) =>
      openPromptSource({ ...dataset, name: "random", seed }, { kind: "ids", pool: poolOfSize(5000) });
    const source = await open(1);
    const [first, second] = [await source(4), await source(4)];
    expect(second).not.toEqual(first);
    const again = await open(1);
    expect([await again(4), await again(4)]).toEqual([first, second]);
    expect(await (await open(2))(4)).not.toEqual(first);
    expect(first[0]).toMatchObject({ promptTokens: 5, outputTokens: 3 });
  });

  it("of files need one", async () => {
    const opening = openPromptSource({ ...dataset, name: "custom", seed: 0 }, { kind: "words" });
    await expect(opening).rejects.toThrow("--dataset-name custom needs a file: --dataset-path FILE");
  });
});
