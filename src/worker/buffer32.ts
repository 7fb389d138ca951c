/** Buffer32: a run of i32 values on the platform with a copy here. */
import type { Platform } from "../platform/platform.js";
import type { MemoryWriter, RunTransfers } from "../platform/run-transfers.js";

export class Buffer32 {
  readonly values: Int32Array;
  readonly address: number;
  constructor(platform: Platform, label: string, size: number) {
    this.values = new Int32Array(size);
    this.address = platform.allocate(this.values.byteLength, label);
  }

  /** Sends values [start, start + count) to the platform. @param to the platform, or what will be brought there */
  upload(to: MemoryWriter | RunTransfers, count: number, start = 0): void {
    if ("writeWords" in to) return to.writeWords(this.address + 4 * start, this.values, start, count);
    const { buffer } = this.values;
    to.write(this.address + 4 * start, new Uint8Array(buffer, 4 * start, 4 * count));
  }
}
