import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { loadTokenizer } from "../../tokenizer/load-tokenizer.js";
import { arrivalTimes } from "./arrivals.js";
import { poolOfSize, poolOfTokenizer, randomTextPrompts, randomPrompts, randomWordPrompts } from "./random-prompts.js";
import type { RandomPromptOptions } from "./random-prompts.js";
import { RandomSource } from "./random-source.js";

const lengths = (more: Partial<RandomPromptOptions> = {}): RandomPromptOptions => ({
  ...{ numPrompts: 200, inputLen: 20, outputLen: 10, rangeRatio: 0, prefixLen: 0 },
  ...more,
});
const pool = poolOfSize(10_000);
const idsOf = (prompt: string | readonly number[]) => prompt as readonly number[];

describe("random numbers", () => {
  it("are the same for the same seeds, and others for any other", () => {
    const draws = (...seeds: number[]) =>
      Array.from(
        { length: 4 },
        (
          (random) => () =>
            random.next()
        )(new RandomSource(...seeds)),
      );
    expect(draws(1)).toEqual(draws(1));
    const all = [draws(0), draws(1), draws(0, 0), draws(0, 1), draws(1, 0), draws(2 ** 32), draws(2 ** 40 + 1)];
    expect(new Set(all.map(String)).size).toBe(all.length);
  });

  it("fill their range evenly", () => {
    const random = new RandomSource(5);
    const counts = [0, 0, 0, 0];
    for (let i = 0; i < 40_000; i++) counts[random.integer(3, 6) - 3]!++;
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(400);
  });

  it.each([0.3, 1, 4])("of the gamma distribution with shape %f have its mean and variance", (shape) => {
    const random = new RandomSource(9);
    const values = Array.from({ length: 40_000 }, () => random.gamma(shape));
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    expect(mean / shape).toBeCloseTo(1, 1);
    expect(variance / shape).toBeGreaterThan(0.9);
    expect(variance / shape).toBeLessThan(1.1);
  });
});

describe("random prompts", () => {
  it("are the same for the same seed and have exactly the lengths asked for", () => {
    const prompts = randomPrompts(new RandomSource(1), lengths(), pool);
    expect(randomPrompts(new RandomSource(1), lengths(), pool)).toEqual(prompts);
    expect(randomPrompts(new RandomSource(2), lengths(), pool)).not.toEqual(prompts);
    for (const { prompt, promptTokens, outputTokens } of prompts) {
      expect([prompt.length, promptTokens, outputTokens]).toEqual([20, 20, 10]);
      for (const id of idsOf(prompt)) expect(id >= 1000 && id < 10_000).toBe(true);
    }
  });

  it("vary by the ratio, ends included, and share a prefix", () => {
    const prompts = randomPrompts(new RandomSource(3), lengths({ rangeRatio: 0.25, prefixLen: 7 }), pool);
    const inputs = prompts.map(({ promptTokens }) => promptTokens! - 7);
    const outputs = prompts.map(({ outputTokens }) => outputTokens);
    expect([Math.min(...inputs), Math.max(...inputs)]).toEqual([15, 25]);
    expect([Math.min(...outputs), Math.max(...outputs)]).toEqual([7, 13]);
    expect(new Set(prompts.map(({ prompt }) => String(idsOf(prompt).slice(0, 7)))).size).toBe(1);
    expect(new Set(prompts.map(({ prompt }) => String(idsOf(prompt).slice(7, 12)))).size).toBe(prompts.length);
  });

  it("stay inside small vocabularies", () => {
    for (const { prompt } of randomPrompts(new RandomSource(0), lengths(), poolOfSize(512)))
      for (const id of idsOf(prompt)) expect(id >= 128 && id < 512).toBe(true);
  });

  it.each(["quire-demo", "stories260K"])(
    "leave out the special tokens of %s, and as text have the length",
    async (name) => {
      const tokenizer = await loadTokenizer(fileURLToPath(new URL(`../../../models/${name}`, import.meta.url)));
      const options = lengths({ numPrompts: 30, inputLen: 40, rangeRatio: 0.5 });
      const prompts = randomPrompts(new RandomSource(4), options, poolOfTokenizer(tokenizer));
      expect(prompts.flatMap(({ prompt }) => idsOf(prompt)).filter((id) => tokenizer.isSpecial(id))).toEqual([]);
      const texts = await randomTextPrompts(new RandomSource(5), options, tokenizer);
      expect(await randomTextPrompts(new RandomSource(5), options, tokenizer)).toEqual(texts);
      expect(new Set(texts.map(({ prompt }) => prompt)).size).toBe(30);
      const wanted = randomPrompts(new RandomSource(5), options, poolOfTokenizer(tokenizer));
      let exact = 0;
      for (const [i, { prompt, promptTokens }] of texts.entries()) {
        expect((await tokenizer.encode(prompt as string)).length).toBe(promptTokens);
        expect(Math.abs(promptTokens! - wanted[i]!.promptTokens!)).toBeLessThanOrEqual(1);
        if (promptTokens === wanted[i]!.promptTokens) exact++;
      }
      expect(exact).toBeGreaterThan(27);
    },
  );

  it("of words have as many words", () => {
    for (const { prompt, promptTokens } of randomWordPrompts(new RandomSource(1), lengths())) {
      expect((prompt as string).split(" ").length).toBe(20);
      expect(promptTokens).toBeUndefined();
    }
  });
});

describe("arrivals", () => {
  it("are all at once without a rate", () => {
    expect(arrivalTimes(3, Infinity, 1, new RandomSource(0))).toEqual([0, 0, 0]);
  });

  it("are even with infinite burstiness, and otherwise end at count / rate", () => {
    expect(arrivalTimes(4, 2, Infinity, new RandomSource(0))).toEqual([500, 1000, 1500, 2000]);
    for (const burstiness of [0.5, 1, 3]) {
      const times = arrivalTimes(100, 4, burstiness, new RandomSource(1));
      expect(times.at(-1)).toBeCloseTo(25_000, 6);
      expect(times).toEqual(times.toSorted((a, b) => a - b));
      const gaps = times.map((time, i) => time - (times[i - 1] ?? 0));
      const variance = gaps.reduce((sum, gap) => sum + (gap - 250) ** 2, 0) / gaps.length / 250 ** 2;
      expect(variance * burstiness).toBeGreaterThan(0.5);
      expect(variance * burstiness).toBeLessThan(2);
    }
  });
});
