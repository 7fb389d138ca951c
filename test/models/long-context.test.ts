/** 32k-token contexts: one answer however the prompt is cut, whatever runs beside it, and memory that is planned for the length. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { EngineOptions } from "../../src/config/engine-config.js";
import { LLM } from "../../src/engine/llm.js";
import { tryLoadNativeBinding } from "../../src/platform/native-binding.js";

const length = 32768;
const folder = mkdtempSync(join(tmpdir(), "quire-long-"));
afterAll(() => rmSync(folder, { recursive: true }));
const config = {
  ...{ architectures: ["LlamaForCausalLM"], model_type: "llama", hidden_act: "silu", rms_norm_eps: 1e-5 },
  ...{ hidden_size: 16, intermediate_size: 32, num_hidden_layers: 1, num_attention_heads: 1, num_key_value_heads: 1 },
  ...{ vocab_size: 300, max_position_embeddings: length, rope_theta: 1e6, tie_word_embeddings: true },
};
writeFileSync(join(folder, "config.json"), JSON.stringify(config));

const prompt = Array.from({ length: length - 8 }, (_, i) => (Math.imul(i, 0x9e3779b1) >>> 20) % 300);
const base = { model: folder, loadFormat: "dummy", skipTokenizerInit: true, maxNumSeqs: 4 } as const;
const open = (options: Partial<EngineOptions>): LLM => new LLM({ ...base, ...options });

async function generate(options: Partial<EngineOptions>, prompts: number[][]) {
  await using llm = open({ kvCacheMemoryBytes: 2 ** 25, enablePrefixCaching: false, ...options });
  const inputs = prompts.map((promptTokenIds) => ({ promptTokenIds }));
  const outputs = await llm.generate(inputs, { temperature: 0, maxTokens: 8, ignoreEos: true, logprobs: 2 });
  return outputs.map(({ outputs: [output] }) => ({
    tokenIds: output!.tokenIds,
    reason: output!.finishReason,
    logprobs: output!.logprobs,
  }));
}

describe.skipIf(!tryLoadNativeBinding().binding)("a prompt of 32,760 tokens and 8 more", () => {
  test.each(["float32", "bfloat16"] as const)(
    "%s cache",
    async (kvCacheDtype) => {
      const [wanted] = await generate({ kvCacheDtype, maxNumBatchedTokens: 4096 }, [prompt]);
      expect(wanted).toMatchObject({ reason: "length" });
      expect(wanted!.tokenIds).toHaveLength(8);
      const others = [prompt.slice(0, 700), prompt.slice(50, 90)];
      const [mixed] = await generate({ kvCacheDtype, maxNumBatchedTokens: 1500 }, [prompt, ...others]);
      expect(mixed).toEqual(wanted);
      // What lies far back counts: a sharp test needs it.
      const [changed] = await generate({ kvCacheDtype, maxNumBatchedTokens: 4096 }, [prompt.with(0, 7)]);
      expect(changed!.logprobs).not.toEqual(wanted!.logprobs);
    },
    120_000,
  );

  test("one token too many is refused by name", async () => {
    await using llm = open({ kvCacheMemoryBytes: 2 ** 25 });
    const long = { promptTokenIds: [...prompt, ...prompt.slice(0, 9)] };
    await expect(llm.generate(long, { maxTokens: 1 })).rejects.toThrow(/32768/);
  });
});

describe("memory for a context that does not fit", () => {
  // A block of 16 tokens: keys and values of one head of 16 in bfloat16 = 1 KiB; 2,048 blocks and an empty one are needed.
  const memory = { kvCacheMemoryBytes: 2 ** 20, kvCacheDtype: "bfloat16", platform: "reference" } as const;

  test("the error names the longest that fits", async () => {
    const failing = open(memory).ready();
    await expect(failing).rejects.toThrow(
      /--max-model-len 32768 needs 2049 blocks.*lower --max-model-len to at most 16368/,
    );
    await using llm = open({ ...memory, maxModelLen: 16368 });
    await llm.ready();
  });

  test("--max-model-len auto takes it", async () => {
    await using llm = open({ ...memory, maxModelLen: "auto" });
    await llm.ready();
    await expect(llm.generate({ promptTokenIds: prompt.slice(0, 16369) }, { maxTokens: 1 })).rejects.toThrow(/16368/);
  });
});
