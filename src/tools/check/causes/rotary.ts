/** Rotary mistakes: the reference's own cosines and sines, other bases and widths, and rotation where there should be none. */
import type { OpRecord } from "../../../platform/platform.js";
import type { Dump } from "../reference/dump.js";
import { moduleOf } from "../reference/dump.js";
import type { Evidence } from "./evidence.js";
import type { Variant } from "./variants.js";
import { where } from "./variants.js";

/** cos and sin of one half of the rotated elements: [numTokens, half] each. */
interface Table {
  readonly half: number;
  readonly cos: Float32Array;
  readonly sin: Float32Array;
  readonly from: string;
}

/** Variants of a segment that attends: other tables in its rotary ops, or rotary ops that it lacks. */
export function rotaryVariants(evidence: Evidence): Variant[] {
  const { segment, dump } = evidence;
  const rotations = segment.records.filter(({ op }) => op === "rotaryEmbedding");
  const tables = [...referenceTables(evidence.call, dump), ...otherBases(evidence, rotations[0])];
  const isFew = rotations.length > 0 && rotations.length <= 4;
  const replaced = isFew ? tables.flatMap((table) => replacedTable(rotations, table, evidence)) : [];
  return [...replaced, ...insertedRotation(evidence, rotations)];
}

/** Rotation of queries, keys or both where the port has none; by plain tables where the reference shows none of its own. */
function insertedRotation(evidence: Evidence, rotations: readonly OpRecord[]): Variant[] {
  const { segment, call, dump } = evidence;
  const attention = segment.records.find(({ op }) => /attention/i.test(op));
  const writing = segment.records.find(({ op }) => op === "writeKVCache");
  if (!attention || !writing) return [];
  const isTurned = ({ inputs }: OpRecord): boolean =>
    rotations.some(({ outputs }) => outputs[0]!.storage === inputs[0]!.storage);
  const bare = [attention, writing].filter((record) => !isTurned(record));
  const names = bare.map((record) => (record === attention ? "queries" : "keys")).join(" and ");
  if (bare.length === 0) return [];
  const shown = referenceTables(call, dump);
  const tables = shown.length > 0 ? shown : plainTables(evidence, attention.inputs[0]!.size(-1));
  return tables.flatMap((table) =>
    (["neox", "gptj"] as const).map((style) => {
      const turn = (record: OpRecord) => {
        const x = record.inputs[0]!;
        const scratch = segment.tracing.scratch(x.shape);
        const { numTokens, tracing } = segment;
        const rotate = (): void =>
          tracing.write(scratch, rotated(tracing.read(x), x.size(-1), numTokens, table, style));
        return [rotate, { ...record, inputs: [scratch, ...record.inputs.slice(1)] }];
      };
      return {
        text: `rotating ${names} (rotaryEmbedding, style ${style}${shown.length > 0 ? "" : `, ${2 * table.half} elements of each head, ${table.from}`}) before ${where(attention)}, which the port does not do,`,
        changes: new Map(bare.map((record) => [record, turn(record)])),
        kind: "rotation",
      };
    }),
  );
}

/** The reference's tables near a place: what its attention is given, else what its rotary modules give. */
function referenceTables(call: string, dump: Dump): Table[] {
  const parent = moduleOf(call).replace(/\.[^.]*$/, "");
  const around = dump.calls.filter((name) => moduleOf(name) === parent);
  const rotary = dump.calls.filter((name) => /rot/i.test(dump.classOf(name)));
  const tables: Table[] = [];
  for (const name of [...around, ...rotary]) {
    const keys = dump.keys(name).filter((key) => (around.includes(name) ? key.includes(":in.") : key.includes(":out")));
    keys.forEach((key, i) => {
      const both = complexRows(key, dump);
      const [cos, sin] = both ?? [dump.rows(key), keys[i + 1] === undefined ? undefined : dump.rows(keys[i + 1]!)];
      if (!cos || !sin || cos.length !== sin.length || !isUnit(cos, sin)) return;
      tables.push(halved(cos, sin, dump.ids.length, name));
    });
  }
  return tables;
}

/** cos and sin of complex numbers, which the script writes as pairs: [1, numTokens, half, 2]. */
function complexRows(key: string, dump: Dump): [Float32Array, Float32Array] | undefined {
  const rows = dump.rows(key);
  if (!rows || dump.shape(key).length !== 4 || dump.shape(key).at(-1) !== 2) return undefined;
  const pick = (part: number): Float32Array =>
    Float32Array.from({ length: rows.length / 2 }, (_, i) => rows[2 * i + part]!);
  return [pick(0), pick(1)];
}

/** cos² + sin² is one number everywhere, and position 0 is not turned. */
function isUnit(cos: Float32Array, sin: Float32Array): boolean {
  const radius = cos[0]! ** 2;
  return (
    radius > 1e-3 &&
    cos.every((c, i) => Math.abs(c * c + sin[i]! ** 2 - radius) < 1e-3 * radius) &&
    Math.abs(sin[0]!) < 1e-6
  );
}

/** Tables of the reference hold each number twice: as halves, or in pairs. Some hold it once. */
function halved(cos: Float32Array, sin: Float32Array, numTokens: number, from: string): Table {
  const width = cos.length / numTokens;
  const half = width / 2;
  const at = (i: number, j: number): number => i * width + j;
  const every = (test: (i: number, j: number) => boolean): boolean => {
    for (let i = 0; i < numTokens; i++) for (let j = 0; j < half; j++) if (!test(i, j)) return false;
    return width % 2 === 0;
  };
  const isHalves = every((i, j) => Math.abs(cos[at(i, j)]! - cos[at(i, j + half)]!) < 1e-6);
  const isPairs = !isHalves && every((i, j) => Math.abs(cos[at(i, 2 * j)]! - cos[at(i, 2 * j + 1)]!) < 1e-6);
  if (!isHalves && !isPairs) return { half: width, cos, sin, from };
  const pick = (x: Float32Array): Float32Array =>
    Float32Array.from(
      { length: numTokens * half },
      (_, n) => x[at(Math.floor(n / half), (isPairs ? 2 : 1) * (n % half))]!,
    );
  return { half, cos: pick(cos), sin: pick(sin), from };
}

/** Plain tables with other bases and widths than the port's. */
function otherBases(evidence: Evidence, rotation: OpRecord | undefined): Table[] {
  return rotation ? plainTables(evidence, rotation.inputs[1]!.size(-1), rotation.inputs[2]!.size(1)) : [];
}

/** Tables of usual bases and those in the config, for whole heads and parts of them. */
function plainTables(evidence: Evidence, headDim: number, ...more: number[]): Table[] {
  const named = (pattern: RegExp): number[] =>
    evidence.numbers().flatMap(({ name, value }) => (pattern.test(name) && value > 1 ? [value] : []));
  const { numTokens } = evidence.segment;
  const widths = [headDim, headDim / 2, headDim / 4, ...more, ...named(/rot.*(dim|ndims)/i)];
  return [...new Set([...named(/theta|base/i), 10_000, 500_000, 1_000_000])].flatMap((base) =>
    widths
      .filter((width, i) => Number.isInteger(width / 2) && width <= headDim && widths.indexOf(width) === i)
      .map((width) => {
        const angles = Float64Array.from({ length: (numTokens * width) / 2 }, (_, n) => {
          const [t, i] = [Math.floor(n / (width / 2)), n % (width / 2)];
          return t * base ** ((-2 * i) / width);
        });
        return {
          half: width / 2,
          cos: Float32Array.from(angles, Math.cos),
          sin: Float32Array.from(angles, Math.sin),
          from: `base ${base}`,
        };
      }),
  );
}

function replacedTable(rotations: readonly OpRecord[], table: Table, { segment }: Evidence): Variant[] {
  const { half, cos, sin, from } = table;
  const [first] = rotations as [OpRecord, ...OpRecord[]];
  if (2 * half > first.inputs[1]!.size(-1)) return [];
  const values = new Float32Array(segment.numTokens * 2 * half);
  for (let t = 0; t < segment.numTokens; t++) {
    values.set(cos.subarray(t * half, (t + 1) * half), 2 * half * t);
    values.set(sin.subarray(t * half, (t + 1) * half), 2 * half * t + half);
  }
  const cosSin = segment.tracing.scratchParameter([segment.numTokens, 2 * half], values);
  const own = ownTable(first, segment.tracing.read(first.inputs[2]!));
  const isReference = !from.startsWith("base");
  const text = `${isReference ? `the reference's cosines and sines (${from}): ` : ""}${describe(table, own)}, in ${where(first)},`;
  const groups = rotations.length > 1 ? [rotations, ...rotations.map((r) => [r])] : [rotations];
  return groups.flatMap((group) =>
    ["as it is", "neox", "gptj"].map((style) => ({
      text: style === "as it is" ? text : `style ${style} with ${text}`,
      changes: new Map(
        group.map((r) => [
          r,
          [
            {
              ...r,
              inputs: [r.inputs[0]!, r.inputs[1]!, cosSin],
              attributes: style === "as it is" ? r.attributes : { ...r.attributes, style },
            },
          ],
        ]),
      ),
      kind: "table",
      isPlain: isReference && style === "as it is",
    })),
  );
}

function ownTable(rotation: OpRecord, values: Float32Array): Table {
  const width = rotation.inputs[2]!.size(1);
  const half = width / 2;
  const pick = (start: number): Float32Array =>
    Float32Array.from(
      { length: (values.length / width) * half },
      (_, n) => values[Math.floor(n / half) * width + start + (n % half)]!,
    );
  return { half, cos: pick(0), sin: pick(half), from: "" };
}

/** What two tables differ in: width, base, amplitude, or else frequencies. */
function describe(wanted: Table, own: Table): string {
  if (wanted.half !== own.half) return `${2 * wanted.half} rotated elements of each head instead of ${2 * own.half}`;
  const radius = ({ cos }: Table): number => Math.abs(cos[0]!);
  if (Math.abs(radius(wanted) - radius(own)) > 1e-4)
    return `an attention factor of ${radius(wanted).toFixed(4)} instead of ${radius(own).toFixed(4)}`;
  const [a, b] = [base(wanted), base(own)];
  if (a !== undefined && b !== undefined && Math.abs(a / b - 1) > 1e-3)
    return `base ${round(a)} instead of ${round(b)}`;
  return b === undefined || a === undefined ? "other frequencies (rope scaling)" : "other angles";
}

/** The base if frequencies are its plain powers. */
function base({ half, cos, sin }: Table): number | undefined {
  if (half < 2 || cos.length < 2 * half) return undefined;
  const frequency = (i: number): number => Math.atan2(sin[half + i]!, cos[half + i]!);
  const found = (1 / frequency(1)) ** half;
  const last = half - 1;
  const isPlain = Math.abs(frequency(0) - 1) < 1e-4 && Math.abs(frequency(last) / found ** (-last / half) - 1) < 1e-2;
  return isPlain && Number.isFinite(found) ? found : undefined;
}

function round(value: number): number {
  const rough = Number(value.toPrecision(3));
  return Math.abs(rough / value - 1) < 2e-3 ? rough : Number(value.toPrecision(5));
}

/** x [numTokens, …, headDim] with its first 2 * half elements of each head turned. */
function rotated(
  x: Float32Array,
  headDim: number,
  numTokens: number,
  { half, cos, sin }: Table,
  style: "neox" | "gptj",
): Float32Array {
  const out = Float32Array.from(x);
  const heads = x.length / numTokens / headDim;
  if (2 * half > headDim) return out;
  for (let t = 0; t < numTokens; t++)
    for (let h = 0; h < heads; h++)
      for (let i = 0; i < half; i++) {
        const at = (t * heads + h) * headDim;
        const [p, q] = style === "neox" ? [at + i, at + i + half] : [at + 2 * i, at + 2 * i + 1];
        const [c, s] = [cos[t * half + i]!, sin[t * half + i]!];
        out[p] = x[p]! * c - x[q]! * s;
        out[q] = x[q]! * c + x[p]! * s;
      }
  return out;
}
