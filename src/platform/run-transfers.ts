/** RunTransfers: what a run brings into platform memory before its first op, and what it takes out after its last. */
import type { Address, Platform } from "./platform.js";

/** Writes bytes somewhere, now or later. */
export type MemoryWriter = Pick<Platform, "write">;

// Kinds of moves; native/binding/addon.cpp has them too.
const BRING = 0;
const COPY = 1;
const TAKE = 2;

/** Fewer words are copied one by one: that is quicker than a view of them. */
const FEW_WORDS = 64;

/**
 * Filled anew for each run, so that a run can be prepared while another one computes. In this order: all writes, then all copies,
 * then the programs, then the reads. Nothing else touches memory between two runs. Made to be used again and again: filling one
 * makes no garbage.
 */
export class RunTransfers implements MemoryWriter {
  /** (kind, to, from, bytes) of each move; the first `numMoves` count. */
  moves = new Float64Array(4 * 64);
  numMoves = 0;
  /** Bytes of all writes, one after the other. */
  data = new Uint8Array(4096);
  /** Bytes of all reads, one after the other, once the run has ended; it may be longer. Valid until reset(). */
  results = new Uint8Array(0);
  private words = new Int32Array(this.data.buffer);
  private numBytes = 0;
  private numResultBytes = 0;

  /** Forgets everything. */
  reset(): void {
    this.numMoves = this.numBytes = this.numResultBytes = 0;
  }

  /** The bytes, a multiple of 4, are taken over now. */
  write(address: Address, bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    const start = this.reserve(bytes.length);
    this.data.set(bytes, start);
    this.add(BRING, address, 0, bytes.length);
  }

  /** As write(), for words [start, start + count). */
  writeWords(address: Address, words: Int32Array, start: number, count: number): void {
    if (count === 0) return;
    const at = this.reserve(4 * count) / 4;
    const target = this.words;
    if (count < FEW_WORDS) for (let i = 0; i < count; i++) target[at + i] = words[start + i]!;
    else target.set(words.subarray(start, start + count), at);
    this.add(BRING, address, 0, 4 * count);
  }

  /** Copies inside memory; what the run before left there is what is copied. Neighbours become one. */
  copy(from: Address, to: Address, bytes: number): void {
    const { moves } = this;
    const last = 4 * this.numMoves - 4;
    const before = last >= 0 && moves[last] === COPY ? moves[last + 3]! : -1;
    if (before >= 0 && moves[last + 1]! + before === to && moves[last + 2]! + before === from)
      moves[last + 3] = before + bytes;
    else this.add(COPY, to, from, bytes);
  }

  /** @returns where these bytes will begin in `results` */
  read(address: Address, bytes: number): number {
    const start = this.numResultBytes;
    this.add(TAKE, 0, address, bytes);
    this.numResultBytes += bytes;
    return start;
  }

  /** Makes room for the results; whoever ends the run fills it. */
  allocateResults(): Uint8Array {
    if (this.results.length < this.numResultBytes) this.results = new Uint8Array(2 * this.numResultBytes);
    return this.results;
  }

  /** Writes and copies at once, on a platform that runs nothing. */
  bring(memory: Pick<Platform, "read" | "write">): void {
    let start = 0;
    for (const [to, , bytes] of this.ofKind(BRING)) memory.write(to, this.data.subarray(start, (start += bytes)));
    for (const [to, from, bytes] of this.ofKind(COPY)) {
      const copied = new Uint8Array(bytes);
      memory.read(from, copied);
      memory.write(to, copied);
    }
  }

  /** Reads at once, on a platform that runs nothing. */
  take(memory: Pick<Platform, "read">): void {
    const results = this.allocateResults();
    let start = 0;
    for (const [, from, bytes] of this.ofKind(TAKE)) memory.read(from, results.subarray(start, (start += bytes)));
  }

  private *ofKind(kind: number): Generator<readonly [to: Address, from: Address, bytes: number]> {
    const { moves } = this;
    for (let i = 0; i < 4 * this.numMoves; i += 4)
      if (moves[i] === kind) yield [moves[i + 1]!, moves[i + 2]!, moves[i + 3]!];
  }

  private add(kind: number, to: Address, from: Address, bytes: number): void {
    const at = 4 * this.numMoves++;
    if (at === this.moves.length) {
      const larger = new Float64Array(2 * at);
      larger.set(this.moves);
      this.moves = larger;
    }
    const { moves } = this;
    moves[at] = kind;
    moves[at + 1] = to;
    moves[at + 2] = from;
    moves[at + 3] = bytes;
  }

  /** Room for bytes in `data`. Returns where it begins. */
  private reserve(bytes: number): number {
    const start = this.numBytes;
    if (bytes % 4 !== 0) throw new Error(`run transfers: whole words are written; got ${bytes} bytes`);
    this.numBytes += bytes;
    if (this.numBytes > this.data.length) {
      const larger = new Uint8Array(2 * this.numBytes);
      larger.set(this.data);
      this.data = larger;
      this.words = new Int32Array(larger.buffer);
    }
    return start;
  }
}
