/** pytorch_model.bin: tensors of every layout come back in order; anything but tensors is refused by name. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { pickleBytes, pickledTensor, torchBytes, torchZip, zipBytes } from "../../test/support/torch-file.js";
import type { Pickled, TorchTensor } from "../../test/support/torch-file.js";
import { CheckpointError } from "../util/errors.js";
import { openCheckpoint } from "./open-checkpoint.js";
import { readPickle } from "./pickle.js";
import type { Checkpoint } from "./tensor-source.js";

const root = mkdtempSync(join(tmpdir(), "quire-pytorch-"));
afterAll(() => rmSync(root, { recursive: true }));
const path = join(root, "pytorch_model.bin");
writeFileSync(join(root, "config.json"), "{}");

function open(bytes: Uint8Array): Checkpoint {
  writeFileSync(path, bytes);
  return openCheckpoint(root);
}

function errorOf(bytes: Uint8Array): string {
  try {
    open(bytes).close();
  } catch (error) {
    expect(error).toBeInstanceOf(CheckpointError);
    expect((error as Error).message.startsWith(path)).toBe(true);
    return (error as Error).message;
  }
  throw new Error("opened without an error");
}

function all(checkpoint: Checkpoint, name: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(checkpoint.tensors.get(name)!.byteLength);
  checkpoint.read(name, 0, bytes.length, bytes);
  return bytes;
}

const twelve = new Uint8Array(Float32Array.from({ length: 12 }, (_, i) => i).buffer);
const view = (shape: number[], strides?: number[], offset = 0): TorchTensor => ({
  storage: "FloatStorage",
  key: "0",
  count: 12,
  shape,
  strides,
  offset,
});
const floats = (checkpoint: Checkpoint, name: string) => [...new Float32Array(all(checkpoint, name).buffer)];

test.each([{ protocol: 2 }, { protocol: 4 }, { protocol: 2, zip64: true, comment: "PK\x05\x06" }] as const)(
  "views of one storage: %j",
  (options) => {
    const tensors = {
      whole: view([3, 4]),
      tied: { ...view([3, 4]), parameter: true },
      transposed: view([4, 3], [1, 4]),
      part: view([2, 2], [2, 1], 5),
      column: view([3, 1], [4, 1], 2),
      everySecond: view([6], [2]),
      expanded: view([2, 3], [0, 1]),
      cube: view([2, 3, 2], [2, 4, 1]),
      scalar: view([], [], 11),
      empty: view([0, 5], [5, 1], 12),
      one: view([1, 4], [99, 1], 8),
    };
    const checkpoint = open(torchBytes(tensors, { "0": twelve }, options));
    expect([...checkpoint.tensors.keys()]).toEqual(Object.keys(tensors));
    expect(checkpoint.tensors.get("transposed")).toMatchObject({ storage: "f32", shape: [4, 3], byteLength: 48 });
    const values = Object.fromEntries(Object.keys(tensors).map((name) => [name, floats(checkpoint, name)]));
    expect(values).toEqual({
      whole: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
      tied: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
      transposed: [0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11],
      part: [5, 6, 7, 8],
      column: [2, 6, 10],
      everySecond: [0, 2, 4, 6, 8, 10],
      expanded: [0, 1, 2, 0, 1, 2],
      cube: [0, 1, 4, 5, 8, 9, 2, 3, 6, 7, 10, 11],
      scalar: [11],
      empty: [],
      one: [8, 9, 10, 11],
    });
    const slice = new Uint8Array(6);
    checkpoint.read("transposed", 4, 4, slice, 1);
    expect([...slice]).toEqual([0, ...twelve.subarray(16, 20), 0]);
    checkpoint.close();
  },
);

test.each([
  ["DoubleStorage", "f64", 8],
  ["FloatStorage", "f32", 4],
  ["HalfStorage", "f16", 2],
  ["BFloat16Storage", "bf16", 2],
  ["LongStorage", "i64", 8],
  ["IntStorage", "i32", 4],
  ["ShortStorage", "i16", 2],
  ["CharStorage", "i8", 1],
  ["ByteStorage", "u8", 1],
  ["BoolStorage", "bool", 1],
])("%s is %s, dense and strided", (storage, dtype, size) => {
  const data = Uint8Array.from({ length: 6 * size }, (_, i) => 255 - i);
  const tensor = { storage, key: "7", count: 6, shape: [2, 3] };
  const strided = { ...tensor, shape: [3, 2], strides: [1, 3] };
  const checkpoint = open(torchBytes({ tensor, strided }, { "7": data }));
  expect(checkpoint.tensors.get("tensor")).toMatchObject({ storage: dtype, byteLength: 6 * size });
  expect(all(checkpoint, "tensor")).toEqual(data);
  const elements = [0, 3, 1, 4, 2, 5].flatMap((i) => [...data.subarray(i * size, (i + 1) * size)]);
  expect([...all(checkpoint, "strided")]).toEqual(elements);
  checkpoint.close();
});

test("metadata of a state dict, other entries, and shards", () => {
  const folder = join(root, "shards");
  mkdirSync(folder);
  writeFileSync(join(folder, "config.json"), "{}");
  const names = ["pytorch_model-00001-of-00002.bin", "pytorch_model-00002-of-00002.bin"] as const;
  // OrderedDict() with items set and attributes built, as a module's state_dict() pickles; EMPTY_DICT, SETITEMS, BUILD raw.
  const dict: Pickled = { call: "collections.OrderedDict", args: [] };
  const entries: Pickled[] = ["a", pickledTensor(view([12])), "step", 3, "name", "x", "none", null, "big", -(2 ** 40)];
  const stateDict = { list: [dict, ...entries] };
  const body = pickleBytes(stateDict).subarray(2);
  // ] q0 ( <dict> <entries> e .   ->   <dict> ( <entries> u } b .
  const dictBytes = pickleBytes(dict).subarray(2, -1);
  const inner = body.subarray(4 + dictBytes.length, -2);
  const pickle = Buffer.concat([Buffer.from([0x80, 2]), dictBytes, Buffer.from("("), inner, Buffer.from("u}b.")]);
  writeFileSync(join(folder, names[0]), torchZip(pickle, { "0": twelve }));
  writeFileSync(join(folder, names[1]), torchBytes({ b: view([3]) }, { "0": twelve }));
  const checkpoint = openCheckpoint(folder);
  expect([...checkpoint.tensors.keys()]).toEqual(["a", "b"]);
  expect(floats(checkpoint, "b")).toEqual([0, 1, 2]);
  checkpoint.close();
  const index = { weight_map: { a: names[0], b: names[0] } };
  writeFileSync(join(folder, "pytorch_model.bin.index.json"), JSON.stringify(index));
  expect(() => openCheckpoint(folder)).toThrow(
    /promises tensor "b" in "pytorch_model-00001-of-00002.bin", but it is in no/,
  );
});

test("views that do not fit", () => {
  const error = (tensor: TorchTensor, storages: Record<string, Uint8Array> = { "0": twelve }) =>
    errorOf(torchBytes({ "a.weight": tensor }, storages));
  expect(error(view([13]))).toMatch(
    /tensor "a.weight": f32 \[13\] with strides \[1\] at 0 does not fit into its storage of 12 elements/,
  );
  expect(error(view([3], [1], 10))).toMatch(/does not fit/);
  expect(error(view([2, 2], [11, 1]))).toMatch(/does not fit/);
  expect(error(view([2 ** 40, 2 ** 40], [0, 0]))).toMatch(/more bytes than 2\^53/);
  expect(error(view([2 ** 30], [0]))).toMatch(/is not contiguous and larger than 268435456 bytes; .*\.contiguous\(\)/);
  expect(error(view([2, 2], [1]))).toMatch(/has 1 strides/);
  expect(error(view([2, -2]))).toMatch(
    /_rebuild_tensor_v2 needs a storage, an offset, sizes and strides, got a storage, 0,/,
  );
  expect(error({ ...view([12]), count: 13 })).toMatch(
    /storage of 13 f32 needs more than the 48 bytes of "archive\/data\/0"/,
  );
  expect(error(view([12]), {})).toMatch(/its storage "0" is not in the zip file/);
  expect(error({ ...view([12]), storage: "QInt8Storage" })).toMatch(/"torch.QInt8Storage" is refused/);
  const two = torchBytes({ a: view([13]), b: view([14]) }, { "0": twelve });
  expect(errorOf(two)).toMatch(/2 problems:\n.*"a".*\n.*"b"/);
});

test("anything but tensors is refused", () => {
  const error = (value: Pickled, protocol: 2 | 4 = 2) => errorOf(torchZip(pickleBytes(value, protocol)));
  const call = (name: string, ...args: Pickled[]): Pickled => ({ dict: [["a", { call: name, args }]] });
  for (const protocol of [2, 4] as const) {
    expect(error(call("posix.system", "echo hello"), protocol)).toMatch(
      /pickle, byte \d+: "posix.system" is refused: a/,
    );
    expect(error(call("builtins.eval", "1"), protocol)).toMatch(/"builtins.eval" is refused/);
    expect(error(call("torch.load", "x"), protocol)).toMatch(/"torch.load" is refused/);
  }
  expect(error(call("__main__.__proto__"))).toMatch(/"__main__.__proto__" is refused/);
  expect(error(call("torch.FloatStorage", 3))).toMatch(/a call of torch.FloatStorage is refused/);
  expect(error(call("collections.OrderedDict", { list: [] }))).toMatch(/OrderedDict is called with 1 arguments/);
  expect(error(call("torch._utils._rebuild_parameter", 1))).toMatch(/not called with a tensor/);
  expect(error(call("torch._utils._rebuild_tensor_v2", 1, 2))).toMatch(/needs a storage, .* got 1, 2/);
  expect(error({ persistentId: { tuple: ["module", "x"] } })).toMatch(/expected a persistent id .* got a tuple of 2/);
  expect(error(5)).toMatch(/expected a state dict of tensors, got 5/);
  expect(error({ dict: [["state_dict", { dict: [] }]] })).toMatch(/a dict without any \(keys: "state_dict"\)/);
  const raw = (text: string, ...more: number[]): Pickled => ({ raw: [...Buffer.from(text, "latin1"), ...more] });
  expect(error(raw("(S'ls'\nios\nsystem\n"))).toMatch(/opcode 0x53 is refused/);
  expect(error(raw("(ios\nsystem\n"))).toMatch(/opcode 0x69 \(INST\) is refused/);
  expect(error(raw("ccollections\nOrderedDict\n)\x81"))).toMatch(/opcode 0x81 \(NEWOBJ\) is refused/);
  expect(error(raw("]}b"))).toMatch(/attributes of a list of 0 are refused/);
  expect(error(raw("}K\x01K\x02R"))).toMatch(/a call of 1 is refused/);
  expect(error(raw("h\x05"))).toMatch(/memo 5 is used before it is set/);
  expect(error(raw("0"))).toMatch(/empty stack/);
  expect(error(raw("t"))).toMatch(/a mark is missing/);
  expect(error(raw("}(K\x01u"))).toMatch(/a key without a value/);
  expect(error(raw("X", 0xff, 0xff, 0xff, 0xff))).toMatch(/4294967295 bytes expected, but it ends/);
  expect(error(raw("\x8d", 0, 0, 0, 0, 0, 0, 0, 0x7f))).toMatch(/bytes expected, but it ends/);
  expect(error(raw("\x8a\x09"))).toMatch(/an integer of 9 bytes/);
  expect(error(raw("\x80\x06"))).toMatch(/protocol 6/);
  expect(error(raw("cnowhere"))).toMatch(/a name does not end/);
  // A list that holds itself is no trouble: nothing walks into values.
  expect(error(raw("]q\x00h\x00a"))).toMatch(/expected a state dict of tensors, got a list of 1/);
  expect(errorOf(torchZip(Buffer.from("\x80\x02", "latin1")))).toMatch(/1 bytes expected, but it ends/);
  expect(errorOf(torchZip(Buffer.alloc(1_100_000, "N")))).toMatch(/more than 1000000 values on the stack/);
  const host = { where: "x", globals: new Map(), persistentLoad: () => null, maxOpcodes: 4 };
  expect(readPickle(Buffer.from("N0N."), host)).toBe(null);
  expect(() => readPickle(Buffer.from("N0N0N."), host)).toThrow(/x: pickle, byte 4: more than 4 opcodes/);
});

test("other files", () => {
  expect(errorOf(Buffer.from("80028a0a6cfc9c46f9206aa850192e", "hex"))).toMatch(
    /format of torch before 1.6; convert it once/,
  );
  const tar = Buffer.alloc(600);
  tar.write("ustar", 257);
  expect(errorOf(tar)).toMatch(/format of torch before 1.6/);
  expect(errorOf(Buffer.from(""))).toMatch(/begins with "PK"; this one does not/);
  expect(errorOf(Buffer.from("version https://git-lfs.github.com/spec/v1"))).toMatch(/begins with "PK"/);
  expect(errorOf(zipBytes([{ name: "a/b.txt", data: twelve }]))).toMatch(
    /one <archive>\/data.pkl in the zip file, got 0/,
  );
  const pickle = { name: "m/data.pkl", data: pickleBytes({ dict: [] }) };
  expect(errorOf(zipBytes([pickle, { name: "m/byteorder", data: Buffer.from("big") }]))).toMatch(/got "big"/);
  expect(errorOf(zipBytes([{ ...pickle, method: 8 }]))).toMatch(/"m\/data.pkl" is compressed \(method 8\)/);
  expect(errorOf(zipBytes([{ ...pickle, flags: 1 }]))).toMatch(/is encrypted/);
  expect(errorOf(zipBytes([pickle, pickle]))).toMatch(/"m\/data.pkl" appears twice/);
});

test("zip directories that lie", () => {
  const good = torchBytes({ a: view([12]) }, { "0": twelve });
  const directory = good.indexOf("PK\x01\x02", 0, "latin1");
  const end = good.length - 22;
  const patched = (write: (bytes: Buffer) => void) => {
    const bytes = Buffer.from(good);
    write(bytes);
    return errorOf(bytes);
  };
  expect(patched((bytes) => bytes.writeUInt32LE(0x7fffffff, end + 16))).toMatch(/its zip directory \(4 entries/);
  expect(patched((bytes) => bytes.writeUInt16LE(60000, end + 10))).toMatch(/its zip directory \(60000 entries/);
  expect(patched((bytes) => bytes.writeUInt32LE(directory + 1, end + 16))).toMatch(
    /its zip directory|not where it should/,
  );
  expect(patched((bytes) => bytes.writeUInt32LE(1e6, directory + 42))).toMatch(/at 1000000 is not inside the file/);
  expect(patched((bytes) => bytes.writeUInt32LE(3, directory + 42))).toMatch(/no entry at 3/);
  expect(patched((bytes) => bytes.writeUInt32LE(1e9, directory + 24))).toMatch(/has 1000000000 bytes, but \d+ stored/);
  const second = good.indexOf("PK\x01\x02", directory + 4, "latin1");
  expect(patched((bytes) => bytes.writeUInt32LE(bytes.readUInt32LE(directory + 42), second + 42))).toMatch(/overlaps/);
  for (let length = 0; length < good.length; length += 37)
    expect(errorOf(good.subarray(0, length))).toMatch(/no zip directory at its end|begins with "PK"/);
});
