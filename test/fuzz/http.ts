/** Random, mostly malformed requests on raw connections, some cut off midway: each must end, soon, and never as the server's fault. */
import { readAnswers, openRaw } from "../server/raw-http.js";
import { HOSTILE_VALUES } from "../server/hostile-values.js";
import { makeRandom, mutate } from "./mutate.js";
import type { Random } from "./mutate.js";

export interface HttpFuzz {
  /** Of a server with an `httpReadTimeout` and an `httpTimeoutKeepAlive` of a second or so: what is incomplete is waited for. */
  readonly url: string;
  readonly seed: number;
  /** Numbers [first, first + count) of the seed. */
  readonly first: number;
  readonly count: number;
  readonly concurrency: number;
  /** The longest that one may take. */
  readonly limitMs: number;
}

export interface HttpFuzzReport {
  /** Answers by status; "none": the connection ended without one, "left": we ended it. */
  readonly outcomes: Record<string, number>;
  readonly failures: { readonly number: number; readonly what: string; readonly sent: string }[];
  slowestMs: number;
}

interface Attack {
  readonly bytes: Buffer;
  /** Leave after so many milliseconds. */
  readonly leaveAfterMs: number | undefined;
  /** Send in pieces of this size. */
  readonly pieceSize: number;
}

const MODEL_FIELDS: Record<string, readonly string[]> = {
  "/v1/completions": (
    "prompt max_tokens temperature top_p top_k min_p n stop stop_token_ids stream stream_options logprobs prompt_logprobs echo seed " +
    "logit_bias bad_words allowed_token_ids presence_penalty frequency_penalty repetition_penalty min_tokens ignore_eos suffix " +
    "truncate_prompt_tokens truncation_side cache_salt priority request_id model user add_special_tokens return_token_ids " +
    "response_format structured_outputs logits_processors vllm_xargs repetition_detection best_of use_beam_search skip_special_tokens"
  ).split(" "),
  "/v1/chat/completions": (
    "messages max_tokens max_completion_tokens temperature top_p n stop stream stream_options logprobs top_logprobs tools tool_choice " +
    "parallel_tool_calls add_generation_prompt continue_final_message chat_template chat_template_kwargs documents reasoning_effort " +
    "response_format structured_outputs logit_bias seed echo include_reasoning cache_salt priority model return_token_ids"
  ).split(" "),
  "/v1/responses":
    "input instructions model stream tools tool_choice text reasoning max_output_tokens store previous_response_id".split(
      " ",
    ),
  "/v1/messages":
    "messages system model max_tokens stream tools tool_choice thinking stop_sequences temperature top_k".split(" "),
  "/tokenize": "prompt messages add_special_tokens return_token_strs model".split(" "),
  "/detokenize": "tokens model".split(" "),
};

const BASES: Record<string, object> = {
  "/v1/completions": { prompt: "Once", max_tokens: 3 },
  "/v1/chat/completions": { messages: [{ role: "user", content: "Hi" }], max_tokens: 3 },
  "/v1/responses": { input: "Hi", max_output_tokens: 3 },
  "/v1/messages": { messages: [{ role: "user", content: "Hi" }], max_tokens: 3 },
  "/tokenize": { prompt: "Hi" },
  "/detokenize": { tokens: [1, 2] },
};

const HEADERS = [
  "Transfer-Encoding: chunked\r\n",
  "Content-Encoding: gzip\r\n",
  "Expect: 100-continue\r\n",
  "X-Request-Id: \u00ff\r\n",
  "Authorization: Bearer \u00e9\r\n",
  "Connection: upgrade\r\nUpgrade: websocket\r\n",
  "Origin: null\r\n",
  `X-Long: ${"a".repeat(20_000)}\r\n`,
  "traceparent: 00-zz-zz-00\r\n",
];

/** Runs the requests, several at a time. What is sent is the same for the same seed; times are not. */
export async function fuzzHttp(options: HttpFuzz): Promise<HttpFuzzReport> {
  const report: HttpFuzzReport = { outcomes: {}, failures: [], slowestMs: 0 };
  let next = options.first;
  const worker = async () => {
    while (next < options.first + options.count) await attack(options, next++, report);
  };
  await Promise.all(Array.from({ length: options.concurrency }, worker));
  return report;
}

async function attack(options: HttpFuzz, number: number, report: HttpFuzzReport): Promise<void> {
  const { bytes, leaveAfterMs, pieceSize } = makeAttack(makeRandom(options.seed * 1_000_003 + number));
  const began = performance.now();
  const count = (outcome: string) => (report.outcomes[outcome] = (report.outcomes[outcome] ?? 0) + 1);
  const fail = (what: string) => report.failures.push({ number, what, sent: bytes.toString("latin1").slice(0, 400) });
  const raw = openRaw(options.url);
  try {
    for (let at = 0; at < bytes.length && raw.socket.writable; at += pieceSize) {
      raw.socket.write(bytes.subarray(at, at + pieceSize));
      if (pieceSize < bytes.length) await new Promise((resolve) => setImmediate(resolve));
    }
    if (leaveAfterMs !== undefined) {
      setTimeout(() => raw.socket.destroy(), leaveAfterMs);
      await raw.ended(options.limitMs);
      count("left");
      return;
    }
    const text = await raw.ended(options.limitMs);
    if (text === "") return void count("none");
    for (const answer of readAnswers(text)) {
      count(String(answer.status));
      if (answer.status >= 500) fail(`${answer.status} ${answer.body.slice(0, 300)}`);
      else if (answer.status >= 400 && typeof messageOf(answer.json) !== "string")
        fail(`${answer.status} without an error object`);
      if (/"code":5\d\d/.test(answer.body)) fail(`an event with ${answer.body.slice(-400)}`);
    }
  } catch (error) {
    fail((error as Error).message);
  } finally {
    report.slowestMs = Math.max(report.slowestMs, performance.now() - began);
  }
}

function messageOf(json: unknown): unknown {
  return (json as { error?: { message?: unknown } } | undefined)?.error?.message;
}

function makeAttack(random: Random): Attack {
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)]!;
  const path = pick(Object.keys(BASES));
  let body = makeBody(path, random, pick);
  if (random() < 0.15) body = Buffer.from(mutate(random, body, [Buffer.from(JSON.stringify(BASES[path]))]));
  const extra = random() < 0.15 ? pick(HEADERS) : "";
  const length = random() < 0.05 ? pick([0, body.length - 1, body.length + 1, 2 ** 31, -1]) : body.length;
  const method = random() < 0.04 ? pick(["GET", "PUT", "OPTIONS", "QUERY"]) : "POST";
  const at = random() < 0.04 ? pick([`${path}/`, `${path}?a=b`, `/${path}`, `${path}%00`, path.toUpperCase()]) : path;
  const type = random() < 0.04 ? pick(["text/plain", "application/json;;", ""]) : "application/json";
  const head = `${method} ${at} HTTP/1.1\r\nHost: x\r\nContent-Type: ${type}\r\nConnection: close\r\nContent-Length: ${length}\r\n${extra}\r\n`;
  let bytes = Buffer.concat([Buffer.from(head, "latin1"), body]);
  if (random() < 0.06) bytes = Buffer.from(mutate(random, bytes, [body]));
  if (random() < 0.06) bytes = bytes.subarray(0, Math.floor(random() * bytes.length));
  return {
    bytes,
    leaveAfterMs: random() < 0.08 ? Math.floor(random() * 30) : undefined,
    pieceSize: random() < 0.1 ? 1 + Math.floor(random() * 200) : bytes.length + 1,
  };
}

function makeBody(path: string, random: Random, pick: <T>(items: readonly T[]) => T): Buffer {
  const parts = Object.entries(BASES[path]!).map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`);
  const numFields = Math.floor(random() * 4);
  for (let i = 0; i < numFields; i++) parts.push(`"${pick(MODEL_FIELDS[path]!)}":${pick(HOSTILE_VALUES)}`);
  if (random() < 0.3) parts.push('"stream":true');
  return Buffer.from(`{${parts.join(",")}}`);
}
