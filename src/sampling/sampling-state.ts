/** What the sampler keeps for one request from its first step to its last. */
import type { SamplingParams } from "../request/sampling-params.js";
import { allStopTokenIds } from "../request/sampling-params.js";
import type { PenaltyCounts } from "./penalty-counts.js";
import { createPenaltyCounts } from "./penalty-counts.js";
import { ThinkingLimit } from "./thinking-limit.js";

export interface SamplingStateOptions {
  readonly params: SamplingParams;
  readonly promptTokenIds: readonly number[];
  /** The model's end-of-sequence ids, forbidden until `params.minTokens` are out. */
  readonly eosTokenIds: readonly number[];
  /** 64 bits; default `params.seed`, or random bits. */
  readonly seed?: number | bigint;
}

/** A request's constant lists, ready to be copied, and its token counts. */
export class SamplingState {
  readonly params: SamplingParams;
  /** The seed as two signed 32-bit words. */
  readonly seedLow: number;
  readonly seedHigh: number;
  readonly allowedTokenIds: Int32Array | null;
  /** Pairs (token id, bits of the f32 bias). */
  readonly bias: Int32Array;
  /** Forbidden while fewer than `params.minTokens` are out. */
  readonly stopTokenIds: Int32Array;
  readonly penaltyCounts: PenaltyCounts | null;
  /** Report these tokens' log-probabilities instead of the likeliest; null: the likeliest. */
  readonly logprobTokenIds: Int32Array | null;
  readonly thinkingLimit: ThinkingLimit | null;

  constructor(options: SamplingStateOptions) {
    const { params, promptTokenIds, eosTokenIds } = options;
    this.params = params;
    const seed = BigInt(options.seed ?? params.seed ?? randomSeed());
    this.seedLow = Number(BigInt.asIntN(32, seed));
    this.seedHigh = Number(BigInt.asIntN(32, seed >> 32n));
    this.allowedTokenIds = params.allowedTokenIds && Int32Array.from(params.allowedTokenIds);
    this.bias = biasPairs(params.logitBias ?? {});
    this.stopTokenIds = Int32Array.from(params.minTokens > 0 ? allStopTokenIds(params, eosTokenIds) : []);
    this.logprobTokenIds = params.logprobTokenIds && Int32Array.from(params.logprobTokenIds);
    this.thinkingLimit = params.thinkingBudget && new ThinkingLimit(params.thinkingBudget, promptTokenIds);
    this.penaltyCounts = createPenaltyCounts(params, promptTokenIds);
  }
}

/** Random 64 bits, for requests without a seed. */
export function randomSeed(): bigint {
  return crypto.getRandomValues(new BigUint64Array(1))[0]!;
}

function biasPairs(logitBias: Readonly<Record<number, number>>): Int32Array {
  const entries = Object.entries(logitBias);
  const pairs = new Int32Array(2 * entries.length);
  const floats = new Float32Array(pairs.buffer);
  for (const [i, [id, bias]] of entries.entries()) {
    pairs[2 * i] = Number(id);
    floats[2 * i + 1] = bias;
  }
  return pairs;
}
