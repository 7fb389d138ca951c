/** The native CPU platform: memory, matrices, programs, errors, life and death. Programs are written as plain records. */
import { spawnSync } from "node:child_process";
import { afterEach, describe, expect, test } from "vitest";
import { createStorage, Tensor } from "../../tensor/tensor.js";
import {
  ConfigError,
  LifetimeError,
  QuireError,
  ResourceError,
  ShapeError,
  UnsupportedError,
} from "../../util/errors.js";
import { opWindows } from "../../util/spans.js";
import { loadNativeBinding, tryLoadNativeBinding } from "../native-binding.js";
import type { OpRecord } from "../platform.js";
import { RunTransfers } from "../run-transfers.js";
import type { CpuPlatformOptions } from "./cpu-platform.js";
import { availableIsas, CpuPlatform, openCpuPlatform } from "./cpu-platform.js";

const load = tryLoadNativeBinding();
const open: CpuPlatform[] = [];
afterEach(() => open.splice(0).forEach((platform) => platform.dispose()));

function openPlatform(options: CpuPlatformOptions = { threads: 2 }): CpuPlatform {
  open.push(openCpuPlatform(options));
  return open.at(-1)!;
}

const bytesOf = (array: Float32Array | Int32Array | Uint16Array | Int8Array): Uint8Array =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

/** `count` additions in a row: the last result is x * (count + 1). */
function additions(platform: CpuPlatform, x: number[], count: number) {
  const address = platform.allocate(x.length * 4, "x");
  platform.write(address, bytesOf(Float32Array.from(x)));
  const input = new Tensor(createStorage("external", x.length * 4, "x", address), [1, x.length], "f32");
  const records: OpRecord[] = [];
  let sum = input;
  for (let i = 0; i < count; i++) {
    const output = new Tensor(createStorage("step", x.length * 4, "add"), [1, x.length], "f32");
    records.push({ op: "add", inputs: [sum, input], outputs: [output], attributes: {}, scope: `adder.${i}` });
    sum = output;
  }
  sum.storage.address = platform.allocate(x.length * 4, "sum");
  const read = (): number[] => {
    const values = new Float32Array(x.length);
    platform.read(sum.storage.address!, bytesOf(values));
    return [...values];
  };
  const places = { input: address, output: sum.storage.address };
  return { program: platform.compile({ label: "additions", records }), read, records, places };
}

/** A gather whose row number is not there: fails inside the kernel. */
function failing(platform: CpuPlatform) {
  const x = new Tensor(createStorage("external", 64, "x", platform.allocate(64, "x")), [2, 4], "f32");
  const rows = new Tensor(createStorage("external", 4, "rows", platform.allocate(4, "rows")), [1], "i32");
  platform.write(rows.storage.address!, bytesOf(Int32Array.of(99)));
  const out = new Tensor(createStorage("step", 16, "gatherRows"), [1, 4], "f32");
  const record = { op: "gatherRows", inputs: [x, rows], outputs: [out], attributes: {}, scope: "model.last" };
  return platform.compile({ label: "bad rows", records: [record] });
}

describe.skipIf(!load.binding)(`cpu platform${load.binding ? "" : `: ${load.message}`}`, () => {
  test("memory is zeroed, aligned, counted and given back", () => {
    const platform = openPlatform();
    for (const bytes of [1, 100, 5 << 20]) {
      const address = platform.allocate(bytes, "block");
      expect(address % 64).toBe(0);
      const seen = new Uint8Array(bytes).fill(1);
      platform.read(address, seen);
      expect(seen.every((byte) => byte === 0)).toBe(true);
      platform.write(address + bytes - 1, Uint8Array.of(7));
      platform.read(address, seen);
      expect(seen[bytes - 1]).toBe(7);
      expect(platform.allocatedBytes).toBe(bytes);
      platform.free(address);
      expect(platform.allocatedBytes).toBe(0);
      expect(() => platform.free(address)).toThrow(LifetimeError);
    }
  });

  test("too much memory is an error with the arithmetic", () => {
    const platform = openPlatform();
    platform.allocate(1 << 20, "small");
    expect(() => platform.allocate(2 ** 50, "KV cache")).toThrow(ResourceError);
    expect(() => platform.allocate(2 ** 50, "KV cache")).toThrow(
      /KV cache: 1073741824.0 MiB \+ 1.0 MiB already allocated/,
    );
    expect(() => platform.allocate(-1, "KV cache")).toThrow(ShapeError);
    expect(() => platform.allocate(NaN, "KV cache")).toThrow(ShapeError);
  });

  test.each(load.binding ? availableIsas() : [])(
    "%s: matrices keep their values, written in pieces from any type",
    (isa) => {
      const platform = openPlatform({ isa, threads: 2 });
      for (const [rows, columns] of [
        [1, 1],
        [16, 2],
        [37, 19],
        [50, 300],
      ] as const) {
        const values = Float32Array.from({ length: rows * columns }, (_, i) => Math.round(Math.sin(i) * 120) + 0);
        for (const dtype of ["f32", "bf16", "i8"] as const) {
          const address = platform.allocate(platform.matrixBytes(rows, columns, dtype), "matrix");
          const matrix = { address, rows, columns, dtype };
          const sources = dtype === "i8" ? (["i8"] as const) : (["f32", "bf16", "f16"] as const);
          for (const source of sources) {
            const halves = (of: (x: number) => number) => Uint16Array.from(values, of);
            const typed =
              source === "i8"
                ? Int8Array.from(values)
                : source === "f32"
                  ? values
                  : halves(source === "bf16" ? toBf16 : toF16);
            const rowBytes = typed.byteLength / rows;
            for (let row = 0; row < rows; row += 11) {
              const count = Math.min(11, rows - row);
              platform.writeMatrixRows(
                matrix,
                row,
                count,
                bytesOf(typed).subarray(row * rowBytes, (row + count) * rowBytes),
                source,
              );
            }
            expect([...platform.readMatrixRows(matrix, 0, rows)], `${dtype} from ${source}`).toEqual([...values]);
            platform.write(address, new Uint8Array(platform.matrixBytes(rows, columns, dtype)));
          }
          platform.free(address);
        }
      }
      const address = platform.allocate(platform.matrixBytes(1, 4, "bf16"), "rounding");
      const matrix = { address, rows: 1, columns: 4, dtype: "bf16" as const };
      platform.writeMatrixRows(
        matrix,
        0,
        1,
        bytesOf(Float32Array.of(1 + 2 ** -8, 1 + 3 * 2 ** -8, -Infinity, NaN)),
        "f32",
      );
      expect([...platform.readMatrixRows(matrix, 0, 1)]).toEqual([1, 1 + 2 ** -6, -Infinity, NaN]);
    },
  );

  test("matrix rows that do not fit are refused", () => {
    const platform = openPlatform();
    const matrix = { address: platform.allocate(4096, "m"), rows: 4, columns: 4, dtype: "i8" as const };
    expect(() => platform.writeMatrixRows(matrix, 2, 3, new Uint8Array(64), "i8")).toThrow(ShapeError);
    expect(() => platform.writeMatrixRows(matrix, 0, 4, new Uint8Array(15), "i8")).toThrow(/are 16 bytes, got 15/);
    expect(() => platform.writeMatrixRows(matrix, 0, 4, new Uint8Array(64), "f32")).toThrow(UnsupportedError);
    expect(() => platform.readMatrixRows(matrix, -1, 1)).toThrow(ShapeError);
    expect(() => platform.matrixBytes(4, 4, "f16")).toThrow(UnsupportedError);
  });

  test("programs run, again, together, and on a workspace that grew", async () => {
    const platform = openPlatform();
    const small = additions(platform, [1, 2, 3], 5);
    await platform.run([small.program]);
    expect(small.read()).toEqual([6, 12, 18]);
    const large = additions(
      platform,
      Array.from({ length: 5000 }, () => 2),
      9,
    );
    expect(large.program.workspaceBytes).toBeGreaterThan(small.program.workspaceBytes);
    for (let i = 0; i < 50; i++) await platform.run([large.program, small.program]);
    expect(small.read()).toEqual([6, 12, 18]);
    expect(new Set(large.read())).toEqual(new Set([20]));
    await platform.run([]);
  });

  test("a trace has every thread's time in every op, inside the run and in order", async () => {
    const platform = openPlatform({ threads: 3 });
    const { program, read } = additions(
      platform,
      Array.from({ length: 20_000 }, () => 1),
      5,
    );
    for (let round = 0; round < 20; round++) {
      const before = performance.now();
      const { startMs, endMs, threads, spans } = await platform.trace([program, program]);
      const after = performance.now();
      expect(threads).toBe(3);
      expect(spans.length).toBe(2 * 3 * 10);
      // The clocks are matched to some microseconds.
      expect(startMs).toBeGreaterThan(before - 0.2);
      expect(endMs).toBeLessThan(after + 0.2);
      for (let thread = 0; thread < 3; thread++) {
        let end = 0;
        for (let op = 0; op < 10; op++) {
          const [entered, left] = spans.subarray(2 * (10 * thread + op)) as unknown as [number, number];
          if (entered === -1) expect(left).toBe(-1);
          else {
            expect(entered).toBeGreaterThanOrEqual(end);
            expect(left).toBeGreaterThanOrEqual(entered);
            end = left;
          }
        }
        expect(end).toBeLessThanOrEqual((endMs - startMs) * 1e6 + 1);
      }
      const windows = opWindows({ threads, spans });
      windows.forEach(({ entered, left, busy }, i) => {
        expect(busy).toBeGreaterThan(0);
        expect(entered).toBeGreaterThanOrEqual(windows[i - 1]?.left ?? 0);
        expect(busy).toBeLessThanOrEqual(3 * (left - entered));
      });
    }
    expect(read()[0]).toBe(6);
  });

  test("every run says when it began and ended; compiled programs name their ops", async () => {
    const platform = openPlatform();
    const { program } = additions(platform, [1], 3);
    expect(program.ops.map(({ kernel, records }) => `${kernel} ${records[0]!.scope}`)).toEqual([
      "add adder.0",
      "add adder.1",
      "add adder.2",
    ]);
    const { startMs, endMs } = await platform.run([program]);
    expect(endMs).toBeGreaterThan(startMs);
    expect(Math.abs(endMs - performance.now())).toBeLessThan(1000);
    expect((await platform.trace([])).spans.length).toBe(0);
    await expect(platform.trace([failing(platform)])).rejects.toBeInstanceOf(QuireError);
  });

  test("a failing kernel names its record, and the platform goes on", async () => {
    const platform = openPlatform();
    const { program, read } = additions(platform, [1], 2);
    const message = /program "bad rows", op gatherRows\(f32\[2, 4\], i32\[1\]\) in model.last: gatherRows/;
    await expect(platform.run([program, failing(platform)])).rejects.toThrow(message);
    await expect(platform.run([failing(platform)])).rejects.toBeInstanceOf(QuireError);
    await platform.run([program]);
    expect(read()).toEqual([3]);
  });

  test("a run waits behind another one, and goes on with what that one left", async () => {
    const platform = openPlatform();
    const long = additions(
      platform,
      Array.from({ length: 20_000 }, () => 1),
      50,
    );
    const { program, places, read } = additions(platform, [1, 2], 3);
    for (let round = 0; round < 50; round++) {
      const value = (x: number): Uint8Array => new Uint8Array(Float32Array.of(x).buffer);
      const sum = new RunTransfers();
      sum.write(places.input, value(round));
      sum.write(places.input + 4, value(10));
      const at = sum.read(places.output, 8);
      const ended: number[] = [];
      const before = platform.run(round % 2 ? [long.program] : [program], sum).then(() => ended.push(1));
      const again = new RunTransfers();
      again.copy(places.output, places.input, 4);
      again.write(places.input + 4, value(1));
      again.read(places.output, 8);
      const after = (round % 3 ? platform.run([program], again) : platform.trace([program], again)).then(() =>
        ended.push(2),
      );
      await expect(platform.run([program])).rejects.toThrow(/2 runs are under way; that is the most/);
      await Promise.all([before, after]);
      expect(ended).toEqual([1, 2]);
      const floats = (bytes: Uint8Array): number[] => [...new Float32Array(bytes.buffer, at, 2)];
      const first = round % 2 ? floats(sum.results)[0]! : 4 * round;
      if (round % 2 === 0) expect(floats(sum.results)).toEqual([4 * round, 40]);
      expect(floats(again.results)).toEqual([4 * first, 4]);
      expect(read()).toEqual([4 * first, 4]);
    }
  });

  test("runs report in their order, empty ones too", async () => {
    const platform = openPlatform();
    const { program } = additions(platform, [1], 2);
    const ended: string[] = [];
    const runs = [
      platform.run([program]).then(() => ended.push("sum")),
      platform.run([]).then(() => ended.push("none")),
    ];
    await Promise.all(runs);
    expect(ended).toEqual(["sum", "none"]);
  });

  test("a run behind one that failed does not run, and says so; the next one does", async () => {
    const platform = openPlatform();
    const { program, read } = additions(platform, [1], 2);
    for (let round = 0; round < 20; round++) {
      const failed = platform.run([failing(platform)]);
      const skipped = platform.run([program]);
      const [first, second] = await Promise.allSettled([failed, skipped]);
      expect(first).toMatchObject({ reason: { message: expect.stringMatching(/op gatherRows/) } });
      // The first may have ended before the second came.
      if (second.status === "rejected") expect(String(second.reason)).toMatch(/the run before it failed/);
    }
    await platform.run([program]);
    expect(read()).toEqual([3]);
  });

  test("the workspace grows while a run is under way", async () => {
    const platform = openPlatform();
    const small = additions(
      platform,
      Array.from({ length: 3000 }, () => 1),
      200,
    );
    const large = additions(
      platform,
      Array.from({ length: 50_000 }, () => 2),
      9,
    );
    const before = platform.allocatedBytes;
    await Promise.all([platform.run([small.program]), platform.run([large.program])]);
    expect(new Set(small.read())).toEqual(new Set([201]));
    expect(new Set(large.read())).toEqual(new Set([20]));
    expect(platform.allocatedBytes - before).toBe(large.program.workspaceBytes);
    await Promise.all([platform.run([large.program]), platform.run([small.program])]);
    expect(new Set(small.read())).toEqual(new Set([201]));
  });

  test("disposed programs, foreign programs and disposed platforms are refused", async () => {
    const platform = openPlatform();
    const { program } = additions(platform, [1], 2);
    await platform.run([program]);
    await expect(openPlatform().run([program])).rejects.toThrow(/another platform/);
    program.dispose();
    await expect(platform.run([program])).rejects.toThrow(/is disposed/);
    platform.dispose();
    platform.dispose();
    expect(() => platform.allocate(1, "x")).toThrow(LifetimeError);
    await expect(platform.run([])).rejects.toThrow(LifetimeError);
  });

  test("disposing while a step runs, and another one waits, ends both", async () => {
    const platform = openPlatform();
    const { program } = additions(
      platform,
      Array.from({ length: 100_000 }, () => 1),
      300,
    );
    const runs = [platform.run([program]), platform.run([program])];
    await Promise.resolve();
    platform.dispose();
    for (const run of await Promise.allSettled(runs))
      expect(run).toMatchObject({ status: "rejected", reason: expect.any(LifetimeError) });
  });

  test("several platforms run side by side", async () => {
    const platforms = [1, 2, 3].map((threads) => openPlatform({ threads }));
    const sums = platforms.map((platform) => additions(platform, [1, 2], 20));
    for (let i = 0; i < 20; i++) await Promise.all(platforms.map((platform, j) => platform.run([sums[j]!.program])));
    for (const { read } of sums) expect(read()).toEqual([21, 42]);
  });

  test("an op without kernel, an unknown instruction set and a bad thread count say so", () => {
    const platform = openPlatform();
    const record = { op: "conv3d", inputs: [], outputs: [], attributes: {}, scope: "vision.patch" };
    expect(() => platform.compile({ label: "step", records: [record] })).toThrow(/record 0, op conv3d in vision.patch/);
    expect(() => openCpuPlatform({ isa: "avx1024" })).toThrow(/"avx1024" on this machine; it has .*portable/);
    for (const threads of [0, -1, 1.5, 5000, NaN]) expect(() => openCpuPlatform({ threads })).toThrow(ConfigError);
  });

  test("an open platform does not keep the process alive, a running step does", () => {
    const script = `
      import { openCpuPlatform } from ${JSON.stringify(new URL("./cpu-platform.ts", import.meta.url).href)};
      const platform = openCpuPlatform({ threads: 2 });
      platform.run([platform.compile({ label: "empty", records: [] })]).then(() => console.log("done"));`;
    const child = spawnSync(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script], {
      timeout: 20_000,
    });
    expect(child.stderr.toString()).not.toMatch(/Error/);
    expect([child.status, child.stdout.toString()]).toEqual([0, "done\n"]);
  });
});

test("a missing and a broken addon are told apart", () => {
  const missing = tryLoadNativeBinding("/nowhere/quire_cpu.node");
  expect(missing).toMatchObject({ binding: undefined, reason: "missing" });
  const broken = tryLoadNativeBinding(new URL(import.meta.url).pathname);
  expect(broken).toMatchObject({ binding: undefined, reason: "failed" });
  const error = (() => {
    try {
      return loadNativeBinding("/nowhere/quire_cpu.node");
    } catch (e) {
      return e;
    }
  })();
  expect(error).toBeInstanceOf(UnsupportedError);
  expect(error).toMatchObject({ reason: "missing" });
});

function toBf16(x: number): number {
  return new Uint32Array(Float32Array.of(x).buffer)[0]! >>> 16;
}

/** Whole numbers below 2048 only. */
function toF16(x: number): number {
  if (x === 0) return 0;
  const exponent = Math.floor(Math.log2(Math.abs(x)));
  return (x < 0 ? 0x8000 : 0) | ((exponent + 15) << 10) | ((Math.abs(x) / 2 ** exponent - 1) * 1024);
}

describe.skipIf(!load.binding)("discarded memory", () => {
  test.each([1000, 200_000, 3 << 20, 64 << 20])("of %i bytes reads as zeros, and is the system's", (bytes) => {
    const platform = openPlatform();
    const address = platform.allocate(bytes, "much");
    platform.write(address, new Uint8Array(bytes).fill(7));
    const full = process.memoryUsage().rss;
    platform.discard(address);
    if (bytes >= 64 << 20) expect(full - process.memoryUsage().rss).toBeGreaterThan(bytes * 0.9);
    const back = new Uint8Array(bytes).fill(1);
    platform.read(address, back);
    expect(back.every((byte) => byte === 0)).toBe(true);
    platform.free(address);
    expect(() => platform.discard(address)).toThrow(LifetimeError);
  });
});
