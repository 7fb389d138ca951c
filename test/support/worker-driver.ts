/** Runs requests on a worker without an engine: blocks in order, those that left a window used again, no sharing. For tests that look at numbers. */
import type { TopLogprobs } from "../../src/request/model-runner-output.js";
import { blocksOfGroup } from "../../src/request/kv-cache-group.js";
import type { SamplingParamsInput } from "../../src/request/sampling-params.js";
import { normalizeSamplingParams } from "../../src/request/sampling-params.js";
import type { NewRequestData, SchedulerOutput } from "../../src/request/scheduler-output.js";
import type { Worker } from "../../src/worker/worker.js";

export interface DrivenResult {
  readonly tokenIds: number[];
  /** One whole-vocabulary row per prompt position but the first: row i is for prompt token i + 1. */
  readonly promptLogprobs: TopLogprobs[];
  readonly logprobs: TopLogprobs[];
}

let nextId = 0;

/**
 * Runs one request alone.
 *
 * @param chunk tokens of the prompt that are computed per step
 * @param numTokens tokens to sample
 */
export async function driveRequest(
  worker: Worker,
  promptTokenIds: readonly number[],
  {
    numTokens,
    chunk = promptTokenIds.length,
    params = {},
  }: { numTokens: number; chunk?: number; params?: SamplingParamsInput },
): Promise<DrivenResult> {
  const requestId = `driven-${nextId++}`;
  const { blockSize, kvCacheGroups } = worker.info;
  const tokens = [...promptTokenIds];
  const result: DrivenResult = { tokenIds: [], promptLogprobs: [], logprobs: [] };
  const lengths = kvCacheGroups.map(() => 0);
  const use = { blockSize, maxStepTokens: Math.max(1, chunk) };
  const rings = kvCacheGroups.map((group) => blocksOfGroup(group, promptTokenIds.length + numTokens, use));
  const firsts = rings.map((_, group) => rings.slice(0, group).reduce((sum, size) => sum + size, 1));
  for (let computed = 0; result.tokenIds.length < numTokens;) {
    const count = Math.min(computed < promptTokenIds.length ? chunk : 1, tokens.length - computed);
    const newBlockIds = rings.map((size, group) => {
      const first = lengths[group]!;
      lengths[group] = kvCacheGroups[group]!.kind === "state" ? 1 : Math.ceil((computed + count) / blockSize);
      return Array.from({ length: lengths[group]! - first }, (_, i) => firsts[group]! + ((first + i) % size));
    });
    const data: NewRequestData = {
      requestId,
      promptTokenIds,
      outputTokenIds: [],
      params: normalizeSamplingParams({ temperature: 0, maxTokens: null, ignoreEos: true, ...params }),
      eosTokenIds: worker.info.eosTokenIds,
      blockIds: newBlockIds,
      numComputedTokens: 0,
    };
    const output = await worker.execute({
      ...emptyStep(),
      scheduledNewRequests: computed === 0 ? [data] : [],
      scheduledCachedRequests: computed === 0 ? [] : [{ requestId, newBlockIds, numComputedTokens: computed }],
      numScheduledTokens: new Map([[requestId, count]]),
      totalNumScheduledTokens: count,
    });
    const error = output.errors?.get(requestId);
    if (error) throw new Error(error);
    computed += count;
    const sampled = output.sampledTokenIds.get(requestId) ?? [];
    tokens.push(...sampled);
    result.tokenIds.push(...sampled);
    result.promptLogprobs.push(...(output.promptLogprobs.get(requestId)?.rows ?? []));
    result.logprobs.push(...(output.logprobs.get(requestId) ?? []));
  }
  await worker.execute({ ...emptyStep(), finishedRequestIds: [requestId] });
  return result;
}

/** A step in which nobody computes. */
export function emptyStep(): SchedulerOutput {
  return {
    scheduledNewRequests: [],
    scheduledCachedRequests: [],
    numScheduledTokens: new Map(),
    totalNumScheduledTokens: 0,
    finishedRequestIds: [],
    preemptedRequestIds: [],
  };
}

/** A whole-vocabulary row as an array by token id. */
export function byTokenId(row: TopLogprobs, vocabSize: number): Float64Array {
  const values = new Float64Array(vocabSize).fill(NaN);
  row.tokenIds.forEach((id, i) => (values[id] = row.logprobs[i]!));
  return values;
}
