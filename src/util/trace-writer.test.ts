/** Trace files: whole after every write, bounded, and never the cause of a crash. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, expect, test, vi } from "vitest";
import { TraceWriter } from "./trace-writer.js";

const folder = mkdtempSync(join(tmpdir(), "quire-trace-"));
afterAll(() => rmSync(folder, { recursive: true }));
const read = (path: string) => JSON.parse(readFileSync(path, "utf8")) as unknown[];

test("the file is JSON after every write, and events keep their order", () => {
  const path = join(folder, "a.json");
  const onEnd = vi.fn();
  const writer = new TraceWriter(path, 1000, onEnd);
  expect(read(path)).toEqual([]);
  for (let i = 0; i < 5; i++) {
    writer.add([{ i }, { text: "ä → [\n]" }]);
    writer.flush();
    expect(read(path).length).toBe(2 * (i + 1));
  }
  writer.add([{ i: 5 }]);
  writer.close();
  writer.close();
  writer.add([{ i: 6 }]);
  expect(read(path).filter((event) => (event as { i?: number }).i !== undefined)).toEqual(
    [0, 1, 2, 3, 4, 5].map((i) => ({ i })),
  );
  expect(onEnd).not.toHaveBeenCalled();
});

test("an old file is emptied, and events are written after a while without a flush", async () => {
  const path = join(folder, "a.json");
  const writer = new TraceWriter(path, 1000, () => {});
  expect(read(path)).toEqual([]);
  writer.add([{ late: true }]);
  await vi.waitFor(() => expect(read(path)).toEqual([{ late: true }]), 2000);
  writer.close();
});

test("a full trace ends once, with all that was added", () => {
  const path = join(folder, "full.json");
  const onEnd = vi.fn();
  const writer = new TraceWriter(path, 4, onEnd);
  for (let i = 0; i < 3; i++) writer.add([{ i }, { i }]);
  expect(onEnd.mock.calls).toEqual([[{ reason: "full" }]]);
  expect(writer.isOpen).toBe(false);
  expect(read(path).length).toBe(4);
});

test("what cannot be written is an error at once", () => {
  expect(() => new TraceWriter(join(folder, "no", "such.json"), 10, () => {})).toThrow(/ENOENT/);
  expect(() => new TraceWriter(folder, 10, () => {})).toThrow(/EISDIR/);
});

test("process.exit writes what waits; a killed process leaves what was written, whole", () => {
  const module = pathToFileURL(join(import.meta.dirname, "trace-writer.ts")).href;
  const script = (path: string, end: string) =>
    `const { TraceWriter } = await import(${JSON.stringify(module)});
     const writer = new TraceWriter(${JSON.stringify(path)}, 100, () => {});
     writer.add([{ a: 1 }]); writer.flush(); writer.add([{ b: 2 }]); ${end}`;
  const run = (path: string, end: string) =>
    spawnSync(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script(path, end)], {
      encoding: "utf8",
    });
  const [exited, killed] = [join(folder, "exited.json"), join(folder, "killed.json")];
  const result = run(exited, "process.exit(3)");
  expect(`${result.status} ${result.stderr}`).toBe("3 ");
  expect(read(exited)).toEqual([{ a: 1 }, { b: 2 }]);
  expect(run(killed, "process.kill(process.pid, 'SIGKILL')").signal).toBe("SIGKILL");
  expect(read(killed)).toEqual([{ a: 1 }]);
});
