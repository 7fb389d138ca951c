/** Seeded damage to files: flips, cuts, splices, and numbers replaced by those that break arithmetic. */

/** A stream of random numbers in [0, 1), the same for the same seed (mulberry32). */
export type Random = () => number;

export function makeRandom(seed: number): Random {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let x = Math.imul(state ^ (state >>> 15), state | 1);
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61);
    return ((x ^ (x >>> 14)) >>> 0) / 2 ** 32;
  };
}

function below(random: Random, limit: number): number {
  return Math.floor(random() * limit);
}

function pick<T>(random: Random, items: readonly T[]): T {
  return items[below(random, items.length)]!;
}

const integers = [
  "0 1 2 255 65536 16777216 2147483647 2147483648 4294967295 4294967296 1099511627776 1000000000000000000",
  "9007199254740991 9007199254740992 9007199254740993 4611686018427387904 9223372036854775807 18446744073709551615",
].flatMap((line) => line.split(" ").map(BigInt));

const texts = [
  `-1 0 1 0.5 1e18 1e999 -0 4294967296 9007199254740991 9007199254740993 1000000000000000000 18446744073709551615 null`,
  `true [] {} "" "F32" "__proto__" [[[[[[]]]]]] NaN Infinity -Infinity } ] , : " \\ \ud800 \u0000`,
].flatMap((line) => line.split(" "));

/** Damages a copy of `bytes` one to six times. `others`: files to splice from. */
export function mutate(random: Random, bytes: Uint8Array, others: readonly Uint8Array[]): Uint8Array {
  let result = Buffer.from(bytes);
  const times = random() < 0.4 ? 1 : 1 + below(random, 6);
  for (let i = 0; i < times && result.length > 0; i++) result = pick(random, mutations)(random, result, others);
  return result;
}

type Mutation = (random: Random, bytes: Buffer<ArrayBuffer>, others: readonly Uint8Array[]) => Buffer<ArrayBuffer>;

/** Mostly within the header at the start or the directory at the end, where there is most to break. */
function place(random: Random, length: number): number {
  const where = random();
  if (where < 0.6) return below(random, Math.min(length, 1500));
  if (where < 0.75) return length - 1 - below(random, Math.min(length, 800));
  return below(random, length);
}

const mutations: readonly Mutation[] = [
  function flipBit(random, bytes) {
    bytes[place(random, bytes.length)]! ^= 1 << below(random, 8);
    return bytes;
  },
  function setByte(random, bytes) {
    bytes[place(random, bytes.length)] = below(random, 256);
    return bytes;
  },
  function setInteger(random, bytes) {
    const value = pick(random, integers);
    const size = pick(random, [1, 2, 4, 8]);
    const at = place(random, bytes.length);
    for (let i = 0; i < size && at + i < bytes.length; i++) bytes[at + i] = Number((value >> BigInt(8 * i)) & 255n);
    return bytes;
  },
  function nudge(random, bytes) {
    const at = place(random, bytes.length);
    bytes[at] = bytes[at]! + below(random, 17) - 8;
    return bytes;
  },
  function truncate(random, bytes) {
    return bytes.subarray(0, random() < 0.5 ? place(random, bytes.length) : below(random, bytes.length));
  },
  function remove(random, bytes) {
    const at = place(random, bytes.length);
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + below(random, 40))]);
  },
  function repeat(random, bytes) {
    const at = place(random, bytes.length);
    const chunk = bytes.subarray(at, at + 1 + below(random, 200));
    const copies = Array.from({ length: 1 + below(random, 4) }, () => chunk);
    return Buffer.concat([bytes.subarray(0, at), ...copies, bytes.subarray(at)]);
  },
  function splice(random, bytes, others) {
    const other = pick(random, others);
    const from = place(random, other.length);
    const at = place(random, bytes.length);
    const chunk = other.subarray(from, from + 1 + below(random, 300));
    return Buffer.concat([bytes.subarray(0, at), chunk, bytes.subarray(at + (random() < 0.5 ? 0 : chunk.length))]);
  },
  /** A run of digits, or whatever is there, becomes another JSON text. */
  function setText(random, bytes) {
    let at = place(random, bytes.length);
    const start = bytes.subarray(at).findIndex((byte) => byte >= 0x30 && byte <= 0x39);
    let end = at;
    if (start >= 0 && start < 200) {
      at += start;
      end = at;
      while (end < bytes.length && bytes[end]! >= 0x30 && bytes[end]! <= 0x39) end++;
    }
    return Buffer.concat([bytes.subarray(0, at), Buffer.from(pick(random, texts)), bytes.subarray(end)]);
  },
];
