/** A batch: lines of requests in OpenAI's form, each answered by a line, in order. */
import type { ServerConfig } from "../../config/server-config.js";
import { EngineDeadError } from "../../util/errors.js";
import type { EngineClient } from "../engine-client.js";
import { prepareServer } from "../server.js";
import { batchOutput, isRefusal, readBatchLine } from "./batch-line.js";
import type { BatchRefusal, BatchRequest } from "./batch-line.js";
import { byteLines } from "./byte-lines.js";
import type { OrderedFile } from "./ordered-file.js";

/** Lines that may be ahead of the oldest one that is not done, for each that runs: bounds memory. */
const MAX_AHEAD = 64;

export interface BatchOptions {
  /** Requests at a time. */
  readonly concurrency: number;
  /** Ends the batch with an AbortError's answer for each open line. */
  readonly signal: AbortSignal;
  readonly onProgress: (counts: BatchCounts) => void;
  readonly log: (line: string) => void;
}

export interface BatchCounts {
  /** Lines answered. */
  done: number;
  /** Of these, with another status than 200. */
  failed: number;
}

/**
 * Runs every line of `input` and gives the answers to `output`, which the caller finishes. The requests take the way of HTTP requests,
 * without a socket. Empty lines are skipped.
 *
 * @throws EngineDeadError when the engine dies; ResourceError when the output cannot be written
 */
export async function runBatch(
  engine: EngineClient,
  config: ServerConfig,
  input: AsyncIterable<Uint8Array>,
  output: OrderedFile,
  options: BatchOptions,
): Promise<BatchCounts> {
  const { app, close } = await prepareServer(engine, config, { log: options.log });
  await app.ready();
  const counts: BatchCounts = { done: 0, failed: 0 };
  const ask = async (line: BatchRequest | BatchRefusal) => {
    if (isRefusal(line)) return batchOutput(line.customId, line.status, line.body);
    const { statusCode, body } = await app.inject({ method: "POST", url: line.url, payload: line.body });
    if (engine.isDead) throw new EngineDeadError("the engine died; the batch is not complete");
    return batchOutput(line.customId, statusCode, JSON.parse(body));
  };
  const answer = async (line: BatchRequest | BatchRefusal, index: number) => {
    const result = await ask(line);
    await output.add(index, JSON.stringify(result));
    counts.done++;
    if (result.response.status_code !== 200) counts.failed++;
    options.onProgress(counts);
  };
  const running = new Set<Promise<void>>();
  let failure: { readonly error: unknown } | undefined;
  try {
    const seen = new Set<string>();
    let number = 0;
    let index = 0;
    for await (const bytes of byteLines(input, config.maxBodyBytes)) {
      number++;
      if (bytes !== undefined && bytes.every((byte) => byte === 32 || byte === 9)) continue;
      const task = answer(readBatchLine(bytes, number, seen), index++)
        .catch((error: unknown) => void (failure ??= { error }))
        .finally(() => running.delete(task));
      running.add(task);
      const isFull = () =>
        running.size >= options.concurrency || index - output.numWritten >= MAX_AHEAD * options.concurrency;
      while (isFull() && running.size > 0) await Promise.race(running);
      if (failure !== undefined || options.signal.aborted) break;
    }
    if (failure === undefined && !options.signal.aborted) await Promise.all(running);
    if (failure !== undefined) throw failure.error;
    options.signal.throwIfAborted();
    return counts;
  } finally {
    await close();
    await Promise.allSettled(running);
  }
}
