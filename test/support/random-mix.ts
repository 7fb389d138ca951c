/**
 * Random mixes of requests through scheduler and worker: arrivals, chunk sizes, tiny pools that force preemption, prefix
 * hits, aborts. Every request must give, bit for bit, the tokens and log-probabilities that it gives alone.
 */
import { checkBlockPool } from "../../src/kv-cache/integrity.js";
import { blocksOfRequest, maxStepTokens } from "../../src/request/kv-cache-group.js";
import type { ModelRunnerOutput, TopLogprobs } from "../../src/request/model-runner-output.js";
import { Request } from "../../src/request/request.js";
import type { SamplingParamsInput } from "../../src/request/sampling-params.js";
import { normalizeSamplingParams } from "../../src/request/sampling-params.js";
import type { SchedulerOutput } from "../../src/request/scheduler-output.js";
import { Scheduler } from "../../src/scheduler/scheduler.js";
import type { SchedulerOptions } from "../../src/scheduler/scheduler-options.js";
import type { Worker } from "../../src/worker/worker.js";

/** What one request gave; rows as text, so that equal means equal bits (but for the sign of zero). */
export interface MixResult {
  readonly tokenIds: number[];
  readonly logprobs: string[];
  readonly promptLogprobs: string[];
}

interface Job {
  readonly promptTokenIds: number[];
  readonly params: SamplingParamsInput;
  /** Step before which it arrives. */
  readonly arrival: number;
  /** Step before which its caller gives up; undefined: never. */
  readonly abort: number | undefined;
}

interface MixOptions extends SchedulerOptions {
  readonly plansAtAnyTime?: boolean;
}

export interface MixStatistics {
  requests: number;
  steps: number;
  /** Steps that were planned while another one computed. */
  planned: number;
  preemptions: number;
  prefixHits: number;
  aborted: number;
}

/** Small seeded generator: integers in [0, below). */
export function seededRandom(seed: number): (below: number) => number {
  let state = (seed * 2654435761 + 1) >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

export class RandomMix {
  private readonly worker: Worker;
  private readonly alone = new Map<string, MixResult>();
  readonly statistics: MixStatistics = { requests: 0, steps: 0, planned: 0, preemptions: 0, prefixHits: 0, aborted: 0 };
  private nextId = 0;

  constructor(worker: Worker) {
    this.worker = worker;
  }

  /** One case. @throws Error that names seed and request when a result differs, or the block pool is not whole */
  async run(seed: number): Promise<void> {
    const random = seededRandom(seed);
    const jobs = this.makeJobs(random);
    const longest = Math.max(...jobs.map(({ promptTokenIds, params }) => promptTokenIds.length + params.maxTokens!));
    const { blockSize, kvCacheGroups: groups, numBlocks, maxModelLen } = this.worker.info;
    const limits: Omit<MixOptions, "numBlocks"> = {
      blockSize,
      groups,
      maxModelLen,
      enablePrefixCaching: random(4) > 0,
      maxNumBatchedTokens: [8, 16, 33, 64, 128][random(5)]!,
      maxNumSeqs: 1 + random(8),
      longPrefillTokenThreshold: random(3) === 0 ? 1 + random(20) : 0,
      asyncScheduling: (this.worker.maxSteps ?? 1) > 1 && seed % 3 > 0,
      // The scheduler's advice is only for speed: also when it is not heeded, the worker gets everything right.
      plansAtAnyTime: seed % 3 === 2,
    };
    const alone = blocksOfRequest({ groups, blockSize, maxStepTokens: maxStepTokens(limits) }, longest);
    const spare = random(2) === 0 ? random(3) : random(8 * groups.length);
    const options: MixOptions = { ...limits, numBlocks: Math.min(numBlocks, alone + 1 + spare) };
    const results = await this.schedule(jobs, options, true);
    for (const [i, job] of jobs.entries()) {
      this.statistics.requests++;
      const result = results[i]!;
      const expected = await this.runAlone(job);
      const length = job.abort === undefined ? expected.tokenIds.length : result.tokenIds.length;
      const problem = difference(result, expected, length);
      if (problem)
        throw new Error(
          `seed ${seed}, request ${i} (${JSON.stringify(job)}) in ${JSON.stringify(options)}: ${problem}`,
        );
    }
  }

  private makeJobs(random: (below: number) => number): Job[] {
    const { vocabSize } = this.worker.info;
    const token = (): number => 3 + random(vocabSize - 3);
    const prefixes = Array.from({ length: 3 }, () => Array.from({ length: 16 + random(60) }, token));
    return Array.from({ length: 2 + random(10) }, () => {
      const shared = random(3) > 0 ? prefixes[random(3)]! : [];
      const promptTokenIds = [
        ...shared.slice(0, 1 + random(shared.length)),
        ...Array.from({ length: 1 + random(24) }, token),
      ];
      const sampled = random(3) === 0;
      const params: SamplingParamsInput = {
        temperature: sampled ? 0.8 + random(10) / 10 : 0,
        ...(sampled ? { topK: random(2) * 20, topP: random(2) ? 0.9 : 1, seed: random(1000) } : {}),
        ...(random(5) === 0 ? { repetitionPenalty: 1.2, frequencyPenalty: 0.3 } : {}),
        maxTokens: 1 + random(40),
        ignoreEos: true,
        logprobs: random(4),
        ...(random(6) === 0 ? { promptLogprobs: 1 } : {}),
      };
      return { promptTokenIds, params, arrival: random(20), abort: random(12) === 0 ? 5 + random(30) : undefined };
    });
  }

  /** The result of the same request with nobody else there; computed once. */
  private async runAlone(job: Job): Promise<MixResult> {
    const key = JSON.stringify([job.promptTokenIds, job.params]);
    let result = this.alone.get(key);
    if (!result) {
      const { numBlocks, blockSize, kvCacheGroups: groups, maxModelLen } = this.worker.info;
      const options = {
        numBlocks,
        blockSize,
        groups,
        maxModelLen,
        enablePrefixCaching: false,
        maxNumBatchedTokens: 128,
        maxNumSeqs: 1,
      };
      [result] = (await this.schedule([{ ...job, arrival: 0, abort: undefined }], options, false)) as [MixResult];
      this.alone.set(key, result);
    }
    return result;
  }

  private async schedule(jobs: readonly Job[], options: MixOptions, check: boolean): Promise<MixResult[]> {
    const scheduler = new Scheduler(options);
    const underWay: { readonly plan: SchedulerOutput; readonly output: Promise<ModelRunnerOutput> }[] = [];
    const results = jobs.map((): MixResult => ({ tokenIds: [], logprobs: [], promptLogprobs: [] }));
    const ids = jobs.map(() => `mix-${this.nextId++}`);
    const { eosTokenIds } = this.worker.info;
    for (let step = 0; step <= 40 || scheduler.hasUnfinishedRequests(); step++) {
      if (step > 20_000) throw new Error("the requests do not end");
      jobs.forEach(({ promptTokenIds, params, arrival, abort }, i) => {
        const requestId = ids[i]!;
        if (arrival === step)
          scheduler.addRequest(
            new Request({
              requestId,
              promptTokenIds,
              params: normalizeSamplingParams(params),
              eosTokenIds,
              arrivalTime: step,
            }),
          );
        if (abort === step && arrival < step) {
          scheduler.abortRequests([requestId]);
          this.statistics.aborted++;
        }
      });
      const mayPlan = underWay.length === 0 || scheduler.canPlanAhead() || options.plansAtAnyTime;
      const plan = mayPlan ? scheduler.schedule() : undefined;
      if (plan !== undefined && (plan.totalNumScheduledTokens > 0 || underWay.length === 0)) {
        if (plan.totalNumScheduledTokens === 0 && !scheduler.hasUnfinishedRequests() && step > 40) break;
        if (underWay.length > 0) this.statistics.planned++;
        underWay.push({ plan, output: this.worker.execute(plan) });
        if (options.asyncScheduling === true && underWay.length < 2) continue;
      }
      const oldest = underWay.shift()!;
      for (const output of scheduler.updateFromOutput(oldest.plan, await oldest.output)) {
        if (output.errorMessage !== null) throw new Error(output.errorMessage);
        const result = results[ids.indexOf(output.requestId)]!;
        result.tokenIds.push(...output.newTokenIds);
        result.logprobs.push(...rowsAsText(output.logprobs ?? []));
        result.promptLogprobs.push(...rowsAsText(output.promptLogprobs?.rows ?? []));
      }
      if (check) checkBlockPool(scheduler.kvCacheManager.pool, scheduler.kvCacheManager.tables());
      if (check) this.statistics.steps++;
    }
    for (const { plan, output } of underWay) scheduler.updateFromOutput(plan, await output);
    if (check) {
      this.statistics.preemptions += scheduler.stats().numPreemptions;
      this.statistics.prefixHits += scheduler.stats().prefixCache.hits;
      const { pool } = scheduler.kvCacheManager;
      if (pool.numFreeBlocks !== options.numBlocks - 1)
        throw new Error(`${pool.numFreeBlocks} blocks are free of ${options.numBlocks - 1}`);
    }
    await this.worker.execute(scheduler.schedule());
    return results;
  }
}

/** Numbers print exactly: equal text means equal values. */
function rowsAsText(rows: readonly TopLogprobs[]): string[] {
  return rows.map(({ tokenIds, logprobs, rank }) => `${tokenIds.join(",")}|${logprobs.join(",")}|${rank}`);
}

function difference(result: MixResult, expected: MixResult, length: number): string | undefined {
  for (let i = 0; i < length; i++)
    if (result.tokenIds[i] !== expected.tokenIds[i])
      return `token ${i} is ${result.tokenIds[i]}, alone ${expected.tokenIds[i]}`;
  const isWhole = length === expected.tokenIds.length;
  for (const name of ["logprobs", "promptLogprobs"] as const) {
    const rows = isWhole ? expected[name].length : result[name].length;
    for (let i = 0; i < rows; i++)
      if (result[name][i] !== expected[name][i]) return `${name} ${i}: ${result[name][i]}, alone ${expected[name][i]}`;
  }
  return undefined;
}
