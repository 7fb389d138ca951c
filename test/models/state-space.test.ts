/** Models with a state for each request, through scheduler, worker and engine: mixes, few slots, aborts, preemption. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { EngineOptions } from "../../src/config/engine-config.js";
import { parseEngineConfig } from "../../src/config/engine-config.js";
import { LLM } from "../../src/engine/llm.js";
import { registerModel } from "../../src/models/registry.js";
import { createWorker } from "../../src/worker/create-worker.js";
import { goldenCases, materializeCase } from "../support/golden.js";
import { HybridForCausalLM } from "../support/hybrid-model.js";
import { platformsHere } from "../support/platforms.js";
import { RandomMix } from "../support/random-mix.js";

const native = platformsHere().filter(({ label }) => label !== "reference");
const names = ["mamba", "mamba2", "falcon_mamba"];
const modelOf = (name: string): string => materializeCase(goldenCases().find((golden) => golden.name === name)!);
let hybrid = "";

beforeAll(() => {
  registerModel("HybridForCausalLM", HybridForCausalLM);
  hybrid = mkdtempSync(join(tmpdir(), "quire-hybrid-"));
  const sizes = { hidden_size: 32, num_hidden_layers: 6, num_attention_heads: 4, vocab_size: 97 };
  writeFileSync(join(hybrid, "config.json"), JSON.stringify({ architectures: ["HybridForCausalLM"], ...sizes }));
});
afterAll(() => rmSync(hybrid, { recursive: true }));

describe.skipIf(native.length === 0)("any mix of requests gives the bits that each gives alone", () => {
  const cases = native.flatMap((here) => [...names, "hybrid"].map((name) => [here.label, name, here] as const));
  test.each(cases)("%s %s", async (_, name, { options }) => {
    const isHybrid = name === "hybrid";
    const limits = { maxNumBatchedTokens: 128, maxNumSeqs: 8, kvCacheMemoryBytes: 16 * 2 ** 20, cpuThreads: 2 };
    const source = { model: isHybrid ? hybrid : modelOf(name), ...(isHybrid ? { loadFormat: "dummy" as const } : {}) };
    const config = {
      ...source,
      dtype: isHybrid ? "bfloat16" : "float32",
      blockSize: 16,
      ...limits,
      ...options,
    } as const;
    const worker = await createWorker(parseEngineConfig(config), {});
    try {
      const mix = new RandomMix(worker);
      for (let seed = 0; seed < 5; seed++) await mix.run(seed);
      // A request of states alone has all that it ever needs from its first step on.
      if (isHybrid) expect(mix.statistics.preemptions).toBeGreaterThan(0);
      expect(mix.statistics.prefixHits).toBe(0);
    } finally {
      worker.dispose();
    }
  });
});

const prompts = Array.from({ length: 12 }, (_, i) => ({
  promptTokenIds: Array.from({ length: 1 + 5 * i }, (_unused, j) => 3 + ((i * 31 + j * 7) % 290)),
}));
const greedy = { temperature: 0, maxTokens: 12, ignoreEos: true };

/** An LLM over a golden case, with lines of its log. */
function open(options: Partial<EngineOptions>): { llm: LLM; lines: string[] } {
  const lines: string[] = [];
  const model = { model: modelOf("mamba2"), dtype: "float32", skipTokenizerInit: true } as const;
  return { llm: new LLM({ ...model, ...options }, { log: (line: string) => lines.push(line) }), lines };
}

async function tokensOf(llm: LLM): Promise<number[][]> {
  return (await llm.generate(prompts, greedy)).map(({ outputs }) => [...outputs[0]!.tokenIds]);
}

describe("in an engine", () => {
  test("more requests than slots, and --max-num-seqs above them: all end, with the tokens that a large cache gives", async () => {
    const large = open({ kvCacheMemoryBytes: 64 * 2 ** 20 });
    const small = open({ numBlocksOverride: 4, maxNumSeqs: 24, maxNumBatchedTokens: 24 });
    try {
      const expected = await tokensOf(large.llm);
      expect(await tokensOf(small.llm)).toEqual(expected);
      expect(small.llm.stats().kvCacheUsage).toBe(0);
      // Again, in slots that hold the states of others.
      expect(await tokensOf(small.llm)).toEqual(expected);
    } finally {
      await large.llm[Symbol.asyncDispose]();
      await small.llm[Symbol.asyncDispose]();
    }
  });

  test("an aborted request gives its slot back", async () => {
    const { llm } = open({ numBlocksOverride: 2 });
    try {
      const alone = await tokensOf(llm);
      const controller = new AbortController();
      const given: number[] = [];
      const endless = { temperature: 0, maxTokens: 1000, ignoreEos: true };
      const stopped = (async () => {
        for await (const { outputs } of llm.stream(prompts[3]!, endless, { signal: controller.signal })) {
          given.push(...outputs[0]!.tokenIds);
          if (given.length > 3) controller.abort();
        }
      })();
      await expect(stopped).rejects.toThrow();
      expect(await tokensOf(llm)).toEqual(alone);
    } finally {
      await llm[Symbol.asyncDispose]();
    }
  });

  test("prefix caching is off, in one line; prompts of one beginning are computed whole", async () => {
    const { llm, lines } = open({ enablePrefixCaching: true });
    try {
      const [first] = await tokensOf(llm);
      expect((await tokensOf(llm))[0]).toEqual(first);
      expect(lines.filter((line) => /prefix caching is off/.test(line))).toHaveLength(1);
      expect(llm.stats().prefixCache.hits).toBe(0);
    } finally {
      await llm[Symbol.asyncDispose]();
    }
  });

  test("a model without a trained length takes any --max-model-len", async () => {
    const { llm } = open({ maxModelLen: 100_000 });
    try {
      await llm.ready();
      expect(await llm.generate(prompts[2]!, greedy)).toBeDefined();
    } finally {
      await llm[Symbol.asyncDispose]();
    }
  });
});
