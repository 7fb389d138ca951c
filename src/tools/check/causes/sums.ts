/** Writes a value as a sum of a few others with factors: what a residual stream is made of. */
import { distance } from "../reference/difference.js";
import type { Cause, Evidence, Neighbour } from "./evidence.js";

export interface Term {
  readonly label: string;
  readonly factor: number;
}

const maxSamples = 600;

/** The shortest sum of at most three neighbours that is `values`; undefined if there is none. */
export function sumOf(values: Float32Array, neighbours: readonly Neighbour[], tolerance: number): Term[] | undefined {
  const step = Math.max(1, Math.floor(values.length / maxSamples));
  const samples = Array.from({ length: Math.floor(values.length / step) }, (_, i) => i * step + (i % step));
  const dot = (a: Float32Array, b: Float32Array): number => samples.reduce((sum, i) => sum + a[i]! * b[i]!, 0);
  const gram = neighbours.map((a) => neighbours.map((b) => dot(a.values, b.values)));
  const right = neighbours.map((a) => dot(a.values, values));
  const total = dot(values, values);
  if (!(total > 0)) return undefined;
  for (const size of [1, 2, 3]) {
    const fits: { chosen: number[]; factors: number[]; plain: number }[] = [];
    for (const chosen of subsets(neighbours.length, size)) {
      const factors = solve(
        chosen.map((i) => chosen.map((j) => gram[i]![j]!)),
        chosen.map((i) => right[i]!),
      );
      if (!factors || factors.some((factor) => Math.abs(factor) < 1e-4)) continue;
      const rest = total - chosen.reduce((sum, i, k) => sum + factors[k]! * right[i]!, 0);
      if (Math.abs(rest) / total > 1e-6) continue;
      const plain = factors.filter((factor) => Math.abs(factor - 1) < 1e-4).length;
      fits.push({ chosen, factors, plain });
    }
    for (const { chosen, factors } of fits.sort((a, b) => b.plain - a.plain).slice(0, 20)) {
      const rounded = factors.map((factor) =>
        Math.abs(factor - Math.round(factor)) < 1e-4 ? Math.round(factor) : factor,
      );
      const sum = values.map((_, i) => chosen.reduce((s, n, k) => s + rounded[k]! * neighbours[n]!.values[i]!, 0));
      if (distance(sum, values) > Math.max(tolerance, 1e-5)) continue;
      return chosen.map((n, k) => ({ label: neighbours[n]!.label, factor: rounded[k]! }));
    }
  }
  return undefined;
}

function* subsets(count: number, size: number, from = 0): Generator<number[]> {
  if (size === 0) return yield [];
  for (let i = from; i <= count - size; i++) for (const rest of subsets(count, size - 1, i + 1)) yield [i, ...rest];
}

/** Gauss with pivots; undefined when singular. */
function solve(matrix: number[][], right: number[]): number[] | undefined {
  const rows = matrix.map((row, i) => [...row, right[i]!]);
  const n = rows.length;
  for (let c = 0; c < n; c++) {
    let best = c;
    for (let r = c + 1; r < n; r++) if (Math.abs(rows[r]![c]!) > Math.abs(rows[best]![c]!)) best = r;
    [rows[c], rows[best]] = [rows[best]!, rows[c]!];
    const pivot = rows[c]![c]!;
    if (!(Math.abs(pivot) > 1e-9 * (matrix[c]![c]! || 1))) return undefined;
    for (let r = 0; r < n; r++) {
      if (r === c) continue;
      const factor = rows[r]![c]! / pivot;
      for (let k = c; k <= n; k++) rows[r]![k]! -= factor * rows[c]![k]!;
    }
  }
  return rows.map((row, i) => row[n]! / row[i]!);
}

/** "embed_tokens:out + 0.22 * o_proj:out" */
function formatSum(terms: readonly Term[], evidence: Evidence): string {
  return terms
    .map(({ label, factor }) => (factor === 1 ? label : `${evidence.explainFactor(factor)} * ${label}`))
    .join(" + ");
}

/** Compares what the port adds up with what the reference does. */
export function sumCause(evidence: Evidence): Cause | undefined {
  const { segment, tolerance } = evidence;
  const neighbours = evidence.neighbours();
  const wanted = sumOf(segment.wanted, neighbours, tolerance);
  const got = sumOf(segment.got, neighbours, tolerance);
  if (!wanted && !got) return undefined;
  if (!wanted) return { text: `the port's value is ${formatSum(got!, evidence)}`, confirmed: false };
  const reference = `the reference: ${formatSum(wanted, evidence)}`;
  if (!got) return { text: `in the reference it is ${formatSum(wanted, evidence)}`, confirmed: false };
  return {
    text: `${verdict(wanted, got, evidence)}; ${reference}; the port: ${formatSum(got, evidence)}`,
    confirmed: true,
  };
}

function verdict(wanted: readonly Term[], got: readonly Term[], evidence: Evidence): string {
  const inPort = new Map(got.map(({ label, factor }) => [label, factor]));
  const inReference = new Map(wanted.map(({ label, factor }) => [label, factor]));
  const missing = wanted.filter(({ label }) => !inPort.has(label));
  const extra = got.filter(({ label }) => !inReference.has(label));
  const scaled = wanted.filter(({ label, factor }) => inPort.has(label) && !isNear(inPort.get(label)!, factor));
  if (missing.length === 0 && extra.length === 0 && scaled.length === 1) {
    const { label, factor } = scaled[0]!;
    const other = inPort.get(label)!;
    return `a factor: ${label} is multiplied by ${evidence.explainFactor(factor)} in the reference, by ${evidence.explainFactor(other)} in the port`;
  }
  if (scaled.length === 0 && extra.length === 0)
    return `the port leaves out ${missing.map(({ label }) => label).join(", ")} (a residual that is not added, or only later: a parallel block)`;
  if (scaled.length === 0 && missing.length === 0)
    return `the port adds ${extra.map(({ label }) => label).join(", ")}, the reference does not`;
  const skipped =
    missing.length === 1 && extra.length === 1
      ? skippedModule(missing[0]!.label, extra[0]!.label, evidence)
      : undefined;
  return skipped ?? "another value goes in";
}

function isNear(a: number, b: number): boolean {
  return Math.abs(a - b) <= 1e-3 * Math.abs(b);
}

/** "norm:out" in the reference where the port has "norm:in": the module is skipped. */
function skippedModule(wanted: string, got: string, { dump }: Evidence): string | undefined {
  const [module, side] = [wanted.replace(/:[^:]*$/, ""), wanted.slice(wanted.lastIndexOf(":") + 1)];
  const [other, otherSide] = [got.replace(/:[^:]*$/, ""), got.slice(got.lastIndexOf(":") + 1)];
  const isInput = (label: string, of: string): boolean =>
    dump.keys(of).some((key) => key.includes(":in") && sameValues(key, label, dump));
  if (side.startsWith("out") && isInput(got, module)) return `${module} (${dump.classOf(module)}) is skipped`;
  if (otherSide.startsWith("out") && isInput(wanted, other))
    return `${other} (${dump.classOf(other)}) is applied here, in the reference it is not`;
  return undefined;
}

function sameValues(key: string, label: string, dump: Evidence["dump"]): boolean {
  const a = dump.rows(key);
  const b = dump.rows(`${label}.0`) ?? dump.rows(`${label}.hidden_states`) ?? dump.rows(label);
  return a !== undefined && b !== undefined && distance(a, b) < 1e-6;
}
