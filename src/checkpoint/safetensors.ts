/** The safetensors format: 8 bytes of header length, a JSON header, then the tensors without gaps. */
import type { DType } from "../tensor/dtype.js";
import type { Shape } from "../tensor/shape.js";
import { storageBytes } from "../tensor/storage-type.js";
import { CheckpointError } from "../util/errors.js";
import { parseJsonObject } from "./json.js";
import { Problems, quote } from "./problems.js";
import type { RandomAccessFile } from "./random-access-file.js";
import { denseTensor, type StoredTensor } from "./stored-checkpoint.js";

/** The format's own limit. */
const maxHeaderBytes = 100_000_000;
const lengthBytes = 8;

/** safetensors' names of the dtypes that Quire has. */
const dtypes: ReadonlyMap<string, DType> = new Map([
  ["F64", "f64"],
  ["F32", "f32"],
  ["F16", "f16"],
  ["BF16", "bf16"],
  ["I64", "i64"],
  ["I32", "i32"],
  ["I16", "i16"],
  ["I8", "i8"],
  ["U8", "u8"],
  ["BOOL", "bool"],
  ["F8_E4M3", "f8_e4m3"],
  ["F8_E5M2", "f8_e5m2"],
]);

/** One header entry after checking; `begin` and `end` are bytes from the start of the data. */
interface Entry {
  name: string;
  dtype: DType;
  shape: Shape;
  begin: number;
  end: number;
}

/**
 * The tensors of one safetensors file. Reads the header only.
 *
 * @throws CheckpointError if the header lies in any way: length, JSON, dtypes, shapes, byte ranges, gaps, overlaps; all problems at once
 */
export function readSafetensors(file: RandomAccessFile): StoredTensor[] {
  const headerBytes = headerLength(file);
  const dataStart = lengthBytes + headerBytes;
  const dataBytes = file.size - dataStart;
  const header = parseJsonObject(file.readBytes(lengthBytes, headerBytes), `${file.path}: header`);
  const problems = new Problems(file.path);
  const entries: Entry[] = [];
  for (const name of Object.keys(header)) {
    if (name === "__metadata__") continue;
    const entry = checkEntry(name, header[name], dataBytes);
    if (typeof entry === "string") problems.add(`tensor ${quote(name)}: ${entry}`);
    else entries.push(entry);
  }
  if (!problems.any) checkCoverage(entries, dataBytes, problems);
  problems.throwIfAny();
  return entries.map(({ name, dtype, shape, begin, end }) =>
    denseTensor({ name, storage: dtype, shape, byteLength: end - begin, file: file.path }, file, dataStart + begin),
  );
}

function headerLength(file: RandomAccessFile): number {
  if (file.size < lengthBytes + 2)
    throw new CheckpointError(`${file.path}: expected a safetensors file, but it has only ${file.size} bytes`);
  const head = file.readBytes(0, lengthBytes);
  const length = new DataView(head.buffer).getBigUint64(0, true);
  const rest = file.size - lengthBytes;
  if (length > BigInt(Math.min(rest, maxHeaderBytes)))
    throw new CheckpointError(
      `${file.path}: header length ${length} is more than ${length > BigInt(rest) ? `the file's remaining ${rest} bytes` : `the limit of ${maxHeaderBytes}`}; not a safetensors file, or cut off: download it again`,
    );
  if (length < 2n) throw new CheckpointError(`${file.path}: header length ${length} holds no JSON object`);
  return Number(length);
}

/** The entry, or a sentence that says what is wrong with it. */
function checkEntry(name: string, value: unknown, dataBytes: number): Entry | string {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return "its entry is not an object";
  const own = (key: string): unknown =>
    Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined;
  const dtypeName = own("dtype");
  const dtype = typeof dtypeName === "string" ? dtypes.get(dtypeName) : undefined;
  if (dtype === undefined)
    return `dtype ${typeof dtypeName === "string" ? quote(dtypeName) : "(not a string)"} is not known; known: ${[...dtypes.keys()].join(", ")}`;
  const shape = own("shape");
  if (!isWholeNumbers(shape)) return "shape is not a list of whole numbers from 0";
  const offsets = own("data_offsets");
  if (!isWholeNumbers(offsets) || offsets.length !== 2) return "data_offsets is not two whole numbers from 0";
  const [begin, end] = offsets as [number, number];
  const shown = `${dtypeName} [${shape.slice(0, 16).join(", ")}]`;
  if (begin > end || end > dataBytes)
    return `${shown}: data_offsets [${begin}, ${end}] are not inside the data's ${dataBytes} bytes`;
  const bytes = storageBytes(dtype, shape);
  if (typeof bytes === "string") return `${shown}: ${bytes}`;
  if (bytes !== end - begin)
    return `${shown} needs ${bytes} bytes, data_offsets [${begin}, ${end}] give ${end - begin}`;
  return { name, dtype, shape, begin, end };
}

function isWholeNumbers(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && item >= 0);
}

/** Tensors must cover the data from its first to its last byte, each byte once; so nothing hides in a gap. */
function checkCoverage(entries: readonly Entry[], dataBytes: number, problems: Problems): void {
  const sorted = [...entries].sort((a, b) => a.begin - b.begin || a.end - b.end);
  let at = 0;
  let previous = "the header";
  for (const { name, begin, end } of sorted) {
    if (begin < at) problems.add(`tensor ${quote(name)} at ${begin} overlaps ${previous}, which ends at ${at}`);
    if (begin > at)
      problems.add(`${begin - at} bytes between ${previous} and tensor ${quote(name)} belong to no tensor`);
    if (end >= at) {
      at = end;
      previous = `tensor ${quote(name)}`;
    }
  }
  if (at < dataBytes) problems.add(`${dataBytes - at} bytes after ${previous} belong to no tensor`);
}
