/** The GGUF format, versions 2 and 3, little-endian: metadata, then tensor infos, then aligned data. */
import { storageBytes, type StorageType } from "../tensor/storage-type.js";
import { CheckpointError } from "../util/errors.js";
import { ggmlOtherTypes, ggmlStorage } from "./gguf-types.js";
import {
  decodeTexts,
  describeValue,
  LazyMetadata,
  type GgufArray,
  type GgufMetadata,
  type GgufValue,
} from "./gguf-value.js";
import { Problems, quote } from "./problems.js";
import type { RandomAccessFile } from "./random-access-file.js";
import { SequentialReader } from "./sequential-reader.js";

const magic = 0x46554747;
const maxDimensions = 4;
const maxNesting = 4;
const maxNameBytes = 65_535;
const maxStringBytes = 64 * 2 ** 20;
/** Far above any published file: 1M tensors or keys, 32M array entries in all. */
const maxEntries = 2 ** 20;
const maxArrayEntries = 2 ** 25;
const maxAlignment = 2 ** 20;

/** A tensor as the file describes it. */
export interface GgufTensor {
  /** llama.cpp's name, "blk.0.attn_q.weight". */
  name: string;
  storage: StorageType;
  /** Outermost first (the file has it innermost first). */
  shape: number[];
  byteLength: number;
  /** Position of its first byte in the file. */
  position: number;
}

/** What a GGUF file says about itself. */
export interface GgufFile {
  version: number;
  metadata: GgufMetadata;
  /** In the file's order, each name once. */
  tensors: GgufTensor[];
}

/**
 * Reads metadata and tensor infos, and checks that every tensor lies inside the file and none overlaps another.
 *
 * @throws CheckpointError if the file is not GGUF, damaged, cut off or contradicts itself; problems of tensors all at once
 */
export function readGguf(file: RandomAccessFile): GgufFile {
  const reader = new SequentialReader(file);
  const version = readVersion(file, reader);
  const numTensors = reader.count("the number of tensors", 8 + 4 + 4 + 8, maxEntries);
  const numKeys = reader.count("the number of metadata keys", 8 + 4 + 1, maxEntries);
  const metadata = new MetadataReader(file.path, reader).read(numKeys);
  const alignment = readAlignment(file, metadata);
  const problems = new Problems(file.path);
  const found: (GgufTensor | undefined)[] = [];
  for (let i = 0; i < numTensors; i++) found.push(readTensorInfo(reader, problems));
  const dataStart = Math.ceil(reader.position / alignment) * alignment;
  const tensors = found.filter((tensor) => tensor !== undefined);
  for (const tensor of tensors) {
    if (tensor.position % alignment !== 0)
      problems.add(`tensor ${quote(tensor.name)}: offset ${tensor.position} is not a multiple of ${alignment}`);
    tensor.position += dataStart;
  }
  checkPlaces(tensors, file.size, problems);
  problems.throwIfAny();
  return { version, metadata, tensors };
}

function readVersion(file: RandomAccessFile, reader: SequentialReader): number {
  const first = reader.remaining >= 4 ? reader.u32() : 0;
  if (first !== magic)
    throw new CheckpointError(`${file.path}: expected a GGUF file, which begins with "GGUF"; this one does not`);
  const version = reader.u32();
  if (version === 2 || version === 3) return version;
  const bigEndian = version !== 0 && (version & 0xffff) === 0;
  throw new CheckpointError(
    `${file.path}: expected GGUF version 2 or 3, got ${version}${bigEndian ? " (a big-endian file)" : ""}; convert it again with a current converter`,
  );
}

function readAlignment(file: RandomAccessFile, metadata: GgufMetadata): number {
  const alignment = metadata.get("general.alignment") ?? 32;
  const isPower = typeof alignment === "number" && Number.isInteger(Math.log2(alignment));
  if (!isPower || alignment < 1 || alignment > maxAlignment)
    throw new CheckpointError(
      `${file.path}: expected general.alignment to be a power of two up to ${maxAlignment}, got ${describeValue(alignment)}`,
    );
  return alignment;
}

/** One tensor info, its `position` still relative to the data; undefined if it makes no sense, which is added to the problems. */
function readTensorInfo(reader: SequentialReader, problems: Problems): GgufTensor | undefined {
  const name = reader.text(reader.count("the length of a tensor name", 1, maxNameBytes));
  const dimensions = reader.u32();
  if (dimensions > maxDimensions) {
    problems.add(`tensor ${quote(name)}: ${dimensions} dimensions, expected at most ${maxDimensions}`);
    problems.throwIfAny();
  }
  const shape: number[] = [];
  for (let i = 0; i < dimensions; i++) shape.unshift(Number(reader.u64()));
  const type = reader.u32();
  const position = Number(reader.u64());
  const storage = ggmlStorage.get(type);
  if (storage === undefined) {
    const other = ggmlOtherTypes.get(type);
    const known = [...ggmlStorage.values()].join(", ");
    problems.add(
      `tensor ${quote(name)}: type ${type}${other === undefined ? "" : ` (${other})`} is not supported; supported: ${known}`,
    );
    return undefined;
  }
  const byteLength = storageBytes(storage, shape);
  if (typeof byteLength === "string") {
    problems.add(`tensor ${quote(name)}: ${storage} [${shape.join(", ")}]: ${byteLength}`);
    return undefined;
  }
  return { name, storage, shape, byteLength, position };
}

function checkPlaces(tensors: readonly GgufTensor[], fileSize: number, problems: Problems): void {
  const names = new Set<string>();
  for (const { name, position, byteLength } of tensors) {
    if (names.has(name)) problems.add(`tensor ${quote(name)} appears twice`);
    names.add(name);
    if (!(position + byteLength <= fileSize))
      problems.add(
        `tensor ${quote(name)}: ${byteLength} bytes at ${position} are beyond the file's ${fileSize}; download it again`,
      );
  }
  const sorted = tensors.filter(({ byteLength }) => byteLength > 0).sort((a, b) => a.position - b.position);
  for (let i = 1; i < sorted.length; i++) {
    const before = sorted[i - 1]!;
    const tensor = sorted[i]!;
    if (before.position + before.byteLength > tensor.position)
      problems.add(`tensor ${quote(tensor.name)} at ${tensor.position} overlaps ${quote(before.name)}`);
  }
}

/** GGUF's value types by number. */
const stringType = 8;
const arrayType = 9;

/** Reads the key-value section. */
class MetadataReader {
  private readonly where: string;
  private readonly reader: SequentialReader;
  private arrayEntries = 0;

  constructor(where: string, reader: SequentialReader) {
    this.where = where;
    this.reader = reader;
  }

  read(numKeys: number): GgufMetadata {
    const metadata = new LazyMetadata();
    for (let i = 0; i < numKeys; i++) {
      const key = this.reader.text(this.reader.count("the length of a metadata key", 1, maxNameBytes));
      if (metadata.has(key)) throw new CheckpointError(`${this.where}: metadata key ${quote(key)} appears twice`);
      metadata.set(key, this.value(key, this.reader.u32(), 0));
    }
    return metadata;
  }

  private value(key: string, type: number, nesting: number): GgufValue | (() => GgufValue) {
    const { reader } = this;
    if (type === stringType) return this.string(key);
    if (type === arrayType) return this.array(key, nesting + 1);
    const scalar = [reader.u8, reader.i8, reader.u16, reader.i16, reader.u32, reader.i32, reader.f32][type];
    if (scalar !== undefined) return scalar();
    if (type === 7) return reader.u8() !== 0;
    if (type === 10) return reader.u64();
    if (type === 11) return reader.i64();
    if (type === 12) return reader.f64();
    throw new CheckpointError(`${this.where}: metadata ${quote(key)} has type ${type}; GGUF has types 0 to 12`);
  }

  private string(key: string): string {
    return this.reader.text(this.reader.count("the length of a string", 1, maxStringBytes, key));
  }

  private array(key: string, nesting: number): GgufArray | (() => GgufArray) {
    if (nesting > maxNesting)
      throw new CheckpointError(`${this.where}: metadata ${quote(key)} nests arrays deeper than ${maxNesting}`);
    const type = this.reader.u32();
    const bytesEach = [1, 1, 2, 2, 4, 4, 4, 1, 8, 12, 8, 8, 8][type];
    if (bytesEach === undefined)
      throw new CheckpointError(`${this.where}: metadata ${quote(key)} is an array of type ${type}; GGUF has 0 to 12`);
    const most = maxArrayEntries - this.arrayEntries;
    const count = this.reader.count("the length of the array", bytesEach, most, key);
    this.arrayEntries += count;
    if (type === stringType) {
      const bytes = this.reader.skipTexts(count, maxStringBytes, key);
      return () => decodeTexts(bytes, count);
    }
    if (type === arrayType) {
      const items: GgufArray[] = [];
      for (let i = 0; i < count; i++) {
        const item = this.array(key, nesting + 1);
        items.push(typeof item === "function" ? item() : item);
      }
      return items;
    }
    return numbers(type, this.reader.bytes(count * bytesEach).buffer);
  }
}

/** An array of numbers or booleans over its little-endian bytes (as every machine that Quire runs on has them). */
function numbers(type: number, bytes: ArrayBuffer): GgufArray {
  switch (type) {
    case 0:
      return new Uint8Array(bytes);
    case 1:
      return new Int8Array(bytes);
    case 2:
      return new Uint16Array(bytes);
    case 3:
      return new Int16Array(bytes);
    case 4:
      return new Uint32Array(bytes);
    case 5:
      return new Int32Array(bytes);
    case 6:
      return new Float32Array(bytes);
    case 7:
      return Array.from(new Uint8Array(bytes), (byte) => byte !== 0);
    case 10:
      return new BigUint64Array(bytes);
    case 11:
      return new BigInt64Array(bytes);
    default:
      return new Float64Array(bytes);
  }
}
