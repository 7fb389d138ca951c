/** A streamed answer, and an abort. `npx tsx examples/chat.ts [MODEL]` */
import { LLM } from "quirelm";

await using llm = new LLM({ model: process.argv[2] ?? "models/quire-demo" });

for await (const { outputs } of llm.streamChat([{ role: "user", content: "Who are you?" }], {
  temperature: 0,
  maxTokens: 60,
}))
  process.stdout.write(outputs[0]!.text);
process.stdout.write("\n");

// Whoever stops reading early ends the request; a signal works for every call.
for await (const { outputs } of llm.streamChat([{ role: "user", content: "Tell me a story." }], { maxTokens: 200 })) {
  process.stdout.write(outputs[0]!.text);
  if (outputs[0]!.text.includes(".")) break;
}
process.stdout.write("\n");
