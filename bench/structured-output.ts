/** What structured outputs cost per step: a schema against none, at batch 1 and 16. `npx tsx bench/structured-output.ts [MODEL]` */
import { LLM } from "../src/index.js";

const model = process.argv[2] ?? "models/quire-demo";
const NUM_TOKENS = 128;
const schema = {
  type: "object",
  properties: {
    name: { type: "string", minLength: 1 },
    size: { type: "integer" },
    kind: { enum: ["small", "medium", "large"] },
    notes: { type: "array", items: { type: "string" }, minItems: 20 },
  },
  required: ["name", "size", "kind", "notes"],
};

const llm = new LLM({ model });
console.log(`| ${model} | median step, ms | of it outside native programs |\n| --- | --- | --- |`);
for (const batch of [1, 16]) {
  for (const structuredOutputs of [null, { json: schema }]) {
    const params = Array.from({ length: batch }, (_, seed) => ({
      ...{ structuredOutputs, seed, temperature: 1, maxTokens: NUM_TOKENS, ignoreEos: true },
    }));
    const prompts = params.map((_, i) => `Item ${i}:`);
    for (let round = 0; round < 2; round++) await llm.generate(prompts, params);
    const { wallMs, outsideMs } = llm.stats(NUM_TOKENS).recentSteps;
    const what = structuredOutputs === null ? "free" : "schema";
    console.log(`| batch ${batch}, ${what} | ${wallMs.toFixed(2)} | ${outsideMs.toFixed(2)} |`);
  }
}
await llm.close();
