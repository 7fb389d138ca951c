/** The ops between values that are known from the reference and one that is to be judged: what to look for a mistake in. */
import type { OpRecord } from "../../../platform/platform.js";
import { Parameter } from "../../../tensor/parameter.js";
import type { Tensor } from "../../../tensor/tensor.js";
import type { TracingPlatform } from "../../../worker/tracing-platform.js";
import { distance } from "./difference.js";

/** One step of a variant: an op of the port, as it is or changed, or arithmetic done here. */
export type VariantStep = OpRecord | (() => void);

/** A value of the port that was set to the reference's. */
export interface KnownValue {
  /** Calls of the reference: "model.layers.0.self_attn.q_proj:out". */
  readonly labels: readonly string[];
  readonly tensor: Tensor;
  /** Which columns of the tensor a label is about; those that are not here are about all. */
  readonly columns: ReadonlyMap<string, readonly number[]>;
}

export interface SegmentParts {
  readonly tracing: TracingPlatform;
  /** In order; the last one makes the target, or the list is empty (the target is a known value itself). */
  readonly records: readonly OpRecord[];
  readonly known: readonly KnownValue[];
  /** The port's value, [numTokens, …]. */
  readonly target: Tensor;
  /** Which of the target's columns are judged, in which order; undefined: all. */
  readonly columns?: readonly number[] | undefined;
  /** The reference's value, [numTokens, features]. */
  readonly wanted: Float32Array;
  readonly numTokens: number;
}

export class Segment {
  readonly tracing: TracingPlatform;
  readonly records: readonly OpRecord[];
  readonly known: readonly KnownValue[];
  readonly target: Tensor;
  readonly wanted: Float32Array;
  readonly numTokens: number;
  /** The port's own value. */
  readonly got: Float32Array;
  /** Distance of `got` from `wanted`. */
  readonly distance: number;
  private readonly columns: readonly number[] | undefined;

  constructor(parts: SegmentParts) {
    this.tracing = parts.tracing;
    this.records = parts.records;
    this.known = parts.known;
    this.target = parts.target;
    this.wanted = parts.wanted;
    this.numTokens = parts.numTokens;
    this.columns = parts.columns;
    this.got = this.readTarget();
    this.distance = distance(this.got, this.wanted);
  }

  /** The judged columns of the port's value as it is now. */
  readTarget(): Float32Array {
    return pickColumns(this.tracing.read(this.target), this.numTokens, this.columns);
  }

  /**
   * Runs a variant of the records and gives what comes out; undefined where it cannot run. Values that records made are the
   * variant's afterwards, those known from the reference stay.
   */
  async run(steps: readonly VariantStep[]): Promise<Float32Array | undefined> {
    const made = steps.filter((step): step is OpRecord => typeof step !== "function" && !this.records.includes(step));
    try {
      for (const step of steps)
        if (typeof step === "function") step();
        else await this.tracing.runRecords([step]);
      return this.readTarget();
    } catch {
      return undefined;
    } finally {
      this.tracing.forget(made);
    }
  }

  /** Puts the port's own values back. */
  async restore(): Promise<void> {
    if (this.records.length > 0) await this.run(this.records);
  }

  /** The records with one replaced: by another record, or by arithmetic. */
  replaced(record: OpRecord, ...by: readonly VariantStep[]): VariantStep[] {
    return this.records.flatMap<VariantStep>((other) => (other === record ? by : [other]));
  }
}

/** Columns of a [numTokens, …] list. */
export function pickColumns(
  values: Float32Array,
  numTokens: number,
  columns: readonly number[] | undefined,
): Float32Array {
  if (!columns) return values;
  const width = values.length / numTokens;
  const out = new Float32Array(numTokens * columns.length);
  for (let t = 0; t < numTokens; t++)
    for (let i = 0; i < columns.length; i++) out[t * columns.length + i] = values[t * width + columns[i]!]!;
  return out;
}

/** The list with some of its columns replaced by those of another. */
export function withColumns(
  values: Float32Array,
  numTokens: number,
  columns: readonly number[] | undefined,
  part: Float32Array,
): Float32Array {
  if (!columns) return part;
  const width = values.length / numTokens;
  const out = Float32Array.from(values);
  for (let t = 0; t < numTokens; t++)
    columns.forEach((column, i) => (out[t * width + column] = part[t * columns.length + i]!));
  return out;
}

/** Who made what in a program, and which values are known from the reference. */
export class Ancestry {
  private readonly makers = new Map<number, OpRecord[]>();
  private readonly known = new Map<
    number,
    { labels: Set<string>; tensor: Tensor; columns: Map<string, readonly number[]> }
  >();

  /** Call before a record runs or when a program begins: storages must have their addresses. */
  add(record: OpRecord): void {
    // An op without outputs writes into what it is given: a cache.
    const written = record.outputs.length > 0 ? record.outputs : record.inputs.filter((input) => isCache(input));
    for (const { storage } of written) {
      const list = this.makers.get(storage.address!) ?? [];
      if (!list.includes(record)) list.push(record);
      this.makers.set(storage.address!, list);
    }
  }

  markKnown(tensor: Tensor, label: string, columns?: readonly number[]): void {
    const { address } = tensor.storage;
    const entry = this.known.get(address!) ?? { labels: new Set(), tensor, columns: new Map() };
    entry.labels.add(label);
    const [start, end] = columnRange(tensor);
    const isPart = end - start < tensor.storage.bytes / 4 / Math.max(1, tensor.size(0));
    const own = columns ?? (isPart ? Array.from({ length: end - start }, (_, i) => start + i) : undefined);
    if (own) entry.columns.set(label, own);
    this.known.set(address!, entry);
  }

  isKnown(tensor: Tensor): boolean {
    return this.known.has(tensor.storage.address!);
  }

  /** The records from known values to `tensors`, in order, and those values. */
  slice(tensors: readonly Tensor[], order: (record: OpRecord) => number): { records: OpRecord[]; known: KnownValue[] } {
    const records = new Set<OpRecord>();
    const known = new Map<number, { value: KnownValue; read: [start: number, end: number][] }>();
    const visit = (tensor: Tensor, reader?: OpRecord): void => {
      const address = tensor.storage.address!;
      const value = this.known.get(address);
      if (value) {
        const entry = known.get(address) ?? { value: { ...value, labels: [...value.labels] }, read: [] };
        entry.read.push(columnRange(tensor));
        known.set(address, entry);
        return;
      }
      const makers = this.makers.get(address) ?? [];
      // Layers may share memory for their caches: a layer reads what it wrote itself.
      const own = isCache(tensor) ? makers.filter(({ scope }) => scope === reader?.scope) : makers;
      for (const record of own.length > 0 ? own : makers) {
        if (records.has(record)) continue;
        records.add(record);
        for (const input of record.inputs) if (!(input instanceof Parameter)) visit(input, record);
      }
    };
    for (const tensor of tensors) visit(tensor);
    return { records: [...records].sort((a, b) => order(a) - order(b)), known: [...known.values()].map(whatIsRead) };
  }
}

/** Columns of its storage's rows that a tensor is a view of. */
export function columnRange({ offset, strides, shape }: Tensor): [start: number, end: number] {
  const start = offset % Math.max(1, strides[0] ?? 1);
  return [start, start + shape.slice(1).reduce((a, b) => a * b, 1)];
}

/** Names of those parts alone that are read: of a product that holds queries, keys and values perhaps the values. */
function whatIsRead({ value, read }: { value: KnownValue; read: readonly [number, number][] }): KnownValue {
  const isRead = (label: string): boolean =>
    value.columns.get(label)?.some((column) => read.some(([start, end]) => column >= start && column < end)) ?? true;
  const labels = value.labels.filter(isRead);
  const outputs = labels.filter((label) => label.endsWith(":out"));
  return { ...value, labels: outputs.length > 0 ? outputs : labels };
}

/** A layer's cache: memory of its own, bytes without a meaning as numbers. */
function isCache(tensor: Tensor): boolean {
  return !(tensor instanceof Parameter) && tensor.storage.kind === "external" && tensor.owner === undefined;
}
