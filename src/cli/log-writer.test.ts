/** Lines go out in order, whatever the file does; what cannot is counted. */
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { LogWriter, type FileWrites } from "./log-writer.js";

type Done = (error: NodeJS.ErrnoException | null, numBytes: number) => void;

/** A file whose writes end when the test says so. */
class SlowFile implements FileWrites {
  readonly text: string[] = [];
  readonly pending: { bytes: Buffer; done: Done }[] = [];

  write(_fd: number, bytes: Buffer, done: Done): void {
    this.pending.push({ bytes, done });
  }

  writeSync(_fd: number, bytes: Buffer): number {
    this.text.push(bytes.toString());
    return bytes.length;
  }

  /** The write under way takes so many bytes. */
  finish(numBytes = Infinity): void {
    const { bytes, done } = this.pending.shift()!;
    this.text.push(bytes.subarray(0, numBytes).toString());
    done(null, Math.min(numBytes, bytes.length));
  }

  fail(code: string): void {
    this.pending.shift()!.done(Object.assign(new Error(code), { code }), 0);
  }
}

describe("LogWriter", () => {
  it("writes to a file", async () => {
    const folder = mkdtempSync(join(tmpdir(), "quire-log-"));
    const path = join(folder, "log");
    const fd = openSync(path, "w");
    const writer = new LogWriter(fd);
    for (let i = 0; i < 500; i++) writer.write(`line ${i}\n`);
    await writer.drained(5000);
    closeSync(fd);
    const text = Array.from({ length: 500 }, (_, i) => `line ${i}\n`).join("");
    expect(readFileSync(path, "utf8")).toBe(text);
    rmSync(folder, { recursive: true });
  });

  it("has one write under way, gathers the rest, and goes on after half a write", () => {
    const file = new SlowFile();
    const writer = new LogWriter(2, file);
    for (const text of ["ab", "cd", "ef"]) writer.write(text);
    expect(file.pending.length).toBe(1);
    file.finish(1);
    file.finish();
    file.finish();
    expect(file.text).toEqual(["a", "b", "cdef"]);
    expect([writer.numDropped, file.pending.length]).toEqual([0, 0]);
  });

  it("loses lines and nothing else when the disk is full or the reader is gone", () => {
    const file = new SlowFile();
    const writer = new LogWriter(2, file);
    for (const code of ["ENOSPC", "EPIPE", "EIO"]) {
      writer.write("lost");
      file.fail(code);
    }
    writer.write("kept");
    file.finish();
    expect(file.text).toEqual(["kept"]);
    expect(writer.numDropped).toBe(3);
  });

  it("waits for a descriptor that is full for now", async () => {
    const file = new SlowFile();
    const writer = new LogWriter(2, file);
    writer.write("later");
    file.fail("EAGAIN");
    await new Promise((resolve) => setTimeout(resolve, 120));
    file.finish();
    expect(file.text).toEqual(["later"]);
    expect(writer.numDropped).toBe(0);
  });

  it("keeps no more than 4 MiB for a reader that has stopped", () => {
    const file = new SlowFile();
    const writer = new LogWriter(2, file);
    const line = "x".repeat(1024 * 1024);
    for (let i = 0; i < 10; i++) writer.write(line);
    expect(writer.numDropped).toBe(5);
    file.finish();
    expect(file.pending[0]!.bytes.length).toBe(4 * 1024 * 1024);
  });

  it("writes the rest at the end of the process", () => {
    const file = new SlowFile();
    const writer = new LogWriter(2, file);
    writer.write("first");
    writer.write("last");
    file.finish();
    file.finish();
    writer.flush();
    expect(file.text.join(" ")).toBe("first last");
  });
});
