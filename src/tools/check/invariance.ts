/** Does a request give the same numbers alone, among others, in chunks, and after a prefix hit? */
import type { EngineConfig } from "../../config/engine-config.js";
import { QuireError } from "../../util/errors.js";
import type { Worker } from "../../worker/worker.js";
import type { CheckResult } from "./result.js";
import { failed, ok, skipped } from "./result.js";
import type { RequestJob, RequestResult } from "./run-requests.js";
import { runRequests } from "./run-requests.js";

const maxTokens = 4;

/** Token ids without a meaning, the same in every run. */
export function someTokens(count: number, vocabSize: number, seed: number): number[] {
  let state = seed * 2654435761 + 12345;
  return Array.from({ length: count }, () => {
    state = (Math.imul(state ^ (state >>> 15), 2246822519) + 3266489917) | 0;
    return (state >>> 0) % vocabSize;
  });
}

/**
 * Four prompts, two of which begin alike.
 * @param tolerance of log-probabilities; 0: bit for bit
 */
export async function checkInvariance(worker: Worker, config: EngineConfig, tolerance: number): Promise<CheckResult[]> {
  const { vocabSize, blockSize, maxModelLen } = worker.info;
  const room = Math.min(maxModelLen, worker.info.maxModelLen) - maxTokens - 1;
  const shared = someTokens(Math.min(2 * blockSize, Math.max(1, room - 9)), vocabSize, 7);
  const lengths = [5, 23, 1].map((length) => Math.max(1, Math.min(length, room)));
  const prompts = [
    [...shared, ...someTokens(Math.min(9, Math.max(1, room - shared.length)), vocabSize, 1)],
    ...lengths.map((length, i) => someTokens(length, vocabSize, 2 + i)),
    [...shared, ...someTokens(Math.min(4, Math.max(1, room - shared.length)), vocabSize, 6)],
  ];
  const plain = { ...config, enablePrefixCaching: false };
  const jobs: RequestJob[] = prompts.map((promptTokenIds) => ({ promptTokenIds, maxTokens }));
  const alone: RequestResult[] = [];
  try {
    for (const job of jobs) alone.push(...(await runRequests(worker, plain, [job])));
  } catch (error) {
    if (!(error instanceof QuireError)) throw error;
    return [failed("alone", `a request by itself fails: ${error.message}`)];
  }
  const how = tolerance === 0 ? "bit for bit" : `within ${tolerance}`;
  const chunk = Math.max(2, Math.min(7, config.maxNumBatchedTokens));
  const inChunks = { ...plain, maxNumBatchedTokens: chunk, enableChunkedPrefill: true };
  const [first, last] = [jobs[0]!, jobs.at(-1)!];
  return [
    await attempt("batch", batchRemedy, async () => {
      const together = jobs.map((job, i) => ({ ...job, arrival: i }));
      const problem = difference(await runRequests(worker, plain, together), alone, tolerance);
      return problem ?? ok("batch", `${jobs.length} requests together give what each gives alone, ${how}`);
    }),
    await attempt("chunks", chunkRemedy, async () => {
      const chunked: RequestResult[] = [];
      for (const job of jobs) chunked.push(...(await runRequests(worker, inChunks, [job])));
      const problem = difference(chunked, alone, tolerance);
      return problem ?? ok("chunks", `prompts in chunks of ${chunk} tokens give what they give whole, ${how}`);
    }),
    await attempt("prefix hit", chunkRemedy, async () => {
      const jobsInTurn = [first, { ...last, arrival: maxTokens + 4 }];
      const [, result] = await runRequests(worker, { ...config, enablePrefixCaching: true }, jobsInTurn);
      const hit = result!.numCachedTokens;
      if (hit === 0) return skipped("prefix hit", noHit);
      const problem = difference([result!], [alone.at(-1)!], tolerance);
      return (
        problem ?? ok("prefix hit", `a request that finds ${hit} tokens in the cache gives what it gives alone, ${how}`)
      );
    }),
  ];
}

const noHit =
  "no prefix was found in the cache: this model keeps a state instead of keys and values, or the prompts are shorter than a block";
const batchRemedy =
  "an op of the model mixes rows of different requests, or takes numbers from the whole step: every op must treat each row by itself";
const chunkRemedy =
  "something depends on where a chunk begins: use the step's positions (not row numbers), and let only attention look at other rows";

/** A check's result: ok or skipped, or failed with what is wrong (a text, or an error while it ran). */
async function attempt(name: string, remedy: string, run: () => Promise<CheckResult | string>): Promise<CheckResult> {
  try {
    const result = await run();
    return typeof result === "string" ? failed(name, result, remedy) : result;
  } catch (error) {
    if (!(error instanceof QuireError)) throw error;
    return failed(name, error.message, remedy);
  }
}

/** Where results differ from those of the requests alone; undefined if they do not. */
function difference(
  got: readonly RequestResult[],
  wanted: readonly RequestResult[],
  tolerance: number,
): string | undefined {
  for (const [i, { rows }] of wanted.entries())
    for (const [k, row] of rows.entries()) {
      const other = got[i]!.rows[k];
      if (row.some(Number.isNaN))
        return `request ${i}, output token ${k}: log-probabilities are not numbers, even alone`;
      if (!other) return `request ${i}: it gave ${got[i]!.rows.length} tokens, alone ${rows.length}`;
      const worst = largestDifference(row, other);
      if (worst <= tolerance) continue;
      const size = Number.isNaN(worst)
        ? "log-probabilities are not numbers"
        : `log-probabilities are up to ${worst.toExponential(1)} away`;
      return `request ${i}, output token ${k}: ${size} from those of the request alone`;
    }
  return undefined;
}

/** NaN where only one side is a number. */
export function largestDifference(a: Float64Array, b: Float64Array): number {
  let worst = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = a[i] === b[i] ? 0 : Math.abs(a[i]! - b[i]!);
    if (!(difference <= worst)) worst = difference;
    if (Number.isNaN(worst)) return worst;
  }
  return worst;
}
