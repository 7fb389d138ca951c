/** Safetensors folders: right ones are read by slices, wrong ones end in one CheckpointError that says what and where. */
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { materialize, recipeValues, writeSafetensors, writeSafetensorsRaw } from "../../test/support/materialize.js";
import { CheckpointError } from "../util/errors.js";
import { openCheckpoint } from "./open-checkpoint.js";

const root = mkdtempSync(join(tmpdir(), "quire-safetensors-"));
afterAll(() => rmSync(root, { recursive: true }));
let count = 0;

/** A fresh folder with a config.json. */
function newFolder(): string {
  const folder = join(root, String(count++));
  mkdirSync(folder);
  writeFileSync(join(folder, "config.json"), '{"model_type": "llama"}');
  return folder;
}

function bytes(length: number, first = 0): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => first + i);
}

/** The error of opening a folder whose model.safetensors has this header and so many data bytes. */
function errorOf(header: string | Record<string, unknown>, dataBytes: number): string {
  const folder = newFolder();
  const text = typeof header === "string" ? header : JSON.stringify(header);
  writeSafetensorsRaw(join(folder, "model.safetensors"), text, [new Uint8Array(dataBytes)]);
  return errorOfFolder(folder);
}

function errorOfFolder(folder: string): string {
  try {
    openCheckpoint(folder).close();
  } catch (error) {
    expect(error).toBeInstanceOf(CheckpointError);
    return (error as Error).message;
  }
  throw new Error("opened without an error");
}

const f32 = (begin: number, end: number, shape = [(end - begin) / 4]): Record<string, unknown> => ({
  dtype: "F32",
  shape,
  data_offsets: [begin, end],
});

test("a golden case is written by its recipe and read back in slices", () => {
  const folder = join(root, "llama");
  materialize("test/golden/arch/llama", folder);
  const checkpoint = openCheckpoint(folder);
  expect(checkpoint.config["model_type"]).toBe("llama");
  expect(checkpoint.generationConfig).toBeDefined();
  expect(checkpoint.tensors.size).toBe(21);
  const name = "model.layers.1.self_attn.k_proj.weight";
  const info = checkpoint.tensors.get(name)!;
  expect(info).toEqual({
    name,
    storage: "f32",
    shape: [32, 64],
    byteLength: 8192,
    file: join(folder, "model.safetensors"),
  });
  const row = new Float32Array(64 + 2);
  checkpoint.read(name, 31 * 256, 256, new Uint8Array(row.buffer), 4);
  const all = recipeValues(name, [32, 64], 0, 0.15125, 1234);
  expect([...row]).toEqual([0, ...all.subarray(31 * 64), 0]);
  expect(all[0]).toBe(0.08982131630182266);
  checkpoint.close();
  checkpoint.close();
  expect(() => checkpoint.read(name, 0, 4, new Uint8Array(4))).toThrow(/is closed/);
});

test("read checks names and ranges", () => {
  const folder = newFolder();
  writeSafetensors(join(folder, "model.safetensors"), { "a.weight": { dtype: "U8", shape: [6], data: bytes(6) } });
  const checkpoint = openCheckpoint(folder);
  const target = new Uint8Array(4);
  const read = (name: string, offset: number, length: number, at?: number) => () =>
    checkpoint.read(name, offset, length, target, at);
  expect(read("a.wieght", 0, 1)).toThrow(/no tensor "a.wieght"; closest: "a.weight"/);
  expect(read("a.weight", 3, 4)).toThrow(/has 6 bytes, asked for 4 at 3/);
  expect(read("a.weight", -1, 4)).toThrow(CheckpointError);
  expect(read("a.weight", 0.5, 1)).toThrow(CheckpointError);
  expect(read("a.weight", 0, NaN)).toThrow(CheckpointError);
  expect(read("a.weight", 0, 4, 1)).toThrow(/do not fit at 1 of 4 bytes/);
  read("a.weight", 2, 3, 1)();
  expect([...target]).toEqual([0, 2, 3, 4]);
  truncateSync(join(folder, "model.safetensors"), 80);
  expect(read("a.weight", 0, 4)).toThrow(/ends at byte/);
  checkpoint.close();
});

test("all dtypes, scalars and empty tensors", () => {
  const folder = newFolder();
  const sizes = {
    F64: 8,
    F32: 4,
    F16: 2,
    BF16: 2,
    I64: 8,
    I32: 4,
    I16: 2,
    I8: 1,
    U8: 1,
    BOOL: 1,
    F8_E4M3: 1,
    F8_E5M2: 1,
  };
  const tensors = Object.entries(sizes).map(([dtype, size]) => [dtype, { dtype, shape: [3], data: bytes(3 * size) }]);
  writeSafetensors(join(folder, "model.safetensors"), {
    ...Object.fromEntries(tensors),
    scalar: { dtype: "F32", shape: [], data: bytes(4) },
    empty: { dtype: "F32", shape: [5, 0, 7], data: bytes(0) },
  });
  const checkpoint = openCheckpoint(folder);
  for (const [dtype, size] of Object.entries(sizes))
    expect(checkpoint.tensors.get(dtype)).toMatchObject({ storage: dtype.toLowerCase(), byteLength: 3 * size });
  expect(checkpoint.tensors.get("scalar")).toMatchObject({ shape: [], byteLength: 4 });
  expect(checkpoint.tensors.get("empty")).toMatchObject({ shape: [5, 0, 7], byteLength: 0 });
  checkpoint.close();
});

test("lying headers are refused", () => {
  expect(errorOf({ a: f32(0, 8), b: f32(4, 12) }, 12)).toMatch(/"b" at 4 overlaps tensor "a", which ends at 8/);
  expect(errorOf({ a: f32(0, 8), b: f32(0, 8) }, 8)).toMatch(/"b" at 0 overlaps tensor "a"/);
  expect(errorOf({ a: f32(0, 8), b: f32(12, 20) }, 20)).toMatch(/4 bytes between tensor "a" and tensor "b"/);
  expect(errorOf({ a: f32(0, 8) }, 12)).toMatch(/4 bytes after tensor "a" belong to no tensor/);
  expect(errorOf({ a: f32(0, 16) }, 12)).toMatch(/\[0, 16\] are not inside the data's 12 bytes/);
  expect(errorOf({ a: f32(8, 0, []) }, 8)).toMatch(/not inside/);
  expect(errorOf({ a: f32(0, 8, [3]) }, 8)).toMatch(/F32 \[3\] needs 12 bytes, data_offsets \[0, 8\] give 8/);
  expect(errorOf({ a: f32(0, 8, [-2]) }, 8)).toMatch(/shape is not a list of whole numbers/);
  expect(errorOf({ a: f32(0, 8, [0.5, 4]) }, 8)).toMatch(/shape is not/);
  expect(errorOf({ a: f32(0, 8, [1e9, 1e9]) }, 8)).toMatch(/more bytes than 2\^53/);
  expect(errorOf({ a: { ...f32(0, 8), dtype: "Q9" } }, 8)).toMatch(/dtype "Q9" is not known; known: F64, F32/);
  expect(errorOf({ a: { ...f32(0, 8), data_offsets: [0] } }, 8)).toMatch(/data_offsets is not two/);
  expect(errorOf({ a: 7 }, 8)).toMatch(/entry is not an object/);
  expect(errorOf('{"__proto__": {"dtype": "F32"}}', 8)).toMatch(/tensor "__proto__": shape/);
  expect(errorOf(`{"a": {"__proto__": ${JSON.stringify(f32(0, 8))}}}`, 8)).toMatch(/dtype \(not a string\)/);
  expect(errorOf('{"a": ]', 0)).toMatch(/model.safetensors: header: not valid JSON at line 1, column 7: found "\]/);
  expect(errorOf("[1]", 0)).toMatch(/expected a JSON object/);
  expect(errorOf(`{"a": ${"[".repeat(20_000)}`, 0)).toMatch(/not valid JSON/);
  expect(errorOf(`{"a": ${"[".repeat(20_000)}${"]".repeat(20_000)}}`, 0)).toMatch(/entry is not an object/);
});

test("several problems come in one error, at most twenty spelled out", () => {
  const header = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`t${i}`, { ...f32(0, 8), dtype: "X" }]));
  const message = errorOf(header, 8);
  expect(message).toMatch(/30 problems:\n {2}tensor "t0"/);
  expect(message).toMatch(/"t19": .*\n {2}... and 10 more$/);
});

test("a file that is no safetensors file, or cut off", () => {
  const folder = newFolder();
  const path = join(folder, "model.safetensors");
  writeFileSync(path, "short");
  expect(errorOfFolder(folder)).toMatch(/has only 5 bytes/);
  writeFileSync(path, Buffer.alloc(64, 0xff));
  expect(errorOfFolder(folder)).toMatch(
    /header length 18446744073709551615 is more than the file's remaining 56 bytes/,
  );
  writeFileSync(path, Buffer.alloc(64));
  expect(errorOfFolder(folder)).toMatch(/header length 0/);
  rmSync(path);
  mkdirSync(path);
  expect(errorOfFolder(folder)).toMatch(/expected a regular file/);
});

const one = (first: number) => ({ dtype: "U8", shape: [4], data: bytes(4, first) });

test("shards with an index", () => {
  const folder = newFolder();
  writeSafetensors(join(folder, "model-1.safetensors"), { a: one(0) });
  writeSafetensors(join(folder, "model-2.safetensors"), { b: one(10), c: one(20) });
  const index = (map: Record<string, unknown>) =>
    writeFileSync(join(folder, "model.safetensors.index.json"), JSON.stringify({ weight_map: map }));
  index({ a: "model-1.safetensors", b: "model-2.safetensors", c: "model-2.safetensors" });
  const checkpoint = openCheckpoint(folder);
  const target = new Uint8Array(2);
  checkpoint.read("c", 1, 2, target);
  expect([...target]).toEqual([21, 22]);
  expect(checkpoint.tensors.get("c")!.file).toBe(join(folder, "model-2.safetensors"));
  checkpoint.close();

  index({ a: "../x.safetensors", b: "/etc/passwd", c: "sub/../../x", d: "missing.safetensors", e: 5 });
  const refused = errorOfFolder(folder);
  expect(refused).toMatch(/5 problems/);
  expect(refused.match(/not a file inside the folder; refused/g)).toHaveLength(3);
  expect(refused).toMatch(/"d" is said to be in "missing.safetensors", which does not exist/);
  index({ a: "model-1.safetensors", b: "model-1.safetensors", c: "model-2.safetensors", d: "model-2.safetensors" });
  expect(errorOfFolder(folder)).toMatch(/"b" in "model-1.safetensors", but it is in "model-2.safetensors"\n.*"d" in/);
  index({});
  expect(errorOfFolder(folder)).toMatch(/weight_map names no tensors/);
});

test("shards without an index: duplicates and missing numbers are reported", () => {
  const folder = newFolder();
  writeSafetensors(join(folder, "x-00001-of-00002.safetensors"), { a: one(0), b: one(0) });
  expect(errorOfFolder(folder)).toMatch(/"x-00002-of-00002.safetensors" is missing/);
  writeSafetensors(join(folder, "x-00002-of-00002.safetensors"), { b: one(4), a: one(0) });
  expect(errorOfFolder(folder)).toMatch(/2 problems:\n.*"b" is in both "x-00001-of-00002.safetensors" and "x-00002/);
  writeSafetensors(join(folder, "x-00002-of-00002.safetensors"), { c: one(4) });
  const checkpoint = openCheckpoint(folder);
  expect([...checkpoint.tensors.keys()]).toEqual(["a", "b", "c"]);
  checkpoint.close();
});

test("paths that hold no model", () => {
  expect(errorOfFolder(join(root, "nowhere"))).toMatch(/cannot be opened: ENOENT/);
  expect(errorOfFolder(newFolder())).toMatch(/expected \*\.safetensors, .* got "config.json"/);
  const folder = newFolder();
  writeSafetensors(join(folder, "model.safetensors"), { a: one(0) });
  expect(errorOfFolder(join(folder, "model.safetensors"))).toMatch(/give the folder around it/);
  rmSync(join(folder, "config.json"));
  expect(errorOfFolder(folder)).toMatch(/no config.json/);
});

test("a file over 4 GiB is read where it is asked for, and not whole", () => {
  const folder = newFolder();
  const path = join(folder, "model.safetensors");
  const big = 5 * 2 ** 30;
  const header = { big: { dtype: "U8", shape: [big], data_offsets: [0, big] }, last: f32(big, big + 8) };
  writeSafetensorsRaw(path, JSON.stringify(header), []);
  const dataStart = statSync(path).size;
  // A sparse file: it takes no room on the disk.
  truncateSync(path, dataStart + big + 8);
  const file = openSync(path, "r+");
  writeSync(file, Buffer.from(Float32Array.of(1.5, -2).buffer), 0, 8, dataStart + big);
  writeSync(file, Buffer.from("here"), 0, 4, dataStart + big - 4);
  closeSync(file);
  const checkpoint = openCheckpoint(folder);
  const last = new Float32Array(2);
  checkpoint.read("last", 0, 8, new Uint8Array(last.buffer));
  expect([...last]).toEqual([1.5, -2]);
  const tail = new Uint8Array(6);
  checkpoint.read("big", big - 6, 6, tail);
  expect([...tail]).toEqual([0, 0, ...Buffer.from("here")]);
  checkpoint.close();
});
