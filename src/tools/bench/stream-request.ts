/** One streamed request: sends it, takes the time of every output, never throws. */
import type { ClientRequest, IncomingMessage } from "node:http";
import { messageOf, showValue } from "../../util/text.js";
import { readText } from "./http-target.js";
import type { HttpTarget } from "./http-target.js";
import type { RequestRecord } from "./serve-metrics.js";
import { SseParser } from "./sse-parser.js";

export interface StreamRequestOptions {
  readonly target: HttpTarget;
  /** The JSON body. */
  readonly body: Buffer;
  /** As the client counted them. */
  readonly promptTokens: number | undefined;
  /** `performance.now()` of the start of the run. */
  readonly originMs: number;
  /** Milliseconds for the whole request. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** What is read of an event. */
interface StreamEvent {
  readonly choices?: readonly {
    readonly finish_reason?: string | null;
    readonly delta?: { readonly role?: string; readonly content?: string | null; readonly [field: string]: unknown };
  }[];
  readonly usage?: {
    readonly prompt_tokens?: number;
    readonly completion_tokens?: number;
    readonly prompt_tokens_details?: { readonly cached_tokens?: number } | null;
  } | null;
  readonly error?: unknown;
}

/** Sends the request and reads its stream to the end. All events of one piece of the stream have the time at which it came. */
export async function streamRequest(options: StreamRequestOptions): Promise<RequestRecord> {
  const recorder = new Recorder(options);
  const { signal, timeoutMs } = options;
  let request: ClientRequest | undefined;
  let cutOff: string | undefined;
  const cut = (reason: string): void => {
    cutOff ??= reason;
    request?.destroy(new Error(reason));
  };
  const timer = setTimeout(() => cut(`no end after ${timeoutMs / 1000} s (--timeout)`), timeoutMs);
  const onAbort = (): void => cut("interrupted");
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    const open = (): Promise<IncomingMessage> =>
      exchange((request = options.target.post(options.body.length)), options.body);
    const response = await open().catch((error: unknown) => {
      // The server closed an idle connection just when it was used again: nothing was begun, so it is sent once more.
      if (request?.reusedSocket !== true || (error as NodeJS.ErrnoException).code !== "ECONNRESET") throw error;
      return open();
    });
    if (response.statusCode !== 200) {
      const text = await readText(response);
      request?.destroy();
      throw new Error(`HTTP ${response.statusCode}: ${errorText(text)}`);
    }
    await recorder.read(response);
    return recorder.record();
  } catch (error) {
    return recorder.record(cutOff ?? messageOf(error));
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", onAbort);
  }
}

/** Settles with the answer's head. */
function exchange(request: ClientRequest, body: Buffer): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.on("response", resolve);
    request.on("error", reject);
    request.end(body);
  });
}

class Recorder {
  readonly #options: StreamRequestOptions;
  readonly #start = performance.now();
  /** When the first and the latest output came. */
  #first: number | undefined;
  #latest = this.#start;
  #now = 0;
  #isDone = false;
  readonly #itlMs: number[] = [];
  #usage: NonNullable<StreamEvent["usage"]> = {};
  #error: string | undefined;

  constructor(options: StreamRequestOptions) {
    this.#options = options;
  }

  /** @throws Error when the stream breaks off */
  read(response: IncomingMessage): Promise<void> {
    const parser = new SseParser((data) => this.#event(data));
    return new Promise((resolve, reject) => {
      response.on("data", (chunk: Buffer) => {
        this.#now = performance.now();
        parser.push(chunk);
      });
      response.on("end", () => {
        parser.end();
        resolve();
      });
      const onBreak = (): void => reject(new Error("the stream broke off before its end"));
      response.on("error", onBreak);
      response.on("close", onBreak);
    });
  }

  #event(data: string): void {
    if (data === "[DONE]") {
      this.#isDone = true;
      return;
    }
    let event: StreamEvent;
    try {
      event = JSON.parse(data) as StreamEvent;
    } catch {
      this.#error ??= `the stream has an event that is no JSON: ${showValue(data)}`;
      return;
    }
    if (event?.error !== undefined && event.error !== null) this.#error ??= `error in the stream: ${errorText(data)}`;
    if (isOutput(event)) this.#output();
    if (event?.usage) this.#usage = event.usage;
  }

  #output(): void {
    if (this.#first === undefined) this.#first = this.#now;
    else this.#itlMs.push(this.#now - this.#latest);
    this.#latest = this.#now;
  }

  record(failure?: string): RequestRecord {
    const { originMs, promptTokens } = this.#options;
    const nothing = this.#isDone
      ? "the stream ended without an output"
      : "the answer is no stream of events with outputs";
    const error = failure ?? this.#error ?? (this.#first === undefined ? nothing : undefined);
    const { prompt_tokens: prompt, completion_tokens: completion, prompt_tokens_details: details } = this.#usage;
    const isCountTold = typeof completion === "number" && completion > 0;
    const numOutputs = this.#first === undefined ? 0 : this.#itlMs.length + 1;
    return {
      isOk: error === undefined,
      ...(error === undefined ? {} : { error }),
      startMs: this.#start - originMs,
      ttftMs: (this.#first ?? this.#start) - this.#start,
      e2elMs: this.#latest - this.#start,
      itlMs: this.#itlMs,
      promptTokens: typeof prompt === "number" ? prompt : promptTokens,
      cachedTokens: details?.cached_tokens ?? undefined,
      outputTokens: isCountTold ? completion : numOutputs,
      isCountTold,
    };
  }
}

/** Any event with a choice, even if its text is empty; but not the one with which a chat only names its role. */
function isOutput(event: StreamEvent): boolean {
  const choice = event?.choices?.[0];
  if (choice === undefined) return false;
  const { delta } = choice;
  const isHead =
    delta?.role !== undefined &&
    (choice.finish_reason ?? null) === null &&
    Object.entries(delta).every(([field, value]) => field === "role" || value === "" || value === null);
  return !isHead;
}

/** OpenAI's `error.message`, or the text itself, in one short line. */
function errorText(text: string): string {
  let message: unknown;
  try {
    const { error } = JSON.parse(text) as { error?: { message?: unknown } | string };
    message = typeof error === "string" ? error : error?.message;
  } catch {
    // not JSON: shown as it is
  }
  const line = (typeof message === "string" ? message : text).replace(/\s+/g, " ").trim();
  return line.length > 300 ? `${line.slice(0, 297)}...` : line;
}
