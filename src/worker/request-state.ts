/** What the worker keeps of a request while it runs: its tokens, its blocks, its sampling state. */
import type { Address } from "../platform/platform.js";
import type { CachedRequestData, NewRequestData } from "../request/scheduler-output.js";
import type { SamplingParams } from "../request/sampling-params.js";
import { SamplingState } from "../sampling/sampling-state.js";

/** A list of i32 that grows. */
class IntList {
  values: Int32Array;
  length = 0;

  constructor(initial: readonly number[], spare: number) {
    this.values = new Int32Array(initial.length + spare);
    this.push(initial);
  }

  push(items: readonly number[]): void {
    if (this.length + items.length > this.values.length) {
      const larger = new Int32Array(2 * (this.length + items.length));
      larger.set(this.values.subarray(0, this.length));
      this.values = larger;
    }
    for (const item of items) this.values[this.length++] = item;
  }
}

export class RequestState {
  readonly requestId: string;
  readonly params: SamplingParams;
  readonly promptTokenIds: readonly number[];
  readonly outputTokenIds: number[];
  readonly sampling: SamplingState;
  private readonly tokens: IntList;
  private readonly blocks: readonly IntList[];
  /** By KV cache group, its block table; what lies beyond the request's blocks has no meaning. */
  readonly blockIds: Int32Array[];
  numComputedTokens: number;
  /** Where in platform memory the last token lies that the step under way samples; undefined: all tokens are known here. */
  pendingTokenAt: Address | undefined;

  constructor(data: NewRequestData) {
    this.requestId = data.requestId;
    this.params = data.params;
    this.promptTokenIds = data.promptTokenIds;
    this.outputTokenIds = [...data.outputTokenIds];
    this.tokens = new IntList(data.promptTokenIds, 64 + data.outputTokenIds.length);
    this.tokens.push(data.outputTokenIds);
    this.blocks = data.blockIds.map((ids) => new IntList(ids, 16));
    this.blockIds = this.blocks.map(({ values }) => values);
    this.numComputedTokens = data.numComputedTokens;
    const { params, promptTokenIds, eosTokenIds } = data;
    this.sampling = new SamplingState({ params, promptTokenIds, eosTokenIds });
  }

  get numTokens(): number {
    return this.tokens.length;
  }

  get tokenIds(): Int32Array {
    return this.tokens.values;
  }

  /** Takes over what the scheduler says before a step. */
  update(data: CachedRequestData): void {
    data.newBlockIds.forEach((ids, group) => {
      if (ids.length === 0) return;
      this.blocks[group]!.push(ids);
      this.blockIds[group] = this.blocks[group]!.values;
    });
    this.numComputedTokens = data.numComputedTokens;
  }

  /** Appends a sampled token. */
  append(tokenId: number): void {
    this.tokens.push([tokenId]);
    this.outputTokenIds.push(tokenId);
  }

  /**
   * Appends a token that the step under way samples; it will lie at `address`. Until it is settled its id reads as -1.
   * @returns its index in the output, for settle()
   */
  expect(address: Address): number {
    this.append(-1);
    this.pendingTokenAt = address;
    return this.outputTokenIds.length - 1;
  }

  /** Fills in a token that was expected; the next one may be expected already. */
  settle(index: number, tokenId: number): void {
    this.tokens.values[this.promptTokenIds.length + index] = tokenId;
    this.outputTokenIds[index] = tokenId;
    if (index === this.outputTokenIds.length - 1) this.pendingTokenAt = undefined;
  }
}
