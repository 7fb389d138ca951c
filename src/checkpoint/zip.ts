/** The directory of a zip file whose entries are stored uncompressed, as torch.save writes them; zip64 too. Nothing is unpacked. */
import { CheckpointError } from "../util/errors.js";
import { Problems, quote } from "./problems.js";
import type { RandomAccessFile } from "./random-access-file.js";

const endSignature = 0x06054b50;
const end64LocatorSignature = 0x07064b50;
const end64Signature = 0x06064b50;
const centralSignature = 0x02014b50;
const localSignature = 0x04034b50;
const endBytes = 22;
const centralBytes = 46;
const localBytes = 30;
/** A directory of a million tensors is this long. */
const maxDirectoryBytes = 64 * 2 ** 20;

/** One file in the archive; its bytes lie at [position, position + size) of the zip file. */
export interface ZipEntry {
  name: string;
  position: number;
  size: number;
}

/**
 * The entries by name.
 *
 * @throws CheckpointError if the file is no zip, is cut off, has compressed or encrypted entries, two of one name, or entries
 *   that overlap or lie outside the file
 */
export function readZip(file: RandomAccessFile): ReadonlyMap<string, ZipEntry> {
  const { start, length, count } = findDirectory(file);
  const directory = viewOf(file.readBytes(start, length));
  const entries = new Map<string, ZipEntry>();
  const problems = new Problems(file.path);
  let at = 0;
  for (let i = 0; i < count; i++) {
    if (at + centralBytes > length || directory.getUint32(at, true) !== centralSignature)
      throw damaged(file, `entry ${i} of ${count} in the zip directory is not where it should be`);
    const sizes = [28, 30, 32].map((field) => directory.getUint16(at + field, true)) as [number, number, number];
    const next = at + centralBytes + sizes[0] + sizes[1] + sizes[2];
    if (next > length) throw damaged(file, `entry ${i} of ${count} ends beyond the zip directory`);
    const entry = readEntry(file, directory, at, start);
    if (typeof entry === "string") problems.add(entry);
    else if (entries.has(entry.name)) problems.add(`zip entry ${quote(entry.name)} appears twice`);
    else entries.set(entry.name, entry);
    at = next;
  }
  checkOverlap(entries, problems);
  problems.throwIfAny();
  return entries;
}

/** Place and number of entries of the central directory, from the record at the end of the file. */
function findDirectory(file: RandomAccessFile): { start: number; length: number; count: number } {
  const tailBytes = Math.min(file.size, endBytes + 0xffff);
  const tail = viewOf(file.readBytes(file.size - tailBytes, tailBytes));
  let end = tailBytes - endBytes;
  while (
    end >= 0 &&
    !(tail.getUint32(end, true) === endSignature && tail.getUint16(end + 20, true) === tailBytes - end - endBytes)
  )
    end--;
  if (end < 0) throw damaged(file, "no zip directory at its end");
  let count = tail.getUint16(end + 10, true);
  let length = tail.getUint32(end + 12, true);
  let start = tail.getUint32(end + 16, true);
  let limit = file.size - tailBytes + end;
  const locator = end - 20;
  if (locator >= 0 && tail.getUint32(locator, true) === end64LocatorSignature) {
    const position = Number(tail.getBigUint64(locator + 8, true));
    if (!(position + 56 <= limit)) throw damaged(file, `its zip64 record at ${position} is not inside the file`);
    const record = viewOf(file.readBytes(position, 56));
    if (record.getUint32(0, true) !== end64Signature) throw damaged(file, `no zip64 record at ${position}`);
    count = Number(record.getBigUint64(32, true));
    length = Number(record.getBigUint64(40, true));
    start = Number(record.getBigUint64(48, true));
    limit = position;
  }
  if (!(start + length <= limit) || length > maxDirectoryBytes || count * centralBytes > length)
    throw damaged(file, `its zip directory (${count} entries, ${length} bytes at ${start}) cannot be`);
  return { start, length, count };
}

/** One directory entry with the place of its bytes, or a sentence that says what is wrong with it. */
function readEntry(file: RandomAccessFile, directory: DataView, at: number, limit: number): ZipEntry | string {
  const nameBytes = directory.getUint16(at + 28, true);
  const extraBytes = directory.getUint16(at + 30, true);
  const name = Buffer.from(directory.buffer, at + centralBytes, nameBytes).toString("utf8");
  if (directory.getUint16(at + 8, true) & 1) return `zip entry ${quote(name)} is encrypted`;
  const method = directory.getUint16(at + 10, true);
  if (method !== 0)
    return `zip entry ${quote(name)} is compressed (method ${method}); torch.save stores without compression`;
  const extra = new DataView(directory.buffer, at + centralBytes + nameBytes, extraBytes);
  const fields = [24, 20, 42].map((field) => directory.getUint32(at + field, true));
  const [size, stored, header] = widen(fields, extra) as [number, number, number];
  if (size !== stored) return `zip entry ${quote(name)} has ${size} bytes, but ${stored} stored`;
  if (!(header + localBytes <= limit)) return `zip entry ${quote(name)} at ${header} is not inside the file`;
  const local = viewOf(file.readBytes(header, localBytes));
  if (local.getUint32(0, true) !== localSignature) return `zip entry ${quote(name)}: no entry at ${header}`;
  const position = header + localBytes + local.getUint16(26, true) + local.getUint16(28, true);
  if (!(position + size <= limit))
    return `zip entry ${quote(name)}: ${size} bytes at ${position} are not inside the file`;
  return { name, position, size };
}

/** Replaces fields of 0xffffffff by the 64-bit ones of the zip64 extra, which come in the same order. */
function widen(fields: readonly number[], extra: DataView): number[] {
  let at = 0;
  while (at + 4 <= extra.byteLength && extra.getUint16(at, true) !== 1) at += 4 + extra.getUint16(at + 2, true);
  const end = at + 4 <= extra.byteLength ? Math.min(extra.byteLength, at + 4 + extra.getUint16(at + 2, true)) : 0;
  at += 4;
  return fields.map((field) => {
    if (field !== 0xffffffff || at + 8 > end) return field;
    at += 8;
    return Number(extra.getBigUint64(at - 8, true));
  });
}

function checkOverlap(entries: ReadonlyMap<string, ZipEntry>, problems: Problems): void {
  const sorted = [...entries.values()].filter(({ size }) => size > 0).sort((a, b) => a.position - b.position);
  for (let i = 1; i < sorted.length; i++) {
    const before = sorted[i - 1]!;
    const entry = sorted[i]!;
    if (before.position + before.size > entry.position)
      problems.add(`zip entry ${quote(entry.name)} at ${entry.position} overlaps ${quote(before.name)}`);
  }
}

function viewOf(bytes: Uint8Array): DataView<ArrayBuffer> {
  return new DataView(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.byteLength);
}

function damaged(file: RandomAccessFile, what: string): CheckpointError {
  return new CheckpointError(`${file.path}: expected a zip file from torch.save, but ${what}; download it again`);
}
