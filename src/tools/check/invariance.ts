/** Does a request give the same numbers alone, among others, in chunks, and after a prefix hit? */
import type { EngineConfig } from "../../config/engine-config.js";
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
  for (const job of jobs) alone.push(...(await runRequests(worker, plain, [job])));
  const how = tolerance === 0 ? "bit for bit" : `within ${tolerance}`;

  const together = await runRequests(
    worker,
    plain,
    jobs.map((job, i) => ({ ...job, arrival: i })),
  );
  const results = [
    verdict(
      "batch",
      `${jobs.length} requests together give what each gives alone, ${how}`,
      together,
      alone,
      tolerance,
      batchRemedy,
    ),
  ];

  const chunk = Math.max(2, Math.min(7, config.maxNumBatchedTokens));
  const chunked: RequestResult[] = [];
  for (const job of jobs)
    chunked.push(
      ...(await runRequests(worker, { ...plain, maxNumBatchedTokens: chunk, enableChunkedPrefill: true }, [job])),
    );
  results.push(
    verdict(
      "chunks",
      `prompts in chunks of ${chunk} tokens give what they give whole, ${how}`,
      chunked,
      alone,
      tolerance,
      chunkRemedy,
    ),
  );

  const [first, last] = [jobs[0]!, jobs.at(-1)!];
  const hits = await runRequests(worker, { ...config, enablePrefixCaching: true }, [
    first,
    { ...last, arrival: maxTokens + 4 },
  ]);
  const hit = hits[1]!.numCachedTokens;
  if (hit === 0)
    results.push(
      skipped(
        "prefix hit",
        "no prefix was found in the cache: this model keeps a state instead of keys and values, or the prompts are shorter than a block",
      ),
    );
  else
    results.push(
      verdict(
        "prefix hit",
        `a request that finds ${hit} tokens in the cache gives what it gives alone, ${how}`,
        [hits[1]!],
        [alone.at(-1)!],
        tolerance,
        chunkRemedy,
      ),
    );
  return results;
}

const batchRemedy =
  "an op of the model mixes rows of different requests, or takes numbers from the whole step: every op must treat each row by itself";
const chunkRemedy =
  "something depends on where a chunk begins: use the step's positions (not row numbers), and let only attention look at other rows";

function verdict(
  name: string,
  text: string,
  got: readonly RequestResult[],
  wanted: readonly RequestResult[],
  tolerance: number,
  remedy: string,
): CheckResult {
  for (const [i, { rows }] of wanted.entries())
    for (const [k, row] of rows.entries()) {
      const other = got[i]!.rows[k];
      const worst = other
        ? Math.max(...row.map((value, id) => (Object.is(value, other[id]) ? 0 : Math.abs(value - other[id]!))))
        : Infinity;
      if (worst <= tolerance) continue;
      if (row.some(Number.isNaN))
        return failed(name, `request ${i}, output token ${k}: log-probabilities are not numbers`);
      const size = Number.isNaN(worst)
        ? "one side is not a number"
        : `log-probabilities differ by up to ${worst.toExponential(1)}`;
      return failed(name, `request ${i}, output token ${k}: ${size} from the request alone`, remedy);
    }
  return ok(name, text);
}
