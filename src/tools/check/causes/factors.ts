/** Factors that the port does not apply, before an op that is not linear: scores, caps, norms. */
import type { Evidence } from "./evidence.js";
import type { Variant } from "./variants.js";

/** Variants in which a value that goes into the segment is multiplied by a number of the config. */
export function factorVariants(evidence: Evidence): Variant[] {
  const { tracing, records, known, numTokens } = evidence.segment;
  const first = records[0];
  if (!first) return [];
  const factors = new Set<number>();
  for (const { value } of evidence.numbers())
    if (value > 0 && value !== 1 && value < 1e6)
      for (const factor of [value, 1 / value, Math.sqrt(value), 1 / Math.sqrt(value)])
        factors.add(Number(factor.toPrecision(9)));
  const values = known.filter(({ tensor }) => tensor.dtype === "f32" && tensor.size(0) === numTokens).slice(0, 2);
  return values.flatMap(({ tensor }) => {
    const own = tracing.read(tensor);
    return [...factors].slice(0, 120).map((factor) => ({
      text: `multiplying ${evidence.describe(tensor)} by ${evidence.explainFactor(factor)} first`,
      changes: new Map([
        [
          first,
          [
            () =>
              tracing.write(
                tensor,
                own.map((x) => x * factor),
              ),
            first,
          ],
        ],
      ]),
      undo: () => tracing.write(tensor, own),
    }));
  });
}
