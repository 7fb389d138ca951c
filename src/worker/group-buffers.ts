/** GroupBuffers: the step inputs of one KV cache group: block tables and slots of tokens, or the slots of states. */
import type { Program } from "../ops/program.js";
import type { AttentionMetadata, SequenceMetadata, StateMetadata } from "../ops/step.js";
import type { Platform } from "../platform/platform.js";
import type { MemoryWriter } from "../platform/run-transfers.js";
import type { KVCacheGroup } from "../request/kv-cache-group.js";
import { firstSeen } from "../request/kv-cache-group.js";
import { Buffer32 } from "./buffer32.js";
import type { StepLimits } from "./step-buffers.js";

/** Where a request's rows lie in a step. */
export interface SeqRows {
  /** Index of the request in the step. */
  readonly index: number;
  /** First row; the rows stand at positions `start`, `start` + 1 … */
  readonly row: number;
  readonly start: number;
  readonly count: number;
}

export interface GroupBuffers {
  /** Takes up one request. @param blockIds its block table in this group */
  add(to: MemoryWriter, seq: SeqRows, blockIds: Int32Array): void;
  /** Sends what add() gathered. */
  upload(to: MemoryWriter, numSeqs: number, numTokens: number): void;
  /** As tensors of a program that runs numTokens tokens. */
  tensors(program: Program, numTokens: number, shared: SequenceMetadata): AttentionMetadata | StateMetadata;
}

/** @param blockSize tokens of one block */
export function createGroupBuffers(
  platform: Platform,
  group: KVCacheGroup,
  limits: StepLimits,
  blockSize: number,
): GroupBuffers {
  if (group.kind === "state") return new StateBuffers(platform, limits);
  return new BlockBuffers(platform, group, limits, blockSize);
}

class BlockBuffers implements GroupBuffers {
  private readonly group: KVCacheGroup;
  private readonly limits: StepLimits;
  private readonly blockSize: number;
  private readonly blockTable: Buffer32;
  private readonly slotMapping: Buffer32;

  constructor(platform: Platform, group: KVCacheGroup, limits: StepLimits, blockSize: number) {
    this.group = group;
    this.limits = limits;
    this.blockSize = blockSize;
    this.blockTable = new Buffer32(platform, "blockTable", limits.maxNumSeqs * limits.maxBlocksPerSeq);
    this.slotMapping = new Buffer32(platform, "slotMapping", limits.maxNumTokens);
  }

  add(to: MemoryWriter, { index, row, start, count }: SeqRows, blockIds: Int32Array): void {
    const { blockSize } = this;
    const slots = this.slotMapping.values;
    for (let j = 0; j < count; j++) {
      const position = start + j;
      slots[row + j] = blockIds[Math.floor(position / blockSize)]! * blockSize + (position % blockSize);
    }
    // Blocks before the window are never looked up.
    const firstBlock = Math.floor(firstSeen(this.group, start) / blockSize);
    const endBlock = Math.ceil((start + count) / blockSize);
    const table = index * this.limits.maxBlocksPerSeq;
    this.blockTable.values.set(blockIds.subarray(firstBlock, endBlock), table + firstBlock);
    this.blockTable.upload(to, endBlock - firstBlock, table + firstBlock);
  }

  upload(to: MemoryWriter, _numSeqs: number, numTokens: number): void {
    this.slotMapping.upload(to, numTokens);
  }

  tensors(program: Program, numTokens: number, shared: SequenceMetadata): AttentionMetadata {
    const { maxNumSeqs, maxBlocksPerSeq } = this.limits;
    const { blockTable, slotMapping } = this;
    return {
      ...shared,
      blockTable: program.input("blockTable", [maxNumSeqs, maxBlocksPerSeq], "i32", blockTable.address),
      slotMapping: program.input("slotMapping", [numTokens], "i32", slotMapping.address),
    };
  }
}

class StateBuffers implements GroupBuffers {
  private readonly stateSlots: Buffer32;

  constructor(platform: Platform, { maxNumSeqs }: StepLimits) {
    this.stateSlots = new Buffer32(platform, "stateSlots", maxNumSeqs);
  }

  add(_to: MemoryWriter, { index }: SeqRows, blockIds: Int32Array): void {
    this.stateSlots.values[index] = blockIds[0]!;
  }

  upload(to: MemoryWriter, numSeqs: number): void {
    this.stateSlots.upload(to, numSeqs);
  }

  tensors(program: Program, _numTokens: number, shared: SequenceMetadata): StateMetadata {
    const { values, address } = this.stateSlots;
    return { ...shared, stateSlots: program.input("stateSlots", [values.length], "i32", address) };
  }
}
