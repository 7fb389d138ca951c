/** The inputs of a step: fixed places in platform memory, and the plain arrays that are gathered into them. */
import type { Address, Platform } from "../platform/platform.js";
import type { MemoryWriter, RunTransfers } from "../platform/run-transfers.js";
import type { Program } from "../ops/program.js";
import type { AttentionMetadata, StateMetadata } from "../ops/step.js";
import type { KVCacheGroup } from "../request/kv-cache-group.js";
import type { Tensor } from "../tensor/tensor.js";
import { Buffer32 } from "./buffer32.js";
import type { GroupBuffers } from "./group-buffers.js";
import { createGroupBuffers } from "./group-buffers.js";

export interface StepLimits {
  readonly maxNumTokens: number;
  readonly maxNumSeqs: number;
  readonly maxBlocksPerSeq: number;
}

/** One request's part of a step. */
export interface SeqInput {
  readonly tokenIds: Int32Array;
  readonly numComputedTokens: number;
  readonly numScheduledTokens: number;
  /** The last one of the scheduled tokens is known in platform memory alone: there, as i32. */
  readonly lastTokenAt?: Address | undefined;
  /** By KV cache group. */
  readonly blockIds: readonly Int32Array[];
}

/** Token ids, positions, slots and block tables of one step; slots and tables once for each KV cache group. Allocated once for the largest step. */
export class StepBuffers {
  private readonly limits: StepLimits;
  private readonly inputIds: Buffer32;
  private readonly positions: Buffer32;
  private readonly numSeqs: Buffer32;
  private readonly queryStartLoc: Buffer32;
  private readonly seqLens: Buffer32;
  private readonly groups: readonly GroupBuffers[];
  private readonly logitsRows: Buffer32;

  constructor(
    platform: Platform,
    limits: StepLimits,
    blockSize: number,
    maxLogitsRows: number,
    groups: readonly KVCacheGroup[],
  ) {
    const { maxNumTokens, maxNumSeqs } = limits;
    this.limits = limits;
    this.inputIds = new Buffer32(platform, "inputIds", maxNumTokens);
    this.positions = new Buffer32(platform, "positions", maxNumTokens);
    this.numSeqs = new Buffer32(platform, "numSeqs", 1);
    this.queryStartLoc = new Buffer32(platform, "queryStartLoc", maxNumSeqs + 1);
    this.seqLens = new Buffer32(platform, "seqLens", maxNumSeqs);
    this.groups = groups.map((group) => createGroupBuffers(platform, group, limits, blockSize));
    this.logitsRows = new Buffer32(platform, "logitsRows", maxLogitsRows);
  }

  /** Gathers the step's requests, one after the other. @param to what the step's run will bring */
  fill(seqs: readonly SeqInput[], to: RunTransfers): void {
    let row = 0;
    seqs.forEach((seq, index) => {
      const { numComputedTokens: start, numScheduledTokens: count, blockIds, lastTokenAt } = seq;
      this.inputIds.values.set(seq.tokenIds.subarray(start, start + count), row);
      for (let j = 0; j < count; j++) this.positions.values[row + j] = start + j;
      this.queryStartLoc.values[index] = row;
      this.seqLens.values[index] = start + count;
      const rows = { index, row, start, count };
      for (let group = 0; group < this.groups.length; group++) this.groups[group]!.add(to, rows, blockIds[group]!);
      row += count;
      if (lastTokenAt !== undefined) to.copy(lastTokenAt, this.inputIds.address + 4 * (row - 1), 4);
    });
    this.queryStartLoc.values[seqs.length] = row;
    this.numSeqs.values[0] = seqs.length;
    for (const buffer of [this.inputIds, this.positions]) buffer.upload(to, row);
    for (const group of this.groups) group.upload(to, seqs.length, row);
    this.numSeqs.upload(to, 1);
    this.queryStartLoc.upload(to, seqs.length + 1);
    this.seqLens.upload(to, seqs.length);
  }

  /** Rows of the hidden states whose logits are computed. */
  fillLogitsRows(rows: readonly number[], to: MemoryWriter): void {
    this.logitsRows.values.set(rows);
    this.logitsRows.upload(to, rows.length);
  }

  /** The inputs as tensors of a program that runs numTokens tokens; metadata by KV cache group. */
  tensors(
    program: Program,
    numTokens: number,
  ): { inputIds: Tensor; positions: Tensor; metadata: (AttentionMetadata | StateMetadata)[] } {
    const { maxNumSeqs } = this.limits;
    const input = (label: string, shape: number[], { address }: Buffer32): Tensor =>
      program.input(label, shape, "i32", address);
    const shared = {
      numSeqs: input("numSeqs", [1], this.numSeqs),
      queryStartLoc: input("queryStartLoc", [maxNumSeqs + 1], this.queryStartLoc),
      seqLens: input("seqLens", [maxNumSeqs], this.seqLens),
    };
    return {
      inputIds: input("inputIds", [numTokens], this.inputIds),
      positions: input("positions", [numTokens], this.positions),
      metadata: this.groups.map((group) => group.tensors(program, numTokens, shared)),
    };
  }

  /** The list of logits rows as a tensor. */
  logitsRowsTensor(program: Program, numRows: number): Tensor {
    return program.input("logitsRows", [numRows], "i32", this.logitsRows.address);
  }
}
