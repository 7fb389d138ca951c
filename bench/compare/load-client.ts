/** A small client of any OpenAI-compatible server: requests of token ids, a fixed number of them at once. */
import { median } from "./statistics.js";

export interface Load {
  readonly requests: number;
  /** Requests at once. */
  readonly concurrency: number;
  readonly promptTokens: number;
  readonly newTokens: number;
  /** Prompts of other salts differ. */
  readonly salt: number;
}

export interface LoadResult {
  /** Prompt and output tokens per second, from the first request sent to the last answer's end. */
  readonly rate: number;
  /** Medians: milliseconds to the first token, and between consecutive tokens of a request. */
  readonly ttft: number;
  readonly itl: number;
}

/** One streamed answer. */
interface Answer {
  /** Milliseconds from the sending to each piece with text or token ids. */
  readonly times: readonly number[];
  /** Output tokens by the server's own count. */
  readonly numTokens: number;
}

/** Sends all requests to `${url}/v1/completions`. @throws Error if an answer is not what was asked for */
export async function runLoad(url: string, model: string, load: Load): Promise<LoadResult> {
  const answers: Answer[] = [];
  let next = 0;
  const begin = performance.now();
  await Promise.all(
    Array.from({ length: load.concurrency }, async () => {
      while (next < load.requests) answers.push(await complete(url, model, load, load.salt + next++));
    }),
  );
  const seconds = (performance.now() - begin) / 1000;
  const tokens = answers.reduce((sum, { numTokens }) => sum + numTokens, load.requests * load.promptTokens);
  return {
    rate: tokens / seconds,
    ttft: median(answers.map(({ times }) => times[0]!)),
    itl: median(answers.flatMap(({ times }) => times.slice(1).map((time, i) => time - times[i]!))),
  };
}

async function complete(url: string, model: string, load: Load, salt: number): Promise<Answer> {
  const prompt = Array.from({ length: load.promptTokens }, (_, i) => 300 + ((i * 7919 + salt * 104729) % 40000));
  const begin = performance.now();
  const response = await fetch(`${url}/v1/completions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      ...{ model, prompt, max_tokens: load.newTokens, temperature: 0, ignore_eos: true },
      ...{ stream: true, stream_options: { include_usage: true } },
    }),
  });
  if (!response.ok || !response.body) throw new Error(`${url}: status ${response.status}: ${await response.text()}`);
  const reader = new EventReader();
  const times: number[] = [];
  let numTokens = 0;
  for await (const part of response.body) {
    const now = performance.now() - begin;
    for (const event of reader.read(part as Uint8Array)) {
      if (hasToken(event)) times.push(now);
      numTokens = (event.usage as { completion_tokens?: number } | null)?.completion_tokens ?? numTokens;
    }
  }
  if (numTokens === load.newTokens && times.length > 0) return { times, numTokens };
  throw new Error(`${url}: asked for ${load.newTokens} tokens, got ${numTokens} in ${times.length} pieces`);
}

/** Whether a chunk carries a token; the text may be empty where bytes of a character are missing, or without a tokenizer. */
function hasToken(event: Record<string, unknown>): boolean {
  const [choice] = (event.choices as { text?: string; token_ids?: unknown[] | null }[] | undefined) ?? [];
  return choice !== undefined && (choice.text !== "" || (choice.token_ids?.length ?? 0) > 0);
}

/** Splits a stream of server-sent events into their JSON values. */
export class EventReader {
  readonly #decoder = new TextDecoder();
  #rest = "";

  /** Values of the events that end in this part of the stream. @throws SyntaxError for data that is no JSON */
  read(part: Uint8Array): Record<string, unknown>[] {
    this.#rest += this.#decoder.decode(part, { stream: true });
    const events = this.#rest.split(/\r?\n\r?\n/);
    this.#rest = events.pop()!;
    return events
      .flatMap((event) => event.split(/\r?\n/).filter((line) => line.startsWith("data:")))
      .map((line) => line.slice("data:".length).trim())
      .filter((data) => data !== "[DONE]")
      .map((data) => JSON.parse(data) as Record<string, unknown>);
  }
}
