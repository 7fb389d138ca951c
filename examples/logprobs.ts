/** How likely a text is to the model: log-probabilities of the prompt. `npx tsx examples/logprobs.ts [MODEL]` */
import { LLM } from "quirelm";

await using llm = new LLM({ model: process.argv[2] ?? "models/stories260K" });

for (const text of ["Once upon a time, there was a little girl.", "Once girl a, time little was there upon a."]) {
  const { promptTokenIds, promptLogprobs } = await llm.generate(text, { maxTokens: 1, promptLogprobs: 0 });
  const sum = promptTokenIds.reduce((total, id, i) => total + (promptLogprobs![i]?.get(id)?.logprob ?? 0), 0);
  console.log(`${(sum / (promptTokenIds.length - 1)).toFixed(3)} per token: ${text}`);
}
