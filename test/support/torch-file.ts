/** Writes what torch.save writes: a pickle of tensors in a zip file without compression. Right ones and wrong ones. */
import { crc32 } from "node:zlib";

/** A value to pickle. Python's other values are made with `raw`. */
export type Pickled =
  | null
  | boolean
  | number
  | bigint
  | string
  | { tuple: readonly Pickled[] }
  | { list: readonly Pickled[] }
  | { dict: readonly (readonly [Pickled, Pickled])[] }
  | { global: string }
  | { call: string; args: readonly Pickled[] }
  | { persistentId: Pickled }
  | { raw: readonly number[] };

/** Protocol 2 as torch writes it, or 4 with frames and its short forms. */
export type PickleProtocol = 2 | 4;

/** The bytes of a pickle; every value is also put into the memo, as Python does. */
export function pickleBytes(value: Pickled, protocol: PickleProtocol = 2): Buffer<ArrayBuffer> {
  const body: number[] = [];
  write(value, protocol, body, { next: 0 });
  body.push(0x2e);
  const head = [0x80, protocol];
  if (protocol === 4) head.push(0x95, ...little(body.length, 8));
  return Buffer.from([...head, ...body]);
}

function little(value: number | bigint, bytes: number): number[] {
  return Array.from({ length: bytes }, (_, i) => Number((BigInt(value) >> BigInt(8 * i)) & 255n));
}

function write(value: Pickled, protocol: PickleProtocol, out: number[], memo: { next: number }): void {
  const put = (): void => {
    const index = memo.next++;
    if (protocol === 4) out.push(0x94);
    else if (index < 256) out.push(0x71, index);
    else out.push(0x72, ...little(index, 4));
  };
  const text = (string: string): void => {
    const bytes = Buffer.from(string);
    if (protocol === 4 && bytes.length < 256) out.push(0x8c, bytes.length, ...bytes);
    else out.push(0x58, ...little(bytes.length, 4), ...bytes);
    put();
  };
  const global = (name: string): void => {
    const dot = name.lastIndexOf(".");
    if (protocol === 4) {
      text(name.slice(0, dot));
      text(name.slice(dot + 1));
      out.push(0x93);
    } else out.push(0x63, ...Buffer.from(`${name.slice(0, dot)}\n${name.slice(dot + 1)}\n`));
    put();
  };
  const all = (values: readonly Pickled[]): void => values.forEach((item) => write(item, protocol, out, memo));
  const tuple = (items: readonly Pickled[]): void => {
    if (items.length > 3) out.push(0x28);
    all(items);
    out.push(items.length > 3 ? 0x74 : [0x29, 0x85, 0x86, 0x87][items.length]!);
    if (items.length > 0) put();
  };
  if (value === null) out.push(0x4e);
  else if (typeof value === "boolean") out.push(value ? 0x88 : 0x89);
  else if (typeof value === "string") text(value);
  else if (typeof value === "bigint") out.push(0x8a, 8, ...little(value, 8));
  else if (typeof value === "number") {
    if (value >= 0 && value < 256) out.push(0x4b, value);
    else if (value >= 0 && value < 65536) out.push(0x4d, ...little(value, 2));
    else if (Math.abs(value) < 2 ** 31) out.push(0x4a, ...little(value, 4));
    else out.push(0x8a, 8, ...little(value, 8));
  } else if ("tuple" in value) tuple(value.tuple);
  else if ("list" in value) {
    out.push(0x5d);
    put();
    out.push(0x28);
    all(value.list);
    out.push(0x65);
  } else if ("dict" in value) {
    out.push(0x7d);
    put();
    out.push(0x28);
    all(value.dict.flat());
    out.push(0x75);
  } else if ("global" in value) global(value.global);
  else if ("call" in value) {
    global(value.call);
    tuple(value.args);
    out.push(0x52);
    put();
  } else if ("persistentId" in value) {
    write(value.persistentId, protocol, out, memo);
    out.push(0x51);
  } else out.push(...value.raw);
}

/** A tensor of a state dict. `key` names its storage; several may share one. */
export interface TorchTensor {
  /** torch's storage class, "FloatStorage". */
  storage: string;
  key: string;
  /** Elements of the whole storage. */
  count: number;
  shape: readonly number[];
  /** Row-major if missing. */
  strides?: readonly number[];
  offset?: number;
  /** True for nn.Parameter. */
  parameter?: boolean;
}

const orderedDict: Pickled = { call: "collections.OrderedDict", args: [] };

/** How torch pickles a tensor. */
export function pickledTensor(tensor: TorchTensor): Pickled {
  const strides = tensor.strides ?? tensor.shape.map((_, i) => tensor.shape.slice(i + 1).reduce((a, b) => a * b, 1));
  const id = { tuple: ["storage", { global: `torch.${tensor.storage}` }, tensor.key, "cpu", tensor.count] };
  const view: Pickled = {
    call: "torch._utils._rebuild_tensor_v2",
    args: [{ persistentId: id }, tensor.offset ?? 0, { tuple: tensor.shape }, { tuple: strides }, false, orderedDict],
  };
  return tensor.parameter ? { call: "torch._utils._rebuild_parameter", args: [view, true, orderedDict] } : view;
}

/** A file to put into a zip. */
export interface ZipPart {
  name: string;
  data: Uint8Array;
  method?: number;
  flags?: number;
}

/** How to write the zip file. `zip64` writes every size and offset in 64 bits. */
export interface ZipOptions {
  zip64?: boolean;
  comment?: string;
}

/** The bytes of a zip file; data begins at multiples of 64, as torch aligns it. */
export function zipBytes(
  parts: readonly ZipPart[],
  { zip64 = false, comment = "" }: ZipOptions = {},
): Buffer<ArrayBuffer> {
  const chunks: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  const add = (bytes: Uint8Array): void => {
    chunks.push(Buffer.from(bytes));
    at += bytes.length;
  };
  for (const { name, data, method = 0, flags = 0 } of parts) {
    const header = at;
    const nameBytes = Buffer.from(name);
    const padding = (64 - ((at + 30 + nameBytes.length + 4) % 64)) % 64;
    const crc = crc32(data);
    add(
      fields([0x04034b50, 4], [20, 2], [flags, 2], [method, 2], [0, 4], [crc, 4], [data.length, 4], [data.length, 4]),
    );
    add(fields([nameBytes.length, 2], [padding + 4, 2]));
    add(nameBytes);
    add(fields([0x4246, 2], [padding, 2]));
    add(new Uint8Array(padding));
    add(data);
    const wide = zip64
      ? fields([0x9999, 2], [2, 2], [0, 2], [1, 2], [24, 2], [data.length, 8], [data.length, 8], [header, 8])
      : Buffer.alloc(0);
    const size = zip64 ? 0xffffffff : data.length;
    directory.push(
      fields([0x02014b50, 4], [20, 2], [20, 2], [flags, 2], [method, 2], [0, 4], [crc, 4], [size, 4], [size, 4]),
      fields([nameBytes.length, 2], [wide.length, 2], [0, 2], [0, 2], [0, 2], [0, 4], [zip64 ? 0xffffffff : header, 4]),
      nameBytes,
      wide,
    );
  }
  const start = at;
  directory.forEach(add);
  const length = at - start;
  if (zip64) {
    const record = at;
    add(fields([0x06064b50, 4], [44, 8], [45, 2], [45, 2], [0, 4], [0, 4], [parts.length, 8], [parts.length, 8]));
    add(fields([length, 8], [start, 8]));
    add(fields([0x07064b50, 4], [0, 4], [record, 8], [1, 4]));
  }
  const count = zip64 ? 0xffff : parts.length;
  add(fields([0x06054b50, 4], [0, 2], [0, 2], [count, 2], [count, 2]));
  add(fields([zip64 ? 0xffffffff : length, 4], [zip64 ? 0xffffffff : start, 4], [comment.length, 2]));
  add(Buffer.from(comment));
  return Buffer.concat(chunks);
}

function fields(...values: readonly (readonly [number, number])[]): Buffer {
  return Buffer.from(values.flatMap(([value, bytes]) => little(value, bytes)));
}

/** What torch.save(state_dict, path) writes. */
export function torchBytes(
  tensors: Record<string, TorchTensor>,
  storages: Record<string, Uint8Array>,
  { protocol = 2, ...zip }: ZipOptions & { protocol?: PickleProtocol } = {},
): Buffer<ArrayBuffer> {
  const dict: Pickled = {
    dict: Object.entries(tensors).map(([name, tensor]) => [name, pickledTensor(tensor)] as const),
  };
  return torchZip(pickleBytes(dict, protocol), storages, zip);
}

/** A pickle with its storages in a zip file. */
export function torchZip(
  pickle: Uint8Array,
  storages: Record<string, Uint8Array> = {},
  options: ZipOptions = {},
): Buffer<ArrayBuffer> {
  const parts = [
    { name: "archive/data.pkl", data: pickle },
    { name: "archive/byteorder", data: Buffer.from("little") },
    ...Object.entries(storages).map(([key, data]) => ({ name: `archive/data/${key}`, data })),
    { name: "archive/version", data: Buffer.from("3\n") },
  ];
  return zipBytes(parts, options);
}
