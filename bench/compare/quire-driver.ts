/**
 * Drives `LLM` for bench/compare.ts, in the way of vllm_driver.py: `quire-driver.ts '{"model": …engine options}'`, then one
 * JSON request a line on standard input, one answer a line on standard output. Ends with standard input.
 */
import { createInterface } from "node:readline";
import type { EngineOptions } from "../../src/config/engine-config.js";
import { LLM } from "../../src/index.js";

/** One measurement. */
export interface DriverRequest {
  /** Requests at once. */
  readonly batch: number;
  /** Prompt tokens of each. */
  readonly context: number;
  /** New tokens of each, the first included. */
  readonly tokens: number;
  /** Prompts with other salts differ from their first token on. */
  readonly salt: number;
  /** The last this many prompt tokens differ between prompts of other `tailSalt`. Quire alone. */
  readonly tail?: number;
  readonly tailSalt?: number;
}

/** What both drivers answer. */
export interface DriverAnswer {
  /** Milliseconds from the start to each token, a list per request. */
  readonly times?: number[][];
  /** Prompt tokens that came from the prefix cache, of all requests. Quire alone. */
  readonly cachedTokens?: number;
  /** Median over the last 256 steps, of earlier answers too: wall time less the time inside the native program. Quire alone. */
  readonly stepOverheadMs?: number;
  readonly error?: string;
}

const started = performance.now();
const llm = new LLM(JSON.parse(process.argv[2] ?? "{}") as EngineOptions);
const say = (value: object): void => void process.stdout.write(`${JSON.stringify(value)}\n`);

function ids(length: number, salt: number): number[] {
  return Array.from({ length }, (_, i) => 3 + ((i * 7919 + salt * 104729) % 40000));
}

function prompt({ context, tail = 0, tailSalt = 0 }: DriverRequest, salt: number): number[] {
  return [...ids(context - tail, salt), ...ids(tail, salt + 1 + tailSalt)];
}

async function measure(request: DriverRequest): Promise<DriverAnswer> {
  const params = { temperature: 0, ignoreEos: true, detokenize: false, maxTokens: request.tokens };
  const prompts = Array.from({ length: request.batch }, (_, i) => prompt(request, request.salt + i));
  let cachedTokens = 0;
  const begin = performance.now();
  const times = await Promise.all(
    prompts.map(async (tokenIds) => {
      const list: number[] = [];
      for await (const { outputs, numCachedTokens } of llm.stream(tokenIds, params)) {
        const now = performance.now() - begin;
        if (list.length === 0) cachedTokens += numCachedTokens;
        for (let i = outputs[0]?.tokenIds.length ?? 0; i > 0; i--) list.push(now);
      }
      return list;
    }),
  );
  const { outsideMs } = llm.stats().recentSteps;
  return { times, cachedTokens, stepOverheadMs: outsideMs };
}

const info = await llm.ready();
say({ ready: { version: `${info.dtype} on ${info.platform}`, seconds: (performance.now() - started) / 1000 } });
for await (const line of createInterface({ input: process.stdin })) {
  try {
    say(await measure(JSON.parse(line) as DriverRequest));
  } catch (error) {
    say({ error: String(error) });
  }
}
await llm.close();
