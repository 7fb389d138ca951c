/** Mistakes inside one module: its input is the reference's, its output is not. */
import type { OpRecord } from "../../../platform/platform.js";
import type { Tensor } from "../../../tensor/tensor.js";
import type { Dump } from "../reference/dump.js";
import { moduleOf } from "../reference/dump.js";
import type { Cause, Evidence } from "./evidence.js";

/** By the op that computes the module. */
export function leafCause(evidence: Evidence, record: OpRecord): Cause | undefined {
  if (record.op === "rmsNorm" || record.op === "layerNorm") return normCause(evidence, record);
  if (record.op === "embedding") return embeddingCause(evidence, record);
  if (record.op.startsWith("linear")) return linearCause(evidence, record);
  return undefined;
}

/** The number that the reference's module adds before the root, by its own field. */
export function referenceEps(dump: Dump, call: string): number | undefined {
  const attributes = dump.modules.get(moduleOf(call))?.attributes ?? {};
  const entry = Object.entries(attributes).find(([name, value]) => /eps/i.test(name) && typeof value === "number");
  return entry?.[1] as number | undefined;
}

/** Tries the forms that norms have, on the reference's own input. */
function normCause(evidence: Evidence, record: OpRecord): Cause | undefined {
  const { segment } = evidence;
  const input = record.inputs[0]!;
  const x = segment.tracing.read(input);
  const width = input.size(-1);
  const eps = Number(record.attributes["eps"]);
  const own = record.inputs.slice(1).map((parameter) => segment.tracing.read(parameter));
  const offset = Number(record.attributes["weightOffset"] ?? 0);
  // A layer norm with an offset is two ops: their weights are added.
  const more = segment.records
    .filter((other) => other !== record && other.op === record.op && other.inputs[0]!.storage === input.storage)
    .map((other) => segment.tracing.read(other.inputs[1]!));
  const weight = (own[0] ?? new Float32Array(width).fill(1)).map((w, i) =>
    more.reduce((sum, values) => sum + values[i % values.length]!, w + offset),
  );
  const bias = own[1];
  const epsilons = [...new Set([eps, referenceEps(evidence.dump, evidence.call) ?? eps, 1e-5, 1e-6, 1e-8, 1e-12, 0])];
  const widths = [width, x.length / segment.numTokens].filter((w, i, all) => all.indexOf(w) === i);
  const centred = record.op === "layerNorm";
  // The norm is right, and what the module does after it is not.
  if (evidence.agrees(norm(x, { width, mean: centred, epsilon: eps, weight, bias }))) return undefined;
  for (const size of widths)
    for (const mean of [centred, !centred])
      for (const [words, w, b] of [
        ["", weight, bias],
        ["(1 + weight) in place of weight", weight.map((v) => 1 + v), bias],
        ["weight in place of (1 + weight)", weight.map((v) => v - 1), bias],
        ["no weight", undefined, undefined],
        [bias ? "no bias" : "a bias that the port does not add", weight, undefined],
      ] as const) {
        const lacksBias = !bias && words.includes("bias");
        for (const epsilon of epsilons) {
          const changes = [
            ...(size === width ? [] : [`one norm over all ${size} elements instead of ${width} (each head)`]),
            ...(mean === centred
              ? []
              : [
                  mean
                    ? "a layer norm (the mean is taken off) instead of an RMS norm"
                    : "an RMS norm instead of a layer norm",
                ]),
            ...(words === "" ? [] : [words]),
            ...(epsilon === eps ? [] : [`epsilon ${epsilon} instead of ${eps}`]),
          ];
          if (changes.length === 0) continue;
          const plain = norm(x, { width: size, mean, epsilon, weight: w, bias: b });
          const values = lacksBias ? constantRows(plain, segment.wanted, segment.numTokens) : plain;
          if (evidence.agrees(values))
            return { text: `${changes.join(", ")}: makes the numbers agree`, confirmed: true };
        }
      }
  const solved = solveEps(x, segment.wanted, weight, width);
  if (solved !== undefined && !centred && Math.abs(solved / eps - 1) > 0.05)
    return {
      text: `epsilon: the reference's numbers were made with about ${solved.toPrecision(3)}, the port has ${eps}`,
      confirmed: false,
    };
  return undefined;
}

interface NormForm {
  readonly width: number;
  readonly mean: boolean;
  readonly epsilon: number;
  readonly weight: Float32Array | undefined;
  readonly bias: Float32Array | undefined;
}

function norm(x: Float32Array, { width, mean, epsilon, weight, bias }: NormForm): Float32Array {
  const out = new Float32Array(x.length);
  for (let at = 0; at < x.length; at += width) {
    let sum = 0;
    if (mean) for (let j = 0; j < width; j++) sum += x[at + j]!;
    const centre = sum / width;
    let squares = 0;
    for (let j = 0; j < width; j++) squares += (x[at + j]! - centre) ** 2;
    const factor = 1 / Math.sqrt(squares / width + epsilon);
    for (let j = 0; j < width; j++)
      out[at + j] =
        (x[at + j]! - centre) * factor * (weight ? weight[(at + j) % weight.length]! : 1) +
        (bias ? bias[(at + j) % bias.length]! : 0);
  }
  return out;
}

/** Epsilon from the quietest row, where it matters most. */
function solveEps(x: Float32Array, y: Float32Array, weight: Float32Array, width: number): number | undefined {
  let best: { square: number; eps: number } | undefined;
  for (let at = 0; at < x.length; at += width) {
    let [square, top, bottom] = [0, 0, 0];
    for (let j = 0; j < width; j++) {
      const plain = x[at + j]! * weight[(at + j) % weight.length]!;
      [square, top, bottom] = [square + x[at + j]! ** 2 / width, top + plain * y[at + j]!, bottom + plain * plain];
    }
    const eps = (bottom / top) ** 2 - square;
    if (!best || square < best.square) best = { square, eps };
  }
  return best && best.eps > 0 ? best.eps : undefined;
}

/** Another row of the table: positions that begin elsewhere. */
function embeddingCause(evidence: Evidence, record: OpRecord): Cause | undefined {
  const { segment } = evidence;
  const [ids, weight] = record.inputs as [Tensor, Tensor];
  const rows = Array.from(segment.tracing.read(ids));
  const table = segment.tracing.read(weight);
  const width = weight.size(1);
  const rowStart = Number(record.attributes["rowStart"]);
  for (const shift of [0, 1, -1, 2, -2, 3, -3]) {
    const values = new Float32Array(rows.length * width);
    rows.forEach((id, t) => {
      const row = id - rowStart + shift;
      if (row >= 0 && row < weight.size(0)) values.set(table.subarray(row * width, (row + 1) * width), t * width);
    });
    if (shift !== 0 && evidence.agrees(values))
      return {
        text: `rows of the table are ${Math.abs(shift)} ${shift > 0 ? "further down" : "further up"}: the offset of the ids (positions) is ${-rowStart + shift}, not ${-rowStart}`,
        confirmed: true,
      };
  }
  return undefined;
}

/** Which matrix of the checkpoint makes the reference's output of its input? */
function linearCause(evidence: Evidence, record: OpRecord): Cause | undefined {
  const { segment, constructed } = evidence;
  const { checkpoint } = constructed;
  const own =
    constructed.parameters.declared.find(({ parameter }) => parameter === record.inputs[1])?.spec.name ?? "its weight";
  if (!checkpoint) return undefined;
  const x = segment.tracing.read(record.inputs[0]!);
  const { numTokens, wanted } = segment;
  const ownBias = record.inputs[2] && segment.tracing.read(record.inputs[2]);
  const [inputs, outputs] = [x.length / numTokens, wanted.length / numTokens];
  for (const { name, shape, storage } of checkpoint.tensors.values()) {
    if (shape.length !== 2 || storage !== "f32" || !/weight|kernel/.test(name)) continue;
    for (const isTransposed of [false, true]) {
      if (shape[isTransposed ? 1 : 0] !== outputs || shape[isTransposed ? 0 : 1] !== inputs) continue;
      const bytes = new Uint8Array(4 * inputs * outputs);
      checkpoint.read(name, 0, bytes.length, bytes);
      const product = multiply(x, new Float32Array(bytes.buffer), { numTokens, inputs, outputs, isTransposed });
      const biased = ownBias && product.map((value, i) => value + ownBias[i % outputs]!);
      const isAsBiased = biased !== undefined && evidence.agrees(biased);
      const isPlain = !isAsBiased && evidence.agrees(product);
      if (!isAsBiased && !isPlain && !evidence.agrees(constantRows(product, wanted, numTokens))) continue;
      const how = isTransposed ? " transposed (stored as [inputs, outputs])" : "";
      const extra = ownBias ? "with another bias than the port's" : "with a bias that the port does not add";
      const none = ownBias ? ", without the bias that the port adds" : "";
      const bias = isAsBiased ? "" : isPlain ? none : `, ${extra}`;
      return {
        text: `the reference multiplies by "${name}"${how}${bias}; the port by ${own} as it lies there`,
        confirmed: true,
      };
    }
  }
  return undefined;
}

/** x W^T, or x W for a transposed one; a few tokens would do, but agreement is judged on all. */
function multiply(
  x: Float32Array,
  w: Float32Array,
  s: { numTokens: number; inputs: number; outputs: number; isTransposed: boolean },
): Float32Array {
  const out = new Float32Array(s.numTokens * s.outputs);
  const [stepO, stepI] = s.isTransposed ? [1, s.outputs] : [s.inputs, 1];
  for (let t = 0; t < s.numTokens; t++)
    for (let o = 0; o < s.outputs; o++) {
      let sum = 0;
      for (let i = 0; i < s.inputs; i++) sum += x[t * s.inputs + i]! * w[o * stepO + i * stepI]!;
      out[t * s.outputs + o] = sum;
    }
  return out;
}

/** The product, with the constant row added that the first token asks for; too few tokens would agree with any. */
function constantRows(product: Float32Array, wanted: Float32Array, numTokens: number): Float32Array {
  if (numTokens < 3) return product;
  const features = wanted.length / numTokens;
  return product.map((value, i) => value + wanted[i % features]! - product[i % features]!);
}
