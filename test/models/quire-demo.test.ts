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

test("chosen log-probabilities are those that all of them would give, and a thinking budget puts its end", async () => {
  await using llm = new LLM({ model, kvCacheMemoryBytes: 2 ** 25, maxLogprobs: -1 });
  const { ids } = prompts[0]!;
  const all = await llm.generate(ids, { temperature: 0, maxTokens: 3, logprobs: -1 });
  const chosen = [5, 300, 7];
  const some = await llm.generate(ids, { temperature: 0, maxTokens: 3, logprobTokenIds: chosen });
  expect(some.outputs[0]!.tokenIds).toEqual(all.outputs[0]!.tokenIds);
  some.outputs[0]!.logprobs!.forEach((position, i) => {
    const own = some.outputs[0]!.tokenIds[i]!;
    expect([...position.keys()]).toEqual([own, ...chosen]);
    for (const [id, { logprob }] of position)
      expect(logprob).toBeCloseTo(all.outputs[0]!.logprobs![i]!.get(id)!.logprob, 5);
  });
  const thinkingBudget = { maxTokens: 2, startTokenIds: [], endTokenIds: [11, 12] };
  const cut = await llm.generate(ids, { temperature: 0, maxTokens: 6, ignoreEos: true, thinkingBudget });
  expect(cut.outputs[0]!.tokenIds.slice(0, 4)).toEqual([...all.outputs[0]!.tokenIds.slice(0, 2), 11, 12]);
});

test("a beam of one is greedy, and wider beams are no worse", async () => {
  await using llm = new LLM({ model, kvCacheMemoryBytes: 2 ** 25 });
  const { ids } = prompts[0]!;
  const greedy = await llm.generate(ids, { temperature: 0, maxTokens: 6, ignoreEos: true, logprobs: 1 });
  const search = { maxTokens: 6, ignoreEos: true };
  const [[one], [four]] = await Promise.all([
    llm.beamSearch([ids], { ...search, beamWidth: 1 }),
    llm.beamSearch([ids], { ...search, beamWidth: 4 }),
  ]);
  expect(one!.outputs[0]!.tokenIds).toEqual(greedy.outputs[0]!.tokenIds);
  expect(one!.outputs[0]!.text).toBe(greedy.outputs[0]!.text);
  expect(four!.outputs).toHaveLength(4);
  const sums = four!.outputs.map(({ cumulativeLogprob }) => cumulativeLogprob!);
  expect(sums).toEqual([...sums].sort((a, b) => b - a));
  expect(sums[0]).toBeGreaterThanOrEqual(greedy.outputs[0]!.cumulativeLogprob! - 1e-5);
});
