/** A term or a factor that one side has and the other has not: what the two values differ by is a value of the reference. */
import { pickColumns } from "../reference/segment.js";
import type { Cause, Evidence, Neighbour } from "./evidence.js";
import { sumOf } from "./sums.js";

const gates: readonly (readonly [name: string, f: (x: number) => number])[] = [
  ["", (x) => x],
  ["the sigmoid of ", (x) => 1 / (1 + Math.exp(-x))],
  ["silu of ", (x) => x / (1 + Math.exp(-x))],
  ["1 + ", (x) => 1 + x],
  ["tanh of ", Math.tanh],
  ["relu of ", (x) => Math.max(0, x)],
  ["gelu (tanh) of ", (x) => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)))],
];

/** Differences and quotients of the two values, looked up among the reference's values around. */
export function missingPartCause(evidence: Evidence): Cause | undefined {
  const { got, wanted } = evidence.segment;
  const candidates = [...evidence.neighbours(), ...parts(evidence)];
  const difference = wanted.map((value, i) => value - got[i]!);
  const terms = sumOf(difference, candidates, 1e-3);
  if (terms) {
    const sum = terms.map(({ label, factor }) =>
      factor === 1 ? label : `${evidence.explainFactor(factor)} * ${label}`,
    );
    return { text: `the reference's value is the port's plus ${sum.join(" + ")}`, confirmed: true };
  }
  for (const { label, values } of candidates)
    for (const [name, f] of gates) {
      const factors = values.map(f);
      if (evidence.agrees(got.map((value, i) => value * factors[i]!)))
        return {
          text: `the reference's value is the port's times ${name}${label}: a gate that is not applied`,
          confirmed: true,
        };
      if (evidence.agrees(got.map((value, i) => value / factors[i]!)))
        return {
          text: `the port's value is the reference's times ${name}${label}: a gate that should not be applied`,
          confirmed: true,
        };
    }
  return undefined;
}

/** Parts of wider values that are as wide as the wrong one: halves of a product with its gate. */
function parts(evidence: Evidence): Neighbour[] {
  const { numTokens, wanted } = evidence.segment;
  const width = wanted.length / numTokens;
  const isNear = (call: string): boolean => call !== evidence.call;
  return evidence
    .nearCalls()
    .filter(isNear)
    .slice(-40)
    .flatMap((call) =>
      evidence.dump.keys(call).flatMap((key) => {
        const all = key.includes(":out") ? evidence.dump.rows(key) : undefined;
        const total = all ? all.length / numTokens : 0;
        if (!all || total <= width || total % width !== 0 || total / width > 8) return [];
        return Array.from({ length: total / width }, (_, n) => {
          const columns = Array.from({ length: width }, (__, i) => n * width + i);
          const label = `columns ${n * width} to ${(n + 1) * width - 1} of ${call}:out`;
          return { label, values: pickColumns(all, numTokens, columns) };
        });
      }),
    );
}
