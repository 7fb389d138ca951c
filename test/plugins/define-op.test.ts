/** Ops from outside: on the reference platform, between native pieces, and as a shared library; and what is refused. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { add } from "../../src/ops/add.js";
import { defineOp } from "../../src/ops/define-op.js";
import { Program } from "../../src/ops/program.js";
import { recordCost } from "../../src/ops/cost.js";
import { scale } from "../../src/ops/scale.js";
import type { Platform } from "../../src/platform/platform.js";
import { openPlatform } from "../../src/platform/platforms.js";
import { Parameter } from "../../src/tensor/parameter.js";
import { createStorage } from "../../src/tensor/tensor.js";
import type { Tensor } from "../../src/tensor/tensor.js";
import { opWindows } from "../../src/util/spans.js";
import { packageRoot } from "../../src/util/package-root.js";
import { platformsHere } from "../support/platforms.js";

const hasCompiler = spawnSync("g++", ["--version"]).status === 0;
let folder: string;
let library: string;

/** A row's elements times a factor, plus an i32 of each row; and the row sums. */
const source = `
#include "quire_op.h"
#include <string.h>
QUIRE_OP_LIBRARY()
extern "C" QUIRE_EXPORT void shift_rows(const QuireOpCall* call) {
  const QuireTensor* x = &call->inputs[0];
  const QuireTensor* by = &call->inputs[1];
  const QuireTensor* out = &call->outputs[0];
  const QuireTensor* sums = &call->outputs[1];
  if (call->num_attributes != 2 || strcmp(call->attributes[0].name, "mode") || strcmp(call->attributes[0].text, "pl\\u00fcs"))
    return call->fail(call, "shift_rows: a wrong mode");
  if (call->attributes[1].number == 13) return call->fail(call, "shift_rows: 13 is no factor");
  double* room = (double*)call->scratch(call, sizeof(double));
  for (int64_t row; (row = call->next(call, 1)) < x->shape[0];) {
    *room = 0;
    for (int64_t i = 0; i < x->shape[1]; i++) {
      const float value = ((float*)x->data)[row * x->strides[0] + i * x->strides[1]] * (float)call->attributes[1].number +
                          ((int32_t*)by->data)[row * by->strides[0]];
      ((float*)out->data)[row * out->strides[0] + i] = value;
      *room += value;
    }
    ((float*)sums->data)[row] = (float)*room;
  }
}
extern "C" QUIRE_EXPORT void answer(const QuireOpCall* call) {
  if (call->next(call, 1) == 0) ((float*)call->outputs[0].data)[0] = 42;
}
`;

type Inputs = [x: Tensor, by: Tensor];
type Attributes = { mode: string; factor: number };
type Output = { shape: readonly number[]; dtype: "f32" };

function define(name: string, native?: { cpu: string; symbol?: string }) {
  return defineOp<Inputs, Attributes, readonly [Output, Output]>(name, {
    shape: ([x]) => [
      { shape: x.shape, dtype: "f32" },
      { shape: [x.size(0)], dtype: "f32" },
    ],
    reference({ inputs: [x, by], outputs: [out, sums], attributes: { factor, mode } }) {
      if (factor === 13) throw new Error("13 is no factor");
      if (mode !== "plüs") throw new Error("a wrong mode");
      const [rows, size] = x.shape as [number, number];
      for (let row = 0; row < rows; row++)
        for (let i = 0; i < size; i++) {
          const value = Math.fround(x.data[row * size + i]! * factor) + by.data[row]!;
          out.data[row * size + i] = value;
          sums.data[row]! += value;
        }
    },
    cost: ([x]) => ({ flops: 7 * x!.size(0) }),
    ...(native === undefined ? {} : { native }),
  });
}

test("a list from shape makes as many outputs, and the types know", () => {
  const split = defineOp("test/split", {
    shape([x]: [Tensor], { size }: { size: number }) {
      const half = { shape: [x.size(0), size], dtype: "f32" } as const;
      return [half, half];
    },
    reference({ outputs: [a, b] }) {
      a.data[0] = b.data[0]!;
    },
  });
  const [a, b]: [Tensor, Tensor] = split(new Program("split").input("x", [3, 4], "f32", 64), { size: 2 });
  expect([a.shape, b.shape]).toEqual([
    [3, 2],
    [3, 2],
  ]);
});

const hostOp = define("test/shift-rows");
let nativeOp: typeof hostOp;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "quire-ops-"));
  library = join(folder, "ops.so");
  writeFileSync(join(folder, "ops.cpp"), source.replace("\\u00fc", "\\xc3\\xbc"));
  if (!hasCompiler) return;
  const include = join(packageRoot, "native/include");
  const { status, stderr } = spawnSync(
    "g++",
    ["-O2", "-Wall", "-Werror", "-shared", "-fPIC", "-I", include, join(folder, "ops.cpp"), "-o", library],
    { encoding: "utf8" },
  );
  expect(status, stderr).toBe(0);
  nativeOp = define("test/shift-rows-native", { cpu: library, symbol: "shift_rows" });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const rows = 5;

/** scale, then the op on a view of the middle columns, then add: [rows, 2] and [rows]. */
function record(platform: Platform, op: typeof hostOp, factor = 3, mode = "plüs") {
  const program = new Program("test");
  const x = Float32Array.from({ length: rows * 4 }, (_, i) => i / 8);
  const by = Int32Array.from({ length: rows }, (_, i) => 10 * i);
  const place = (data: Float32Array | Int32Array): number => {
    const address = platform.allocate(data.byteLength, "input");
    platform.write(address, new Uint8Array(data.buffer));
    return address;
  };
  const [shifted, sums] = op(
    scale(program.input("x", [rows, 4], "f32", place(x)), 2).columns(1, 2),
    program.input("by", [rows], "i32", place(by)),
    { mode, factor },
  );
  const doubled = add(shifted, shifted);
  const outputs = [doubled, sums].map((tensor) => {
    const address = platform.allocate(tensor.bytes, "output");
    program.output(tensor, address);
    return { tensor, address };
  });
  const read = () =>
    outputs.map(({ tensor, address }) => {
      const data = new Float32Array(tensor.numElements);
      platform.read(address, new Uint8Array(data.buffer));
      return [...data];
    });
  return { program, read };
}

const expected = () => {
  const shifted = Array.from({ length: rows }, (_, row) =>
    [1, 2].map((column) => ((row * 4 + column) / 4) * 3 + 10 * row),
  );
  return [shifted.flat().map((value) => 2 * value), shifted.map(([a, b]) => a! + b!)];
};

for (const { label, options } of platformsHere())
  describe(label, () => {
    const warnings: string[] = [];
    let platform: Platform;
    beforeAll(async () => {
      const { platform: name, cpuIsa } = options;
      platform = await openPlatform({ platform: name ?? "auto", cpuIsa, cpuThreads: 2 }, (line) => warnings.push(line));
    });
    afterAll(() => platform.dispose());
    const ops = (): [string, typeof hostOp][] =>
      [["host", hostOp], ...(nativeOp ? ([["native", nativeOp]] as const) : [])] as never;

    test("computes, again and again, with other programs before and after", async () => {
      for (const [, op] of ops()) {
        const one = record(platform, op);
        const other = record(platform, op);
        const programs = [one, other, one].map(({ program }) => platform.compile(program));
        for (let i = 0; i < 3; i++) await platform.run(programs);
        expect(one.read()).toEqual(expected());
        expect(other.read()).toEqual(expected());
      }
    });

    test("a measured run has times for every op, in order", async () => {
      for (const [, op] of ops()) {
        const compiled = platform.compile(record(platform, op).program);
        const trace = await platform.trace([compiled]);
        const windows = opWindows(trace);
        expect(windows).toHaveLength(compiled.ops.length);
        for (const [i, { entered, left, busy }] of windows.entries()) {
          expect(busy).toBeGreaterThan(0);
          if (i > 0) expect(entered).toBeGreaterThanOrEqual(windows[i - 1]!.left - 1000);
          expect(left / 1e6).toBeLessThanOrEqual(trace.endMs - trace.startMs + 0.1);
        }
      }
    });

    test("an error names the op and its module, and the platform goes on", async () => {
      for (const [, op] of ops()) {
        const failing = record(platform, op, 13);
        failing.program.records.forEach((one) => Object.assign(one, { scope: "model.layers.0" }));
        await expect(platform.run([platform.compile(failing.program)])).rejects.toThrow(/13 is no factor/);
        const good = record(platform, op);
        await platform.run([platform.compile(good.program)]);
        expect(good.read()).toEqual(expected());
      }
    });

    test("only one run at a time, between pieces too", async () => {
      if (platform.name !== "cpu") return;
      const compiled = platform.compile(record(platform, hostOp).program);
      const running = platform.run([compiled]);
      await expect(platform.run([compiled])).rejects.toThrow(/one call at a time/);
      await running;
    });

    test("slowness is told once", () => {
      const told = warnings.filter((line) => line.includes("test/shift-rows"));
      const line =
        "WARNING: op test/shift-rows has no native code for the CPU: its TypeScript reference runs between native pieces, on one thread, slowly";
      expect(told).toEqual(platform.name === "cpu" ? [line] : []);
    });
  });

test.skipIf(!hasCompiler || platformsHere().length < 2)(
  "libraries that cannot be used are refused with the reason",
  async () => {
    const platform = await openPlatform({ platform: "cpu" }, () => undefined);
    try {
      const compile = (name: string, native: { cpu: string; symbol?: string }) => () =>
        platform.compile(record(platform, define(name, native)).program);
      const text = join(folder, "no-library.so");
      writeFileSync(text, "text");
      expect(compile("test/text", { cpu: text })).toThrow(/op from outside: .*no-library\.so cannot be loaded: /);
      expect(compile("test/no symbol", { cpu: library })).toThrow(/ops\.so has no function "test_no_symbol"/);
      const bare = join(folder, "bare.so");
      writeFileSync(join(folder, "bare.cpp"), `extern "C" void f() {}`);
      spawnSync("g++", ["-shared", "-fPIC", join(folder, "bare.cpp"), "-o", bare]);
      expect(compile("test/bare", { cpu: bare, symbol: "f" })).toThrow(/has no quire_op_abi: put QUIRE_OP_LIBRARY/);
      const old = join(folder, "old.so");
      writeFileSync(
        join(folder, "old.cpp"),
        `extern "C" unsigned quire_op_abi() { return 99; } extern "C" void f() {}`,
      );
      spawnSync("g++", ["-shared", "-fPIC", join(folder, "old.cpp"), "-o", old]);
      expect(compile("test/old", { cpu: old, symbol: "f" })).toThrow(
        /compiled for version 99 of quire_op\.h, this is 1/,
      );
      const many = record(platform, define("test/long", { cpu: library, symbol: "shift_rows" }), 3, "x".repeat(2000));
      expect(() => platform.compile(many.program)).toThrow(/native code takes at most .* 1024 bytes/);
    } finally {
      platform.dispose();
    }
  },
);

describe("definitions", () => {
  const fine = { shape: ([x]: readonly Tensor[]) => x!.shape, reference: () => undefined };

  test.each([
    ["add", fine, /Quire has an op of that name; choose another, like "my-package\/add"/],
    ["test/shift-rows", fine, /it is defined already/],
    ["", fine, /the name must be a text/],
    ["test/a", {} as never, /expected \{ shape\(inputs, attributes\)/],
    ["test/b", { ...fine, native: { cpu: "./x.so" } }, /native\.cpu: expected new URL\(.*got "\.\/x\.so"/],
    ["test/c", { ...fine, native: { cpu: "/no/x.so" } }, /native\.cpu: \/no\/x\.so is not there; compile it/],
  ])("%j is refused", (name, definition, message) => {
    expect(() => defineOp(name, definition)).toThrow(message);
  });

  test("a path may be relative to a plugin", () => {
    writeFileSync(join(folder, "there.so"), "");
    defineOp("test/relative", { ...fine, native: { cpu: "./there.so" } }, `file://${folder}/plugin.js`);
    expect(existsSync(join(folder, "there.so"))).toBe(true);
  });

  test("wrong inputs, attributes and shapes are ShapeErrors", () => {
    const program = new Program("test");
    const x = program.input("x", [2, 3], "f32", 64);
    const call =
      (op: unknown, ...args: unknown[]) =>
      (): unknown =>
        (op as (...list: unknown[]) => unknown)(...args);
    const op = defineOp("test/inputs", fine);
    expect(call(op, 1, x)).toThrow(/test\/inputs: input 0 must be a tensor, got 1/);
    expect(call(op, program.input("b", [2], "bf16", 64))).toThrow(/input 0 must be f32 or i32, got bf16/);
    const matrix = new Parameter("w", createStorage("external", 24, "w", 64), [2, 3], "f32", "matrix");
    expect(call(op, matrix)).toThrow(
      /parameter w lies in an order of the platform's own; declare it with this\.parameter/,
    );
    expect(call(op, x, { factor: Number.NaN })).toThrow(/attribute factor must be a number or a text, got NaN/);
    expect(call(op)).toThrow(/its shape\(\) failed/);
    expect(call(defineOp("test/bad-shape", { ...fine, shape: () => [2.5] }), x)).toThrow(
      /shape\(\) must return positive sizes.*2\.5/,
    );
    expect(
      call(defineOp("test/bad-dtype", { ...fine, shape: () => [{ shape: [2], dtype: "bf16" }] as never }), x),
    ).toThrow(/dtype: "f32" \| "i32"/);
  });

  test("cost is its own, or that of an element-wise op", () => {
    const program = new Program("test");
    const op = defineOp("test/cost", fine);
    op(program.input("x", [2, 3], "f32", 64));
    hostOp(program.input("x", [2, 3], "f32", 64), program.input("y", [2], "i32", 64), { mode: "", factor: 1 });
    expect(program.records.map((one) => recordCost(one, []))).toEqual([
      { bytesRead: 24, bytesWritten: 24, flops: 6 },
      { bytesRead: 32, bytesWritten: 32, flops: 14 },
    ]);
  });
});
