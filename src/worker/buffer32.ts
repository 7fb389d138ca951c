/** Buffer32: a run of i32 values on the platform with a copy here. */
import type { Platform } from "../platform/platform.js";

export class Buffer32 {
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
