/** LogWriter: writes text to a file descriptor without ever holding the event loop or failing. */
import { write, writeSync } from "node:fs";

/** Bytes that may wait; what comes after them is dropped and counted. */
const MAX_WAITING_BYTES = 4 * 1024 * 1024;
/** Milliseconds until a descriptor that is full for now is tried again. */
const RETRY_MS = 50;

/** Writes of the standard library, or a test's. */
export interface FileWrites {
  write(fd: number, bytes: Buffer, done: (error: NodeJS.ErrnoException | null, numBytes: number) => void): void;
  writeSync(fd: number, bytes: Buffer): number;
}

/**
 * A full disk, a closed pipe or a reader that has stopped cost lines, never more: standard error of Node would throw, or wait for its
 * reader with everything else. One write is under way at a time, so lines stay in order.
 */
export class LogWriter {
  readonly #fd: number;
  readonly #files: FileWrites;
  #waiting: Buffer[] = [];
  #numWaitingBytes = 0;
  #isWriting = false;
  #numDropped = 0;

  constructor(fd: number, files: FileWrites = { write, writeSync }) {
    this.#fd = fd;
    this.#files = files;
  }

  /** Writes that were lost. */
  get numDropped(): number {
    return this.#numDropped;
  }

  write(text: string): void {
    const bytes = Buffer.from(text);
    if (this.#numWaitingBytes + bytes.length > MAX_WAITING_BYTES) {
      this.#numDropped++;
      return;
    }
    this.#waiting.push(bytes);
    this.#numWaitingBytes += bytes.length;
    if (!this.#isWriting) this.#next();
  }

  /** Writes what waits, now; for the end of the process. */
  flush(): void {
    if (this.#isWriting) return;
    const bytes = this.#take();
    for (let at = 0; at < bytes.length;) {
      try {
        at += this.#files.writeSync(this.#fd, bytes.subarray(at));
      } catch {
        this.#numDropped++;
        return;
      }
    }
  }

  /** Settles when all is written, or after `limitMs`. */
  async drained(limitMs: number): Promise<void> {
    const end = performance.now() + limitMs;
    while (this.#isWriting && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 5));
  }

  #take(): Buffer {
    const bytes = Buffer.concat(this.#waiting);
    this.#waiting = [];
    this.#numWaitingBytes = 0;
    return bytes;
  }

  #next(): void {
    if (this.#waiting.length === 0) return;
    this.#isWriting = true;
    this.#put(this.#take());
  }

  #put(bytes: Buffer): void {
    this.#files.write(this.#fd, bytes, (error, numBytes) => {
      if (error?.code === "EAGAIN") {
        setTimeout(() => this.#put(bytes), RETRY_MS).unref();
      } else if (error === null && numBytes < bytes.length) {
        this.#put(bytes.subarray(numBytes));
      } else {
        if (error !== null) this.#numDropped++;
        this.#isWriting = false;
        this.#next();
      }
    });
  }
}
