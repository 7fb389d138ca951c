/** The inputs of a step: fixed places in platform memory, and the plain arrays that are gathered into them. */
import type { Platform } from "../platform/platform.js";
import type { Program } from "../ops/program.js";
import type { AttentionMetadata } from "../ops/step.js";
import type { Tensor } from "../tensor/tensor.js";

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
  readonly blockIds: Int32Array;
}

/** A run of i32 values on the platform with a copy here. */
class Buffer32 {
  readonly values: Int32Array;
  readonly address: number;
  private readonly platform: Platform;

  constructor(platform: Platform, label: string, size: number) {
    this.platform = platform;
    this.values = new Int32Array(size);
    this.address = platform.allocate(this.values.byteLength, label);
  }

  /** Sends values [start, start + count) to the platform. */
  upload(count: number, start = 0): void {
    const { buffer } = this.values;
    this.platform.write(this.address + 4 * start, new Uint8Array(buffer, 4 * start, 4 * count));
  }
}

/** Token ids, positions, slots and block tables of one step. Allocated once for the largest step. */
export class StepBuffers {
  private readonly limits: StepLimits;
  private readonly blockSize: number;
  private readonly inputIds: Buffer32;
  private readonly positions: Buffer32;
  private readonly slotMapping: Buffer32;
  private readonly numSeqs: Buffer32;
  private readonly queryStartLoc: Buffer32;
  private readonly seqLens: Buffer32;
  private readonly blockTable: Buffer32;
  private readonly logitsRows: Buffer32;

  constructor(platform: Platform, limits: StepLimits, blockSize: number, maxLogitsRows: number) {
    const { maxNumTokens, maxNumSeqs, maxBlocksPerSeq } = limits;
    this.limits = limits;
    this.blockSize = blockSize;
    this.inputIds = new Buffer32(platform, "inputIds", maxNumTokens);
    this.positions = new Buffer32(platform, "positions", maxNumTokens);
    this.slotMapping = new Buffer32(platform, "slotMapping", maxNumTokens);
    this.numSeqs = new Buffer32(platform, "numSeqs", 1);
    this.queryStartLoc = new Buffer32(platform, "queryStartLoc", maxNumSeqs + 1);
    this.seqLens = new Buffer32(platform, "seqLens", maxNumSeqs);
    this.blockTable = new Buffer32(platform, "blockTable", maxNumSeqs * maxBlocksPerSeq);
    this.logitsRows = new Buffer32(platform, "logitsRows", maxLogitsRows);
  }

  /** Gathers the step's requests, one after the other, and sends them to the platform. */
  fill(seqs: readonly SeqInput[]): void {
    let row = 0;
    seqs.forEach((seq, i) => {
      const { numComputedTokens: start, numScheduledTokens: count, blockIds } = seq;
      this.inputIds.values.set(seq.tokenIds.subarray(start, start + count), row);
      for (let j = 0; j < count; j++) {
        const position = start + j;
        this.positions.values[row + j] = position;
        this.slotMapping.values[row + j] =
          blockIds[Math.floor(position / this.blockSize)]! * this.blockSize + (position % this.blockSize);
      }
      this.queryStartLoc.values[i] = row;
      this.seqLens.values[i] = start + count;
      const table = i * this.limits.maxBlocksPerSeq;
      const numBlocks = Math.ceil((start + count) / this.blockSize);
      this.blockTable.values.set(blockIds.subarray(0, numBlocks), table);
      this.blockTable.upload(numBlocks, table);
      row += count;
    });
    this.queryStartLoc.values[seqs.length] = row;
    this.numSeqs.values[0] = seqs.length;
    for (const buffer of [this.inputIds, this.positions, this.slotMapping]) buffer.upload(row);
    this.numSeqs.upload(1);
    this.queryStartLoc.upload(seqs.length + 1);
    this.seqLens.upload(seqs.length);
  }

  /** Rows of the hidden states whose logits are computed. */
  fillLogitsRows(rows: readonly number[]): void {
    this.logitsRows.values.set(rows);
    this.logitsRows.upload(rows.length);
  }

  /** The inputs as tensors of a program that runs numTokens tokens. */
  tensors(
    program: Program,
    numTokens: number,
  ): { inputIds: Tensor; positions: Tensor; attentionMetadata: AttentionMetadata } {
    const { maxNumSeqs, maxBlocksPerSeq } = this.limits;
    const input = (label: string, shape: number[], { address }: Buffer32): Tensor =>
      program.input(label, shape, "i32", address);
    return {
      inputIds: input("inputIds", [numTokens], this.inputIds),
      positions: input("positions", [numTokens], this.positions),
      attentionMetadata: {
        numSeqs: input("numSeqs", [1], this.numSeqs),
        queryStartLoc: input("queryStartLoc", [maxNumSeqs + 1], this.queryStartLoc),
        seqLens: input("seqLens", [maxNumSeqs], this.seqLens),
        blockTable: input("blockTable", [maxNumSeqs, maxBlocksPerSeq], this.blockTable),
        slotMapping: input("slotMapping", [numTokens], this.slotMapping),
      },
    };
  }

  /** The list of logits rows as a tensor. */
  logitsRowsTensor(program: Program, numRows: number): Tensor {
    return program.input("logitsRows", [numRows], "i32", this.logitsRows.address);
  }
}
