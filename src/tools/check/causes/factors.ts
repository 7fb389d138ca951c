/** Numbers of the config that the port does not apply to what goes into an op that is not linear: factors, clamps, soft caps. */
import type { Evidence } from "./evidence.js";
import type { Variant } from "./variants.js";

/** Most factors that are tried. */
const maxFactors = 120;

type Change = readonly [text: string, f: (x: number) => number];

/** Variants in which a value that goes into the segment is first multiplied, clamped or capped. */
export function factorVariants(evidence: Evidence): Variant[] {
  const { tracing, records, known, numTokens } = evidence.segment;
  const first = records[0];
  if (!first) return [];
  const values = known.filter(({ tensor }) => tensor.dtype === "f32" && tensor.size(0) === numTokens).slice(0, 4);
  const variants = (tensors: typeof values, changes: readonly Change[]): Variant[] =>
    tensors.flatMap(({ tensor }) => {
      const own = tracing.read(tensor);
      return changes.map(([text, f]) => {
        const apply = (): void => tracing.write(tensor, own.map(f));
        return {
          text: text.replace("VALUE", evidence.describe(tensor)),
          changes: new Map([[first, [apply, first]]]),
          undo: () => tracing.write(tensor, own),
        };
      });
    });
  return [...variants(values, caps(evidence)), ...variants(values.slice(0, 2), factors(evidence))];
}

function caps(evidence: Evidence): Change[] {
  const named = evidence
    .numbers()
    .filter(({ value, name }) => value > 1e-3 && value < 1e6 && /clip|cap|limit|max|min|clamp/i.test(name));
  return named.flatMap(({ value, name }): Change[] => [
    [`clamping VALUE to +-${value} (${name}) first`, (x) => Math.max(-value, Math.min(value, x))],
    [`capping VALUE softly at ${value} (${name}) first`, (x) => value * Math.tanh(x / value)],
  ]);
}

function factors(evidence: Evidence): Change[] {
  const found = new Set<number>();
  for (const { value } of evidence.numbers())
    if (value > 0 && value !== 1 && value < 1e6)
      for (const factor of [value, 1 / value, Math.sqrt(value), 1 / Math.sqrt(value)])
        found.add(Number(factor.toPrecision(9)));
  return [...found]
    .slice(0, maxFactors)
    .map((factor) => [`multiplying VALUE by ${evidence.explainFactor(factor)} first`, (x) => x * factor]);
}
