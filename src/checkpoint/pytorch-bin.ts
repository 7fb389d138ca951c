/** pytorch_model*.bin: the zip file of torch.save, with one pickle that describes tensors and one entry per storage. */
import { dtypeBytes, type DType } from "../tensor/dtype.js";
import type { Shape } from "../tensor/shape.js";
import { storageBytes } from "../tensor/storage-type.js";
import { CheckpointError } from "../util/errors.js";
import { describe, PickleGlobal, PickleObject, PickleTuple, readPickle, type PickleValue } from "./pickle.js";
import { Problems, quote } from "./problems.js";
import type { RandomAccessFile } from "./random-access-file.js";
import { denseTensor, type StoredTensor } from "./stored-checkpoint.js";
import { isContiguous, spanOf, StridedCache, stridedSlice } from "./strided.js";
import { readZip, type ZipEntry } from "./zip.js";

const maxPickleBytes = 64 * 2 ** 20;
/** A tensor takes about 32; the largest published files have a few thousand tensors. */
const maxPickleOpcodes = 4_000_000;
const maxDimensions = 64;
/** A tensor that is not contiguous is put in order in memory; a larger one is refused. */
const maxGatheredBytes = 256 * 2 ** 20;

/** torch's storage classes of the dtypes that Quire has. */
const storageTypes: Readonly<Record<string, DType>> = {
  DoubleStorage: "f64",
  FloatStorage: "f32",
  HalfStorage: "f16",
  BFloat16Storage: "bf16",
  LongStorage: "i64",
  IntStorage: "i32",
  ShortStorage: "i16",
  CharStorage: "i8",
  ByteStorage: "u8",
  BoolStorage: "bool",
};

/** A storage as the pickle names it: `count` elements in the entry `data/<key>`. */
class Storage extends PickleObject {
  readonly kind = "a storage";
  readonly dtype: DType;
  readonly key: string;
  readonly count: number;

  constructor(dtype: DType, key: string, count: number) {
    super();
    this.dtype = dtype;
    this.key = key;
    this.count = count;
  }
}

/** A view of a storage; offset and strides in elements. Nothing is checked but the types. */
class TensorView extends PickleObject {
  readonly kind = "a tensor";
  readonly storage: Storage;
  readonly offset: number;
  readonly shape: Shape;
  readonly strides: readonly number[];

  constructor(storage: Storage, offset: number, shape: Shape, strides: readonly number[]) {
    super();
    this.storage = storage;
    this.offset = offset;
    this.shape = shape;
    this.strides = strides;
  }
}

/**
 * The tensors of one file, lazily read. Entries of the state dict that are no tensors are left out. Tensors may share a storage;
 * those that are not contiguous are put in order when they are read.
 *
 * @throws CheckpointError if the file is in torch's old format, is no zip, asks for anything but tensors, or lies about sizes
 */
export function readPytorchBin(file: RandomAccessFile): StoredTensor[] {
  checkFormat(file);
  const entries = readZip(file);
  const pickles = [...entries.values()].filter(({ name }) => /^[^/]*\/data\.pkl$/.test(name));
  if (pickles.length !== 1)
    throw new CheckpointError(`${file.path}: expected one <archive>/data.pkl in the zip file, got ${pickles.length}`);
  const pickle = pickles[0]!;
  const archive = pickle.name.slice(0, -"data.pkl".length);
  checkByteOrder(file, entries.get(`${archive}byteorder`));
  const root = readPickle(readEntry(file, pickle, maxPickleBytes), {
    where: file.path,
    globals: makeGlobals(file.path),
    persistentLoad: (id) => loadStorage(file.path, id),
    maxOpcodes: maxPickleOpcodes,
  });
  if (!(root instanceof Map))
    throw new CheckpointError(`${file.path}: expected a state dict of tensors, got ${describe(root)}`);
  return placeTensors(file, entries, archive, root);
}

function checkFormat(file: RandomAccessFile): void {
  const head = Buffer.from(file.readBytes(0, Math.min(file.size, 512)));
  // The old format begins with a pickled magic number, the one before it was a tar file.
  const isOld = head.subarray(2, 14).equals(Buffer.from("8a0a6cfc9c46f9206aa85019", "hex"));
  if (isOld || head.toString("latin1", 257, 262) === "ustar")
    throw new CheckpointError(
      `${file.path}: is in the format of torch before 1.6; convert it once in Python: torch.save(torch.load("pytorch_model.bin", weights_only=True), "pytorch_model.bin")`,
    );
  if (head.toString("latin1", 0, 4) !== "PK\x03\x04")
    throw new CheckpointError(
      `${file.path}: expected a zip file from torch.save, which begins with "PK"; this one does not`,
    );
}

function checkByteOrder(file: RandomAccessFile, entry: ZipEntry | undefined): void {
  if (entry === undefined) return;
  const order = Buffer.from(readEntry(file, entry, 64)).toString("latin1");
  if (order !== "little") throw new CheckpointError(`${file.path}: expected byte order "little", got ${quote(order)}`);
}

function readEntry(file: RandomAccessFile, entry: ZipEntry, most: number): Uint8Array {
  if (entry.size > most)
    throw new CheckpointError(`${file.path}: ${quote(entry.name)} has ${entry.size} bytes, expected at most ${most}`);
  return file.readBytes(entry.position, entry.size);
}

/** The closed list: what a state dict of tensors needs. */
function makeGlobals(where: string): ReadonlyMap<string, PickleGlobal> {
  const globals = [
    new PickleGlobal("collections.OrderedDict", (args) => {
      if (args.length > 0)
        throw new CheckpointError(`${where}: pickle: OrderedDict is called with ${args.length} arguments`);
      return new Map();
    }),
    new PickleGlobal("torch.Size", ([sizes]) => {
      if (!(sizes instanceof PickleTuple || Array.isArray(sizes)))
        throw new CheckpointError(`${where}: pickle: torch.Size is not called with sizes`);
      return new PickleTuple(sizes instanceof PickleTuple ? sizes.items : [...sizes]);
    }),
    new PickleGlobal("torch._utils._rebuild_tensor_v2", (args) => rebuildTensor(where, args)),
    new PickleGlobal("torch._utils._rebuild_parameter", ([data]) => {
      if (!(data instanceof TensorView))
        throw new CheckpointError(`${where}: pickle: _rebuild_parameter is not called with a tensor`);
      return data;
    }),
    ...Object.keys(storageTypes).map((name) => new PickleGlobal(`torch.${name}`)),
  ];
  return new Map(globals.map((global) => [global.name, global]));
}

/** ("storage", class, key, device, number of elements) */
function loadStorage(where: string, id: PickleValue): Storage {
  const [word, type, key, , count] = id instanceof PickleTuple ? id.items : [];
  const name = type instanceof PickleGlobal ? type.name.replace(/^torch\./, "") : "";
  if (word !== "storage" || !Object.hasOwn(storageTypes, name) || typeof key !== "string" || !isCount(count))
    throw new CheckpointError(`${where}: pickle: expected a persistent id of a torch storage, got ${describe(id)}`);
  return new Storage(storageTypes[name]!, key, count);
}

/** (storage, offset, sizes, strides, requires_grad, backward hooks, and since torch 1.13 a dict of flags) */
function rebuildTensor(where: string, args: readonly PickleValue[]): TensorView {
  const [storage, offset, shape, strides, , , flags] = args;
  if (!(storage instanceof Storage) || !isCount(offset) || !isCounts(shape) || !isCounts(strides))
    throw new CheckpointError(
      `${where}: pickle: _rebuild_tensor_v2 needs a storage, an offset, sizes and strides, got ${args.map(describe).slice(0, 7).join(", ")}`,
    );
  if (flags !== undefined && flags !== null && !(flags instanceof Map && flags.size === 0))
    throw new CheckpointError(
      `${where}: pickle: a tensor has flags (conjugated, negated); resolve them and save again`,
    );
  return new TensorView(storage, offset, shape.items, strides.items);
}

function isCount(value: PickleValue | undefined): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

function isCounts(value: PickleValue | undefined): value is PickleTuple & { items: readonly number[] } {
  return value instanceof PickleTuple && value.items.length <= maxDimensions && value.items.every(isCount);
}

/** Finds each tensor's bytes in the file, or says why they cannot be there. */
function placeTensors(
  file: RandomAccessFile,
  entries: ReadonlyMap<string, ZipEntry>,
  archive: string,
  stateDict: ReadonlyMap<PickleValue, PickleValue>,
): StoredTensor[] {
  const problems = new Problems(file.path);
  const cache = new StridedCache();
  const tensors: StoredTensor[] = [];
  for (const [name, value] of stateDict) {
    if (!(value instanceof TensorView) || typeof name !== "string") continue;
    const tensor = placeTensor(file, entries.get(`${archive}data/${value.storage.key}`), name, value, cache);
    if (typeof tensor === "string") problems.add(`tensor ${quote(name)}: ${tensor}`);
    else tensors.push(tensor);
  }
  if (tensors.length === 0 && !problems.any) {
    const keys = [...stateDict.keys()].slice(0, 5).map(describe).join(", ");
    problems.add(`expected a state dict of tensors, got a dict without any (keys: ${keys || "none"})`);
  }
  problems.throwIfAny();
  return tensors;
}

function placeTensor(
  file: RandomAccessFile,
  entry: ZipEntry | undefined,
  name: string,
  { storage, offset, shape, strides }: TensorView,
  cache: StridedCache,
): StoredTensor | string {
  const { dtype } = storage;
  const shown = `${dtype} [${shape.join(", ")}]`;
  if (entry === undefined) return `its storage ${quote(storage.key)} is not in the zip file`;
  const elementBytes = dtypeBytes[dtype];
  if (!(storage.count * elementBytes <= entry.size))
    return `its storage of ${storage.count} ${dtype} needs more than the ${entry.size} bytes of ${quote(entry.name)}`;
  if (shape.length !== strides.length) return `${shown} has ${strides.length} strides`;
  const byteLength = storageBytes(dtype, shape);
  if (typeof byteLength === "string") return `${shown}: ${byteLength}`;
  const span = spanOf(shape, strides);
  if (!(offset + span <= storage.count))
    return `${shown} with strides [${strides.join(", ")}] at ${offset} does not fit into its storage of ${storage.count} elements`;
  const position = entry.position + offset * elementBytes;
  const info = { name, storage: dtype, shape, byteLength, file: file.path };
  if (isContiguous(shape, strides)) return denseTensor(info, file, position);
  if (Math.max(byteLength, span * elementBytes) > maxGatheredBytes)
    return `${shown} with strides [${strides.join(", ")}] is not contiguous and larger than ${maxGatheredBytes} bytes; save it again with .contiguous()`;
  return { info, read: stridedSlice(file, { position, shape, strides, elementBytes }, cache) };
}
