/** A worker without a model: each token's key is a hash of its whole past, read back from a paged cache. */
import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";
import type { CreateWorker, ModelInfo, Worker } from "../../src/worker/worker.js";
import type { ModelRunnerOutput, TopLogprobs } from "../../src/request/model-runner-output.js";
import type { SamplingParams } from "../../src/request/sampling-params.js";
import { reachesLastToken, type SchedulerOutput } from "../../src/request/scheduler-output.js";
import { EOS, VOCAB_SIZE } from "./fake-tokenizer.js";

export interface FakeWorkerOptions {
  info?: Partial<ModelInfo>;
  /** Time of a step; 0 (default): a turn of the event loop. */
  stepMs?: number;
  /** Chooses the next token in place of the hash; undefined: the hash after all. */
  next?: (tokens: readonly number[], numPrompt: number) => number | undefined;
  /** Called before each step; may throw (the worker fails) or wait. */
  beforeStep?: (step: SchedulerOutput, index: number) => void | Promise<void>;
  /** How many steps may be under way; default 1. Results of a step then come when those before it have come. */
  maxSteps?: number;
  /** Message for a request that is to fail in this step. */
  errorOf?: (requestId: string, tokens: readonly number[]) => string | undefined;
}

interface Held {
  tokens: number[];
  numPrompt: number;
  params: SamplingParams;
  blockIds: number[];
  isBroken?: boolean;
}

export const FAKE_INFO: ModelInfo = {
  modelType: "fake",
  architecture: "FakeForCausalLM",
  maxModelLen: 256,
  vocabSize: VOCAB_SIZE,
  eosTokenIds: [EOS],
  generationConfig: undefined,
  numBlocks: 257,
  kvCacheGroups: [{ kind: "full" }],
  blockSize: 16,
  dtype: "float32",
  platform: "fake",
  hiddenSize: 1,
  numParameters: 0,
  weightBytes: 0,
  kvCacheBytes: 0,
};

/** A hash of two numbers, as an unsigned 32-bit integer. */
export function mix(a: number, b: number): number {
  let h = Math.imul(a ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(b + 0x7f4a7c15, 0xc2b2ae35);
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
  return (h ^ (h >>> 13)) >>> 0;
}

export class FakeWorker implements Worker {
  readonly info: ModelInfo;
  readonly steps: SchedulerOutput[] = [];
  isDisposed = false;
  /** Steps under way. */
  numBusy = 0;
  /** Steps that came while another one was under way. */
  numAhead = 0;
  #last: Promise<unknown> = Promise.resolve();
  /** Level of the sleep; 0: awake. */
  sleepLevel = 0;
  readonly #options: FakeWorkerOptions;
  readonly #keys: Uint32Array;
  readonly #held = new Map<string, Held>();

  constructor(options: FakeWorkerOptions = {}) {
    this.#options = options;
    this.info = { ...FAKE_INFO, ...options.info };
    this.#keys = new Uint32Array(this.info.numBlocks * this.info.blockSize);
  }

  get maxSteps(): number {
    return this.#options.maxSteps ?? 1;
  }

  get isBusy(): boolean {
    return this.numBusy > 0;
  }

  async execute(step: SchedulerOutput): Promise<ModelRunnerOutput> {
    if (this.numBusy >= this.maxSteps || this.isDisposed)
      throw new Error("execute was called during execute or after dispose");
    if (this.sleepLevel > 0) throw new Error("execute was called during sleep");
    if (this.numBusy++ > 0) this.numAhead++;
    this.steps.push(step);
    const index = this.steps.length - 1;
    const running = this.#last.then(() => this.#run(step, index));
    this.#last = running.catch(() => undefined);
    try {
      return await running;
    } finally {
      this.numBusy--;
    }
  }

  async #run(step: SchedulerOutput, index: number): Promise<ModelRunnerOutput> {
    await this.#options.beforeStep?.(step, index);
    if (this.#options.stepMs === undefined || this.#options.stepMs === 0) await nextTurn();
    else await sleep(this.#options.stepMs);
    return this.#compute(step);
  }

  sleep(level: number): void {
    if (this.isBusy) throw new Error("sleep was called during execute");
    this.sleepLevel = level;
    this.#keys.fill(0);
  }

  async wakeUp(tags: readonly string[]): Promise<void> {
    await nextTurn();
    if (tags.length === 2 || tags.includes("kv_cache")) this.sleepLevel = 0;
  }

  dispose(): void {
    if (this.isBusy || this.isDisposed) throw new Error("dispose was called during execute or twice");
    this.isDisposed = true;
  }

  #compute(step: SchedulerOutput): ModelRunnerOutput {
    const output = {
      sampledTokenIds: new Map<string, number[]>(),
      logprobs: new Map<string, TopLogprobs[]>(),
      promptLogprobs: new Map<string, { start: number; rows: TopLogprobs[] }>(),
      errors: new Map<string, string>(),
    };
    for (const id of [...step.finishedRequestIds, ...step.preemptedRequestIds]) this.#held.delete(id);
    const numComputed = new Map<string, number>();
    for (const request of step.scheduledNewRequests) {
      const { promptTokenIds, outputTokenIds, params, blockIds } = request;
      const tokens = [...promptTokenIds, ...outputTokenIds];
      this.#held.set(request.requestId, {
        tokens,
        numPrompt: promptTokenIds.length,
        params,
        blockIds: [...blockIds[0]!],
      });
      numComputed.set(request.requestId, request.numComputedTokens);
    }
    for (const request of step.scheduledCachedRequests) {
      this.#held.get(request.requestId)!.blockIds.push(...request.newBlockIds[0]!);
      numComputed.set(request.requestId, request.numComputedTokens);
    }
    for (const [id, numTokens] of step.numScheduledTokens) {
      const held = this.#held.get(id)!;
      const message = this.#options.errorOf?.(id, held.tokens);
      if (message !== undefined || held.isBroken === true) {
        held.isBroken = true;
        output.errors.set(id, message ?? "broken before");
      } else this.#advance(id, held, numComputed.get(id)!, numTokens, output);
    }
    return output;
  }

  #advance(
    id: string,
    held: Held,
    start: number,
    numTokens: number,
    output: {
      sampledTokenIds: Map<string, number[]>;
      logprobs: Map<string, TopLogprobs[]>;
      promptLogprobs: Map<string, { start: number; rows: TopLogprobs[] }>;
    },
  ): void {
    const { tokens, params, numPrompt } = held;
    const rows: TopLogprobs[] = [];
    for (let position = start; position < start + numTokens; position++) {
      const before = position === 0 ? 0 : this.#keys[this.#slot(held, position - 1)]!;
      this.#keys[this.#slot(held, position)] = mix(before, tokens[position]!);
      if (params.promptLogprobs !== null && position + 1 < numPrompt) {
        rows.push(topLogprobs(tokens[position + 1]!, params.promptLogprobs));
      }
    }
    if (rows.length > 0) output.promptLogprobs.set(id, { start: start + 1, rows });
    if (!reachesLastToken(start, numTokens, tokens.length)) return;
    const next = this.#next(held, this.#keys[this.#slot(held, tokens.length - 1)]!);
    tokens.push(next);
    output.sampledTokenIds.set(id, [next]);
    if (params.logprobs !== null) output.logprobs.set(id, [topLogprobs(next, params.logprobs)]);
  }

  #next({ tokens, numPrompt, params }: Held, key: number): number {
    const chosen = this.#options.next?.(tokens, numPrompt);
    if (chosen !== undefined) return chosen;
    const drawn = params.temperature === 0 ? key : mix(key, params.seed! % 2 ** 31);
    return 97 + (drawn % 26);
  }

  #slot({ blockIds }: Held, position: number): number {
    const block = blockIds[Math.floor(position / this.info.blockSize)];
    if (block === undefined) throw new Error(`no block for position ${position}`);
    return block * this.info.blockSize + (position % this.info.blockSize);
  }
}

/** The token itself, then ids 0, 1, 2, ...: numbers to be recognised again. */
export function topLogprobs(token: number, count: number): TopLogprobs {
  const others = Array.from({ length: count }, (_, i) => i);
  return { tokenIds: [token, ...others], logprobs: [-token, ...others.map((i) => -i / 2)], rank: token };
}

/** What the fake model says after a prompt, greedily. */
export function expectedTokens(prompt: readonly number[], count: number): number[] {
  let key = prompt.reduce((before, token) => mix(before, token), 0);
  const tokens: number[] = [];
  for (let i = 0; i < count; i++) {
    tokens.push(97 + (key % 26));
    key = mix(key, tokens[i]!);
  }
  return tokens;
}

/** `createWorker` for a fake worker; `made` collects the workers. */
export function fakeWorkers(options: FakeWorkerOptions = {}, made: FakeWorker[] = []): CreateWorker {
  return async (config) => {
    const info = { ...options.info };
    if (config.numBlocksOverride !== undefined) info.numBlocks = config.numBlocksOverride;
    if (typeof config.maxModelLen === "number") info.maxModelLen = config.maxModelLen;
    made.push(new FakeWorker({ ...options, info }));
    return made.at(-1)!;
  };
}
