/** Runs requests through scheduler and worker, as the engine does, without text: what they give, bit by bit. */
import type { EngineConfig } from "../../config/engine-config.js";
import { createScheduler } from "../../engine/create-scheduler.js";
import { Request } from "../../request/request.js";
import type { SamplingParamsInput } from "../../request/sampling-params.js";
import { normalizeSamplingParams } from "../../request/sampling-params.js";
import { QuireError } from "../../util/errors.js";
import type { Worker } from "../../worker/worker.js";

/** What one request gave. */
export interface RequestResult {
  readonly tokenIds: number[];
  /** Log-probabilities of the whole vocabulary, by token id, for each sampled token. */
  readonly rows: Float64Array[];
  /** Tokens of the prompt that were found in the prefix cache. */
  numCachedTokens: number;
}

export interface RequestJob {
  readonly promptTokenIds: readonly number[];
  readonly maxTokens: number;
  readonly params?: SamplingParamsInput;
  /** Step before which it arrives; default 0. */
  readonly arrival?: number;
}

let nextId = 0;

/**
 * All jobs with one scheduler; options as the engine's.
 * @throws QuireError when a request fails or they do not end
 */
export async function runRequests(
  worker: Worker,
  config: EngineConfig,
  jobs: readonly RequestJob[],
): Promise<RequestResult[]> {
  const scheduler = createScheduler(config, worker.info);
  const results = jobs.map((): RequestResult => ({ tokenIds: [], rows: [], numCachedTokens: 0 }));
  const requests = jobs.map(
    ({ promptTokenIds, maxTokens, params }) =>
      new Request({
        requestId: `check-${nextId++}`,
        promptTokenIds,
        params: normalizeSamplingParams({ temperature: 0, ignoreEos: true, logprobs: -1, maxTokens, ...params }),
        eosTokenIds: worker.info.eosTokenIds,
      }),
  );
  const lastArrival = Math.max(...jobs.map(({ arrival = 0 }) => arrival));
  for (let step = 0; step <= lastArrival || scheduler.hasUnfinishedRequests(); step++) {
    if (step > 10_000) throw new QuireError("CHECK", "the requests of a check do not end");
    requests.forEach((request, i) => {
      if ((jobs[i]!.arrival ?? 0) === step) scheduler.addRequest(request);
    });
    const plan = scheduler.schedule();
    for (const output of scheduler.updateFromOutput(plan, await worker.execute(plan))) {
      if (output.errorMessage !== null) throw new QuireError("CHECK", output.errorMessage);
      const i = requests.findIndex(({ requestId }) => requestId === output.requestId);
      results[i]!.tokenIds.push(...output.newTokenIds);
      for (const { tokenIds, logprobs } of output.logprobs ?? []) {
        const row = new Float64Array(worker.info.vocabSize).fill(Number.NaN);
        tokenIds.forEach((id, k) => (row[id] = logprobs[k]!));
        results[i]!.rows.push(row);
      }
    }
  }
  requests.forEach((request, i) => (results[i]!.numCachedTokens = Math.max(0, request.numCachedTokens)));
  await worker.execute(scheduler.schedule());
  return results;
}
