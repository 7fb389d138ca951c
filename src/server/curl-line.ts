/** How to call the server, as a command line. */
import type { EngineClient } from "./engine-client.js";

/** A command that calls the server. */
export function curlLine(engine: EngineClient, url: string): string {
  const model = engine.servedModelNames[0]!;
  const { tokenizer } = engine;
  if (tokenizer === undefined) return curl(`${url}/v1/completions`, { model, prompt: [1], max_tokens: 16 });
  if (tokenizer.chatTemplate === undefined) {
    return curl(`${url}/v1/completions`, { model, prompt: "Once upon a time", max_tokens: 64 });
  }
  const messages = [{ role: "user", content: "Hello, who are you?" }];
  return curl(`${url}/v1/chat/completions`, { model, messages, max_tokens: 64 });
}

function curl(url: string, body: object): string {
  const quoted = JSON.stringify(body).replaceAll("'", `'\\''`);
  return `curl ${url} -H 'Content-Type: application/json' -d '${quoted}'`;
}
