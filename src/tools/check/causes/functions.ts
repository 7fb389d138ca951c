/** Functions of each element that the port does not apply: a sigmoid of a gate, a square, an exponential. */
import type { Evidence } from "./evidence.js";
import type { Variant } from "./variants.js";
import { isStep, where } from "./variants.js";

const functions: readonly (readonly [name: string, f: (x: number) => number])[] = [
  ["sigmoid", (x) => 1 / (1 + Math.exp(-x))],
  ["silu", (x) => x / (1 + Math.exp(-x))],
  ["tanh", Math.tanh],
  ["relu", (x) => Math.max(0, x)],
  ["gelu (tanh)", (x) => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)))],
  ["1 + x", (x) => 1 + x],
  ["1 - x", (x) => 1 - x],
  ["-x", (x) => -x],
  ["the square", (x) => x * x],
  ["exp", Math.exp],
  ["softplus", (x) => Math.log1p(Math.exp(x))],
];

/** Ops that work element by element, so that a function before them is a likely thing to forget. */
const elementwise = new Set(["add", "mul", "scale", "softcap", "clamp", "activation", "gatedActivation", "copy"]);

/** Variants in which one input of an op first goes through a function. */
export function functionVariants(evidence: Evidence): Variant[] {
  const { tracing, records } = evidence.segment;
  return records
    .filter(({ op }) => elementwise.has(op))
    .flatMap((record) =>
      record.inputs.flatMap((input, i) => {
        if (!isStep(input) || input.dtype !== "f32") return [];
        const scratch = tracing.scratch(input.shape);
        const changed = { ...record, inputs: record.inputs.map((other, k) => (k === i ? scratch : other)) };
        return functions.map(([name, f]): Variant => {
          const apply = (): void => tracing.write(scratch, tracing.read(input).map(f));
          return {
            text: `${name} of ${evidence.describe(input)} before ${where(record)}, which the port does not apply,`,
            changes: new Map([[record, [apply, changed]]]),
          };
        });
      }),
    );
}
