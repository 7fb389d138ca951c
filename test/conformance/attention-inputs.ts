/** Requests with keys, values and queries for tests of the paged KV cache: all a function of seed and token alone. */
import { pagedAttention, writeKVCache } from "../../src/ops/attention.js";
import type { PagedAttentionOptions } from "../../src/ops/attention.js";
import { mlaAttention, writeLatents } from "../../src/ops/mla-attention.js";
import type { AttentionMetadata, KVCache } from "../../src/ops/step.js";
import type { Parameter } from "../../src/tensor/parameter.js";
import type { Tensor } from "../../src/tensor/tensor.js";
import type { CaseInputs, Poison } from "./case-inputs.js";
import { range } from "./op-case.js";
import type { Fill } from "./random.js";
import { fills, shuffled } from "./random.js";

export interface AttentionSpec {
  readonly numHeads: number;
  readonly numKvHeads: number;
  readonly headDim: number;
  /** Set: the cache is one of latents, and numKvHeads is 1. */
  readonly latentDim?: number;
  readonly blockSize: number;
  readonly dtype: "f32" | "bf16";
  /** Tokens of each request. */
  readonly lengths: readonly number[];
  readonly slidingWindow?: number;
  readonly attentionChunkSize?: number;
  readonly logitSoftcap?: number;
  /** Random sinks, of this size. */
  readonly sinks?: number;
  /** Random slopes from 0 to 1, or of one value. */
  readonly alibi?: { readonly slope?: number; readonly scale?: number; readonly rounding?: "none" | "bf16" };
  readonly scale?: number;
  readonly fill?: Fill;
  readonly poison?: Poison;
  /** Of the comparison; default by dtype. */
  readonly tolerance?: number;
  /** Extra elements between the rows of q, k and v. */
  readonly gap?: number;
  /** Extra bytes between the blocks of the cache. */
  readonly blockGap?: number;
}

/** A run of tokens first .. end - 1 of one request; sees what comes before it in the cache. */
export interface TokenRun {
  readonly request: number;
  readonly first: number;
  readonly end: number;
}

/** Tokens are numbered through all requests; runs of neighbours of one request stay together. */
export function runsOfTokens(spec: AttentionSpec, tokens: readonly number[]): TokenRun[] {
  const runs: { request: number; first: number; end: number }[] = [];
  let before = -1;
  for (const token of tokens) {
    const { request, position } = placeOfToken(spec, token);
    if (runs.length > 0 && token === before + 1 && position > 0) runs[runs.length - 1]!.end++;
    else runs.push({ request, first: position, end: position + 1 });
    before = token;
  }
  return runs;
}

export function placeOfToken(spec: AttentionSpec, token: number): { request: number; position: number } {
  let position = token;
  for (const [request, length] of spec.lengths.entries()) {
    if (position < length) return { request, position };
    position -= length;
  }
  throw new Error(`no token ${token}`);
}

/** The first of the numbers of a request's tokens. */
export function firstToken(spec: AttentionSpec, request: number): number {
  return spec.lengths.slice(0, request).reduce((sum, length) => sum + length, 0);
}

/** The cache of all requests, its blocks shuffled, and what one step's ops need. */
export class AttentionInputs {
  readonly spec: AttentionSpec;
  readonly inputs: CaseInputs;
  readonly cache: KVCache;
  private readonly blockLists: readonly number[][];
  private readonly maxBlocks: number;

  /** `cache`: one that an earlier step made from the same spec; default: a new, empty one. */
  constructor(inputs: CaseInputs, spec: AttentionSpec, cache?: KVCache) {
    this.spec = spec;
    this.inputs = inputs;
    const counts = spec.lengths.map((length) => Math.ceil(length / spec.blockSize));
    const numBlocks = counts.reduce((sum, count) => sum + count, 0) + 2;
    this.maxBlocks = Math.max(...counts) + 1;
    this.cache = cache ?? inputs.cache("cache", spec, numBlocks, spec.poison ?? "nan", spec.blockGap);
    const ids = shuffled(numBlocks, 1);
    let at = 0;
    this.blockLists = counts.map((count) => ids.slice(at, (at += count)));
  }

  /** Queries, keys or values of tokens: [tokens, heads, headDim], rows apart by `gap`. */
  states(label: "q" | "k" | "v", tokens: readonly number[]): Tensor {
    const { numHeads, numKvHeads, headDim, gap = 0, fill = fills.unit } = this.spec;
    const heads = label === "q" ? numHeads : numKvHeads;
    const x = this.inputs.rows(label, tokens, heads * headDim, { stride: heads * headDim + gap, fill });
    return x.splitLast(heads, headDim);
  }

  /** Metadata of a step over these tokens; numSeqs and lists have room for `spare` more requests. */
  metadata(tokens: readonly number[], spare = 1): AttentionMetadata {
    const { inputs, spec, maxBlocks } = this;
    const runs = runsOfTokens(spec, tokens);
    const capacity = runs.length + spare;
    const starts = [0];
    for (const run of runs) starts.push(starts[starts.length - 1]! + run.end - run.first);
    const fillUp = (list: number[], length: number, value: number): number[] => [
      ...list,
      ...range(length - list.length).map(() => value),
    ];
    const table = runs.flatMap((run) => fillUp(this.visibleBlocks(run), maxBlocks, -1));
    return {
      numSeqs: inputs.ints("numSeqs", [runs.length]),
      queryStartLoc: inputs.ints("queryStartLoc", fillUp(starts, capacity + 1, -1)),
      seqLens: inputs.ints(
        "seqLens",
        fillUp(
          runs.map((run) => run.end),
          capacity,
          -1,
        ),
      ),
      blockTable: inputs.ints("blockTable", fillUp(table, capacity * maxBlocks, -1), [capacity, maxBlocks]),
      slotMapping: inputs.ints(
        "slotMapping",
        tokens.map((token) => this.slot(token)),
      ),
    };
  }

  /** How the spec's requests attend. */
  options(): PagedAttentionOptions {
    const { numHeads, headDim, scale = headDim ** -0.5, slidingWindow, attentionChunkSize, logitSoftcap } = this.spec;
    const perHead = (label: string, fill: Fill): Parameter => this.inputs.parameter(label, [numHeads], fill);
    const { sinks, alibi } = this.spec;
    return {
      ...{ scale, slidingWindow, attentionChunkSize, logitSoftcap },
      sinks: sinks === undefined ? undefined : perHead("sinks", (random) => sinks * (2 * random() - 1)),
      alibi: alibi && { ...alibi, slopes: perHead("slopes", (random) => alibi.slope ?? random()) },
    };
  }

  /** Writes keys and values of tokens (default: of all requests). */
  write(tokens: readonly number[] = range(firstToken(this.spec, this.spec.lengths.length))): void {
    const k = this.states("k", tokens);
    if (this.spec.latentDim === undefined)
      return writeKVCache(k, this.states("v", tokens), this.cache, this.metadata(tokens));
    const [latent, rope] = this.parts(k.flattenInner());
    writeLatents(latent, rope, this.cache, this.metadata(tokens));
  }

  /** Attends for tokens, as the spec says: pagedAttention, or mlaAttention over latents. */
  attend(tokens: readonly number[]): Tensor {
    const [q, metadata, options] = [this.states("q", tokens), this.metadata(tokens), this.options()];
    if (this.spec.latentDim === undefined) return pagedAttention(q, this.cache, metadata, options);
    return mlaAttention(...this.parts(q), this.cache, metadata, options.scale);
  }

  private parts(x: Tensor): [latent: Tensor, rope: Tensor] {
    const { latentDim = 0, headDim } = this.spec;
    return [x.columns(0, latentDim), x.columns(latentDim, headDim - latentDim)];
  }

  /** Block ids of a run; -1 for blocks that none of its tokens may look at: of later tokens, or before the window. */
  private visibleBlocks({ request, first, end }: TokenRun): number[] {
    const { blockSize, slidingWindow = 0, attentionChunkSize = Infinity } = this.spec;
    const startOfWindow = slidingWindow > 0 ? first - slidingWindow + 1 : 0;
    const startOfChunk = Math.floor(first / attentionChunkSize) * attentionChunkSize || 0;
    const begin = Math.floor(Math.max(0, startOfWindow, startOfChunk) / blockSize);
    const blocks = this.blockLists[request]!.slice(0, Math.ceil(end / blockSize));
    return blocks.map((block, i) => (i < begin ? -1 : block));
  }

  private slot(token: number): number {
    const { blockSize } = this.spec;
    const { request, position } = placeOfToken(this.spec, token);
    return this.blockLists[request]![Math.floor(position / blockSize)]! * blockSize + (position % blockSize);
  }
}
