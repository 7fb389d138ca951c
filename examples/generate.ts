/** Several prompts at once. `npx tsx examples/generate.ts [MODEL]` */
import { LLM } from "quirelm";

await using llm = new LLM({ model: process.argv[2] ?? "models/stories260K" });

const prompts = ["Once upon a time", "Lily and Tom", "The big dog"];
const outputs = await llm.generate(prompts, { temperature: 0, maxTokens: 30 });
outputs.forEach(({ outputs: [completion] }, i) => console.log(`${prompts[i]}${completion!.text}\n`));
