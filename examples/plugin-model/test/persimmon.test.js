/** The plugin and the model work together: random weights, no checkpoint needed. `quire check` proves more. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { LLM } from "quirelm";

const config = {
  architectures: ["PersimmonForCausalLM"],
  model_type: "persimmon",
  hidden_size: 64,
  intermediate_size: 96,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  max_position_embeddings: 128,
  vocab_size: 192,
};

test("requests give the same tokens alone and together", async () => {
  const model = mkdtempSync(join(tmpdir(), "persimmon-"));
  writeFileSync(join(model, "config.json"), JSON.stringify(config));
  const options = {
    model,
    plugins: ["./dist/plugin.js"],
    loadFormat: "dummy",
    dtype: "float32",
    skipTokenizerInit: true,
  };
  const llm = new LLM({ ...options, kvCacheMemoryBytes: "16MiB" });
  try {
    const params = { temperature: 0, maxTokens: 8, ignoreEos: true };
    const prompts = [[5], [7, 8, 9, 10], [1, 2, 3]].map((promptTokenIds) => ({ promptTokenIds }));
    const together = await llm.generate(prompts, params);
    for (const [i, prompt] of prompts.entries()) {
      const alone = await llm.generate(prompt, params);
      assert.deepEqual([...alone.outputs[0].tokenIds], [...together[i].outputs[0].tokenIds]);
    }
  } finally {
    await llm.close();
    rmSync(model, { recursive: true });
  }
});
