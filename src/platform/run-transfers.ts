/** RunTransfers: what a run brings into platform memory before its first op, and what it takes out after its last. */
import type { Address, Platform } from "./platform.js";

/** Writes bytes somewhere, now or later. */
export type MemoryWriter = Pick<Platform, "write">;

const noBytes = new Uint8Array(0);

/**
 * Filled anew for each run, so that a run can be prepared while another one computes. In this order: all writes, then all copies,
 * then the programs, then the reads. Nothing else touches memory between two runs.
 */
export class RunTransfers implements MemoryWriter {
  /** Bytes of all writes, one after the other; the first `numBytes` count. */
  data = new Uint8Array(4096);
  numBytes = 0;
  /** Bytes of all reads, one after the other, once the run has ended. */
  results = noBytes;
  /** (to, bytes) of each write. */
  private readonly writes: number[] = [];
  /** (to, from, bytes) of each copy. */
  private readonly copies: number[] = [];
  /** (from, bytes) of each read. */
  private readonly reads: number[] = [];
  private numResultBytes = 0;

  /** Forgets everything. Results that were given out stay as they are. */
  reset(): void {
    this.numBytes = this.numResultBytes = 0;
    this.writes.length = this.copies.length = this.reads.length = 0;
    this.results = noBytes;
  }

  /** The bytes are taken over now. */
  write(address: Address, bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    const end = this.numBytes + bytes.length;
    if (end > this.data.length) {
      const larger = new Uint8Array(2 * end);
      larger.set(this.data.subarray(0, this.numBytes));
      this.data = larger;
    }
    this.data.set(bytes, this.numBytes);
    this.numBytes = end;
    this.writes.push(address, bytes.length);
  }

  /** Copies inside memory; what the run before left there is what is copied. Neighbours become one. */
  copy(from: Address, to: Address, bytes: number): void {
    const { copies } = this;
    const last = copies.length - 3;
    if (last >= 0 && copies[last]! + copies[last + 2]! === to && copies[last + 1]! + copies[last + 2]! === from)
      copies[last + 2]! += bytes;
    else copies.push(to, from, bytes);
  }

  /** @returns where these bytes will begin in `results` */
  read(address: Address, bytes: number): number {
    const start = this.numResultBytes;
    this.reads.push(address, bytes);
    this.numResultBytes += bytes;
    return start;
  }

  /** As native/binding takes them: each list after its length. */
  encode(): Float64Array {
    const { writes, copies, reads } = this;
    const numbers = new Float64Array(3 + writes.length + copies.length + reads.length);
    let at = 0;
    for (const [list, width] of [[writes, 2] as const, [copies, 3] as const, [reads, 2] as const]) {
      numbers[at++] = list.length / width;
      numbers.set(list, at);
      at += list.length;
    }
    return numbers;
  }

  /** Makes room for the results; whoever ends the run fills it. */
  allocateResults(): Uint8Array {
    return (this.results = this.numResultBytes === 0 ? noBytes : new Uint8Array(this.numResultBytes));
  }

  /** Writes and copies at once, on a platform that runs nothing. */
  bring(memory: Pick<Platform, "read" | "write">): void {
    let start = 0;
    for (let i = 0; i < this.writes.length; i += 2) {
      const end = start + this.writes[i + 1]!;
      memory.write(this.writes[i]!, this.data.subarray(start, end));
      start = end;
    }
    for (let i = 0; i < this.copies.length; i += 3) {
      const bytes = new Uint8Array(this.copies[i + 2]!);
      memory.read(this.copies[i + 1]!, bytes);
      memory.write(this.copies[i]!, bytes);
    }
  }

  /** Reads at once, on a platform that runs nothing. */
  take(memory: Pick<Platform, "read">): void {
    const results = this.allocateResults();
    let start = 0;
    for (let i = 0; i < this.reads.length; i += 2) {
      const end = start + this.reads[i + 1]!;
      memory.read(this.reads[i]!, results.subarray(start, end));
      start = end;
    }
  }
}
