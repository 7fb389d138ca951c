/** Changes a segment's ops one at a time and runs them again: the change that makes the numbers agree is the likely cause. */
import { activationKinds } from "../../../ops/activation.js";
import type { OpRecord } from "../../../platform/platform.js";
import { referenceKernels } from "../../../platform/reference/kernels.js";
import { Parameter } from "../../../tensor/parameter.js";
import type { Tensor } from "../../../tensor/tensor.js";
import { distance } from "../reference/difference.js";
import type { Segment, VariantStep } from "../reference/segment.js";
import type { Cause, Evidence, NamedNumber } from "./evidence.js";

/** One changed form of a segment. */
export interface Variant {
  /** What is changed: "style gptj instead of neox in rotaryEmbedding of …". */
  readonly text: string;
  /** What takes the place of which records; records that are not in it stay. */
  readonly changes: ReadonlyMap<OpRecord, readonly VariantStep[]>;
  /** Puts values back that were known and had to be changed. */
  readonly undo?: () => void;
  /** What is changed, roughly: changes of different kinds are tried in pairs too. Undefined: alone only. */
  readonly kind?: string;
  /** Worth a pair even if alone it makes the numbers no better: what is taken away entirely. */
  readonly isPlain?: boolean;
}

interface Tried {
  readonly variant: Variant;
  readonly distance: number;
}

/** Values that a text attribute may have. */
const words: Readonly<Record<string, readonly string[]>> = {
  style: ["neox", "gptj"],
  kind: activationKinds,
  scoringFunc: ["softmax", "sigmoid"],
  groupScore: ["max", "topTwo"],
};

/** Attributes that say how memory is laid out: changing them would read beyond it. */
const structural =
  /num|size|dim|block|layout|dtype|start|offset|count|top_?k|group|kernel|state|expert|width|rank|stride|head|row|column|length|mode|sinks|alibi/i;

/** Most different runs in one search, and how long it may take. */
const maxRuns = 800;
const maxPairs = 400;
const maxMs = 8000;

/**
 * Runs variants, then pairs of those that may combine; the first that agrees is the cause.
 * @param likely texts of causes that were found elsewhere, without layer numbers: tried first
 */
export async function variantCause(
  evidence: Evidence,
  variants: readonly Variant[],
  likely: ReadonlySet<string>,
): Promise<Cause | undefined> {
  const { segment } = evidence;
  const end = performance.now() + maxMs;
  const isLikely = ({ text }: Variant): boolean => likely.has(withoutLayers(text));
  const ordered = [...variants.filter(isLikely), ...variants.filter((variant) => !isLikely(variant))];
  const tried: Tried[] = [];
  for (const variant of ordered.slice(0, maxRuns)) {
    const values = await segment.run(applied(segment, variant.changes));
    variant.undo?.();
    if (evidence.agrees(values)) return confirmed(variant.text);
    if (values) tried.push({ variant, distance: distance(values, segment.wanted) });
    if (performance.now() > end) break;
  }
  const pairs = bestOfEachKind(tried);
  let runs = 0;
  for (const [i, { variant: a }] of pairs.entries())
    for (const { variant: b } of pairs.slice(i + 1)) {
      if (a.kind === b.kind || [...a.changes.keys()].some((record) => b.changes.has(record))) continue;
      if (++runs > maxPairs || performance.now() > end) break;
      const values = await segment.run(applied(segment, new Map([...a.changes, ...b.changes])));
      a.undo?.();
      b.undo?.();
      if (evidence.agrees(values)) return confirmed(`${a.text}, and ${b.text}`);
    }
  await segment.restore();
  return undefined;
}

/** Of each kind the three that come nearest, and those that are plain. */
function bestOfEachKind(tried: readonly Tried[]): Tried[] {
  const kinds = new Map<string, Tried[]>();
  for (const entry of [...tried].sort((a, b) => a.distance - b.distance)) {
    const { kind, isPlain } = entry.variant;
    if (kind === undefined) continue;
    const list = kinds.get(kind) ?? [];
    if (list.length < 3 || isPlain === true) list.push(entry);
    kinds.set(kind, list);
  }
  return [...kinds.values()].flat().slice(0, 40);
}

/** The same text for all layers. */
export function withoutLayers(text: string): string {
  return text.replace(/\.\d+(?=\.|$| |,|:|\))/g, ".N");
}

function confirmed(text: string): Cause {
  return { text: `${text} makes the numbers agree`, variant: withoutLayers(text), confirmed: true };
}

function applied(segment: Segment, changes: Variant["changes"]): VariantStep[] {
  return segment.records.flatMap<VariantStep>((record) => [...(changes.get(record) ?? [record])]);
}

/** Changes of what an op is or takes: another function or style, inputs exchanged, the op left out. Few, and likely. */
export function opVariants(evidence: Evidence): Variant[] {
  const { segment } = evidence;
  const groups = alike(segment.records);
  return [
    ...groups.flatMap((group) => attributeVariants(group, evidence, "string")),
    ...segment.records.flatMap((record) => swapVariants(record, evidence)),
    ...exchangedWeights(segment.records),
    ...groups.flatMap((group) => bypassVariants(group, evidence)),
  ];
}

/** Other numbers in the ops: scales, windows, caps. Many. */
export function numberVariants(evidence: Evidence): Variant[] {
  return alike(evidence.segment.records).flatMap((group) => attributeVariants(group, evidence, "number"));
}

/** Records of one op with equal attributes are changed together (queries and keys), and alone. */
function alike(records: readonly OpRecord[]): OpRecord[][] {
  const groups = new Map<string, OpRecord[]>();
  for (const record of records) {
    const key = `${record.op} ${JSON.stringify(record.attributes)}`;
    groups.set(key, [...(groups.get(key) ?? []), record]);
  }
  return [...groups.values()].flatMap((group) =>
    group.length > 1 ? [group, ...group.map((record) => [record])] : [group],
  );
}

export function where({ op, scope }: OpRecord): string {
  return scope === "" ? op : `${op} of ${scope}`;
}

function attributeVariants(group: readonly OpRecord[], evidence: Evidence, type: "string" | "number"): Variant[] {
  const [first] = group as [OpRecord, ...OpRecord[]];
  // What other numbers do to an op from outside is not known.
  if (!Object.hasOwn(referenceKernels, first.op)) return [];
  return Object.entries(first.attributes).flatMap(([name, value]) => {
    const change = (to: number | string, shown: string): Variant => ({
      text: `${name} ${shown} instead of ${typeof value === "number" ? evidence.explain(value, name) : value} in ${where(first)}`,
      changes: new Map(group.map((r) => [r, [{ ...r, attributes: { ...r.attributes, [name]: to } }]])),
      kind: `${first.op}.${name}`,
      isPlain: typeof value === "string" || to === 0,
    });
    if (typeof value !== type) return [];
    if (typeof value === "string") return (words[name] ?? []).filter((w) => w !== value).map((w) => change(w, w));
    if (structural.test(name)) return [];
    return otherNumbers(value, name, evidence.numbers()).map((n) =>
      change(n.value, n.name === "" ? `${n.value}` : evidence.explain(n.value, name)),
    );
  });
}

/** Numbers that an attribute may have been meant to be. */
function otherNumbers(value: number, name: string, numbers: readonly NamedNumber[]): NamedNumber[] {
  const isCount = /window|chunk/i.test(name);
  const found = new Map<number, string>();
  const add = (number: number, label: string): void => {
    if (number !== value && Number.isFinite(number) && !found.has(number) && (!isCount || Number.isInteger(number)))
      found.set(number, label);
  };
  for (const number of [0, 1, ...(Number.isInteger(value) ? [value - 1, value + 1] : [])])
    if (number >= 0) add(number, "");
  for (const { value: v, name: label } of numbers) {
    if (Math.abs(v) > 1e9) continue;
    add(v, label);
    if (isCount)
      for (const shifted of [v - 1, v + 1]) if (shifted >= 0) add(shifted, `${label} ${shifted > v ? "+" : "-"} 1`);
    if (isCount || v <= 0) continue;
    add(1 / Math.sqrt(v), label);
    add(1 / v, label);
    add(Math.sqrt(v), label);
    add(value * v, label);
    add(value / v, label);
  }
  return [...found].map(([number, label]) => ({ value: number, name: label }));
}

/** The two halves of a gate/up product, and inputs of one shape, in the other order. */
function swapVariants(record: OpRecord, evidence: Evidence): Variant[] {
  const { segment } = evidence;
  const { inputs, op } = record;
  const variants: Variant[] = [];
  if (op === "gatedActivation") {
    const x = inputs[0]!;
    const scratch = segment.tracing.scratch(x.shape);
    const swapHalves = (): void => segment.tracing.write(scratch, halvesSwapped(segment.tracing.read(x), x.size(-1)));
    const base = (attributes = record.attributes): readonly VariantStep[] => [
      swapHalves,
      { ...record, attributes, inputs: [scratch, ...inputs.slice(1)] },
    ];
    variants.push({ text: `gate and up swapped in ${where(record)}`, changes: new Map([[record, base()]]) });
    for (const kind of activationKinds)
      if (kind !== record.attributes["kind"])
        variants.push({
          text: `gate and up swapped, and ${kind} instead of ${record.attributes["kind"]}, in ${where(record)}`,
          changes: new Map([[record, base({ ...record.attributes, kind })]]),
        });
  }
  for (const [i, a] of inputs.entries())
    for (const [k, b] of inputs.entries()) {
      const isPair = k > i && isStep(a) && isStep(b) && String(a.shape) === String(b.shape);
      if (!isPair || a.dtype !== b.dtype || op === "add" || op === "mul") continue;
      const swapped = inputs.map((input, n) => (n === i ? b : n === k ? a : input));
      variants.push({
        text: `${evidence.describe(a)} and ${evidence.describe(b)} exchanged in ${where(record)}`,
        changes: new Map([[record, [{ ...record, inputs: swapped }]]]),
      });
    }
  return variants;
}

function halvesSwapped(values: Float32Array, width: number): Float32Array {
  const out = new Float32Array(values.length);
  const half = width / 2;
  for (let at = 0; at < values.length; at += width) {
    out.set(values.subarray(at + half, at + width), at);
    out.set(values.subarray(at, at + half), at + half);
  }
  return out;
}

/** Two ops of one kind with each other's weights. */
function exchangedWeights(records: readonly OpRecord[]): Variant[] {
  const variants: Variant[] = [];
  for (const [i, a] of records.entries())
    for (const b of records.slice(i + 1)) {
      if (a.op !== b.op || a.inputs.length !== b.inputs.length) continue;
      const isExchanged = (k: number): boolean =>
        a.inputs[k] instanceof Parameter &&
        a.inputs[k] !== b.inputs[k] &&
        String(a.inputs[k]!.shape) === String(b.inputs[k]!.shape);
      if (!a.inputs.some((_, k) => isExchanged(k))) continue;
      const take = (own: OpRecord, other: OpRecord): OpRecord => ({
        ...own,
        inputs: own.inputs.map((input, k) => (isExchanged(k) ? other.inputs[k]! : input)),
      });
      variants.push({
        text: `the weights of ${where(a)} and ${where(b)} exchanged`,
        changes: new Map([
          [a, [take(a, b)]],
          [b, [take(b, a)]],
        ]),
      });
    }
  return variants.slice(0, 20);
}

/** The op left out: one of its inputs goes on as it is. */
function bypassVariants(group: readonly OpRecord[], evidence: Evidence): Variant[] {
  const { tracing } = evidence.segment;
  const [first] = group as [OpRecord, ...OpRecord[]];
  const output = first.outputs[0];
  if (!output || first.outputs.length !== 1) return [];
  return first.inputs.flatMap((input, i) => {
    if (!isStep(input) || input.dtype !== "f32" || input.numElements !== output.numElements) return [];
    const others = first.inputs.filter((other, k) => k !== i && isStep(other) && other.dtype === "f32");
    const pass = (r: OpRecord) => [() => tracing.write(r.outputs[0]!, tracing.read(r.inputs[i]!))];
    return [
      {
        text:
          others.length > 0
            ? `leaving ${others.map((other) => evidence.describe(other)).join(", ")} out of ${where(first)}`
            : `leaving out ${where(first)}`,
        changes: new Map(group.map((r) => [r, pass(r)])),
        kind: `without ${first.op}`,
        isPlain: group.length > 1,
      },
    ];
  });
}

/** A value of the step, not a weight or a cache. */
export function isStep(tensor: Tensor): boolean {
  return !(tensor instanceof Parameter) && tensor.owner !== undefined;
}
