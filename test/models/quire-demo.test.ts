/** The bundled model: ids, answers and best logits as Transformers computes them in float32; its own bfloat16 answers alike. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { LLM } from "../../src/index.js";

interface DemoPrompt {
  text: string;
  ids: number[];
  greedy_ids: number[];
  greedy_text: string;
  stopped: boolean;
  top8_ids: number[];
  top8_logits: number[];
}
const model = "models/quire-demo";
const { prompts } = JSON.parse(readFileSync(`${model}/golden.json`, "utf8")) as { prompts: DemoPrompt[] };

describe.each(["float32", "bfloat16"] as const)("quire-demo in %s", (dtype) => {
  test("answers as its golden says", async () => {
    await using llm = new LLM({ model, dtype, kvCacheMemoryBytes: 2 ** 25 });
    const outputs = await llm.generate(
      prompts.map(({ ids }) => ids),
      { temperature: 0, maxTokens: 48, logprobs: 8 },
    );
    let numEqual = 0;
    outputs.forEach(({ outputs: [completion] }, i) => {
      const golden = prompts[i]!;
      const { tokenIds, text, finishReason, logprobs } = completion!;
      const first = logprobs![0]!;
      const best = first.get(golden.top8_ids[0]!)!.logprob - golden.top8_logits[0]!;
      golden.top8_ids.forEach((id, j) => {
        const difference = first.get(id)!.logprob - golden.top8_logits[j]! - best;
        expect(Math.abs(difference), `${golden.text} token ${id}`).toBeLessThan(dtype === "float32" ? 1e-3 : 0.3);
      });
      if (tokenIds.join() === golden.greedy_ids.join()) numEqual++;
      if (dtype === "bfloat16") return;
      expect(tokenIds).toEqual(golden.greedy_ids);
      expect(text).toBe(golden.greedy_text);
      expect(finishReason).toBe(golden.stopped ? "stop" : "length");
    });
    expect(numEqual).toBeGreaterThan(prompts.length * 0.7);
  });
});
