/** What can be read off two lists of numbers alone: a factor, a constant, a function of each element, another order. */
import { activationKinds } from "../../../ops/activation.js";
import { distance } from "../reference/difference.js";
import type { Cause, Evidence } from "./evidence.js";

/** A factor, or a constant per feature. */
export function affineCause(evidence: Evidence): Cause | undefined {
  const { wanted, got, numTokens } = evidence.segment;
  if (got.every((x) => x === 0)) return { text: "the port's value is zero everywhere", confirmed: false };
  const factor = dot(got, wanted) / dot(got, got);
  if (evidence.agrees(got.map((x) => x * factor)))
    return {
      text: `a missing factor: the reference is ${evidence.explainFactor(factor)} times the port (the port ${evidence.explainFactor(1 / factor)} times the reference)`,
      confirmed: true,
    };
  const features = wanted.length / numTokens;
  if (numTokens < 3) return undefined;
  const added = Float32Array.from({ length: features }, (_, j) => wanted[j]! - got[j]!);
  if (evidence.agrees(got.map((x, i) => x + added[i % features]!)))
    return {
      text: "a constant is added to each feature: a bias that one side has and the other has not",
      confirmed: true,
    };
  const ratios = Float32Array.from({ length: features }, (_, j) => columnRatio(wanted, got, j, features));
  if (evidence.agrees(got.map((x, i) => x * ratios[i % features]!)))
    return {
      text: `each feature has a factor of its own (${[...ratios.subarray(0, 3)].map((r) => r.toPrecision(4)).join(", ")} …): a weight of a norm that is missing, or used otherwise`,
      confirmed: false,
    };
  const rows = Float32Array.from({ length: numTokens }, (_, t) => {
    const [a, b] = [got.subarray(t * features, (t + 1) * features), wanted.subarray(t * features, (t + 1) * features)];
    return dot(a, b) / dot(a, a);
  });
  if (evidence.agrees(got.map((x, i) => x * rows[Math.floor(i / features)]!)))
    return {
      text: `each token has a factor of its own (${[...rows.subarray(0, 3)].map((r) => r.toPrecision(4)).join(", ")} …): a norm or a softmax over other elements, or another epsilon`,
      confirmed: false,
    };
  return undefined;
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function columnRatio(wanted: Float32Array, got: Float32Array, column: number, features: number): number {
  let [ab, bb] = [0, 0];
  for (let i = column; i < wanted.length; i += features) [ab, bb] = [ab + got[i]! * wanted[i]!, bb + got[i]! ** 2];
  return ab / bb;
}

/** A function of each element of the port's value: a cap, an activation. */
export function unaryCause(evidence: Evidence): Cause | undefined {
  const { got } = evidence.segment;
  const functions: [string, (x: number) => number][] = activationKinds
    .map((kind) => [kind, activationFunction(kind)] as const)
    .flatMap(([kind, f]) => (f ? [[`the activation ${kind}`, f] as [string, (x: number) => number]] : []));
  functions.push(
    ["tanh", Math.tanh],
    ["sigmoid", (x) => 1 / (1 + Math.exp(-x))],
    ["its square", (x) => x * x],
    ["exp", Math.exp],
  );
  for (const { value, name } of evidence.numbers())
    if (value > 1e-3 && value < 1e6) {
      functions.push([`a soft cap, ${value} * tanh(x / ${value}) (${name})`, (x) => value * Math.tanh(x / value)]);
      functions.push([
        `an inverse soft cap at ${value} (${name}): the port caps, the reference does not`,
        (x) => value * Math.atanh(x / value),
      ]);
      functions.push([`a clamp to +-${value} (${name})`, (x) => Math.max(-value, Math.min(value, x))]);
    }
  for (const [text, f] of functions)
    if (evidence.agrees(got.map(f)))
      return { text: `the reference is the port's value after ${text}`, confirmed: true };
  return undefined;
}

/** Plain forms of the activations, for trying. */
function activationFunction(kind: string): ((x: number) => number) | undefined {
  const tanhGelu = (x: number): number => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)));
  const table: Record<string, (x: number) => number> = {
    relu: (x) => Math.max(0, x),
    relu2: (x) => Math.max(0, x) ** 2,
    silu: (x) => x / (1 + Math.exp(-x)),
    gelu_pytorch_tanh: tanhGelu,
    quick_gelu: (x) => x / (1 + Math.exp(-1.702 * x)),
  };
  return table[kind];
}

/** The same features in another order: whole blocks (heads), or rows and columns of blocks exchanged. */
export function orderCause(evidence: Evidence): Cause | undefined {
  const { wanted, got, numTokens } = evidence.segment;
  const features = wanted.length / numTokens;
  for (const size of blockSizes(evidence, features)) {
    const order = matchBlocks(got, wanted, features, size, evidence.tolerance);
    if (!order) continue;
    const shown = order.slice(0, 8).join(", ") + (order.length > 8 ? ", …" : "");
    return {
      text: `blocks of ${size} features stand in another order: the reference's are the port's ${shown} (heads exchanged, or rows of the weight in another layout)`,
      confirmed: true,
    };
  }
  for (let a = 2; a <= features / 2; a++) {
    if (features % a !== 0) continue;
    const b = features / a;
    const moved = got.map((_, n) => {
      const [t, j] = [Math.floor(n / features), n % features];
      return got[t * features + (j % a) * b + Math.floor(j / a)]!;
    });
    if (evidence.agrees(moved))
      return {
        text: `features are interleaved otherwise: the reference's order is the port's [${a}, ${b}] read column by column (a weight whose rows alternate, split as if they were stacked)`,
        confirmed: true,
      };
  }
  return undefined;
}

function blockSizes({ constructed, segment }: Evidence, features: number): number[] {
  const caches = segment.records.flatMap(({ attributes }) =>
    typeof attributes["headDim"] === "number" ? [attributes["headDim"]] : [],
  );
  const {
    head_dim: headDim,
    hidden_size: hidden,
    num_attention_heads: heads,
  } = constructed.raw as Record<string, number | undefined>;
  const sizes = [...caches, headDim, hidden && heads ? hidden / heads : undefined, features / 2, features / 3, 1];
  return [...new Set(sizes)].filter(
    (size): size is number =>
      size !== undefined &&
      Number.isInteger(size) &&
      features % size === 0 &&
      size < features &&
      features / size <= 4096,
  );
}

/** For each block of `wanted` the block of `got` that equals it; undefined unless each has one, and some differ from their own. */
function matchBlocks(
  got: Float32Array,
  wanted: Float32Array,
  features: number,
  size: number,
  tolerance: number,
): number[] | undefined {
  const count = features / size;
  const block = (x: Float32Array, n: number): Float32Array => {
    const out = new Float32Array((x.length / features) * size);
    for (let t = 0; t * features < x.length; t++)
      out.set(x.subarray(t * features + n * size, t * features + (n + 1) * size), t * size);
    return out;
  };
  const blocks = Array.from({ length: count }, (_, n) => block(got, n));
  const order: number[] = [];
  for (let n = 0; n < count; n++) {
    const target = block(wanted, n);
    const match =
      distance(blocks[n]!, target) < tolerance
        ? n
        : blocks.findIndex((b) => nearStart(b, target, tolerance) && distance(b, target) < tolerance);
    if (match < 0) return undefined;
    order.push(match);
  }
  return order.every((n, i) => n === i) ? undefined : order;
}

function nearStart(a: Float32Array, b: Float32Array, tolerance: number): boolean {
  return Math.abs(a[0]! - b[0]!) <= Math.max(1e-2, 100 * tolerance) * (1 + Math.abs(b[0]!));
}
