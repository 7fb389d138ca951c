/**
 * What an op must move and compute, from its record alone: the least that any kernel could do. Time against these is a
 * kernel's distance from the roofline.
 *
 * Bytes: each tensor once, by its dtype (weights as they are stored); rows that are picked from a table (embedding,
 * rotary table) once per pick; the KV cache once per sequence, as far as it is attended; of experts, as many as even choices
 * touch. Operations: two per multiply-add;
 * a comparison, a square root, an exponential or a whole activation function is one.
 */
import type { CompiledOp, OpRecord } from "../platform/platform.js";
import { dtypeBytes } from "../tensor/dtype.js";
import type { Tensor } from "../tensor/tensor.js";

export interface Cost {
  readonly bytesRead: number;
  readonly bytesWritten: number;
  readonly flops: number;
}

/** One request's part of a step: what a record of attention does not know. */
export interface SequenceLengths {
  /** Rows of this step. */
  readonly numTokens: number;
  /** Tokens in the KV cache after this step. */
  readonly seqLen: number;
}

type CostOf = (record: OpRecord, sequences: readonly SequenceLengths[]) => Cost;

/**
 * Bytes and operations of each op of a program. What a fused op makes and reads itself is not read, and is written only if
 * another op reads it, or it lands at an address for good. An op that helps another (packing, merging) costs nothing of its
 * own: its record is counted once.
 *
 * @param ops       a compiled program's
 * @param sequences the step's requests
 */
export function programCosts(ops: readonly CompiledOp[], sequences: readonly SequenceLengths[]): Cost[] {
  const readers = new Map<number, Set<number>>();
  ops.forEach(({ records }, i) => {
    for (const { storage } of records.flatMap(({ inputs }) => inputs)) {
      const known = readers.get(storage.id);
      if (known) known.add(i);
      else readers.set(storage.id, new Set([i]));
    }
  });
  return ops.map((op, i) => {
    if (op.helps) return { bytesRead: 0, bytesWritten: 0, flops: 0 };
    const made = new Set<number>();
    let [bytesRead, bytesWritten, flops] = [0, 0, 0];
    for (const record of op.records) {
      const cost = recordCost(record, sequences);
      flops += cost.flops;
      bytesRead += cost.bytesRead;
      bytesWritten += cost.bytesWritten;
      for (const input of record.inputs) if (made.has(input.storage.id)) bytesRead -= input.bytes;
      for (const { storage } of record.outputs) made.add(storage.id);
    }
    for (const output of op.records.flatMap(({ outputs }) => outputs)) {
      const ids = readers.get(output.storage.id);
      const isInner = output.storage.address === undefined && ids !== undefined && ids.size === 1 && ids.has(i);
      if (isInner) bytesWritten -= output.bytes;
    }
    return { bytesRead, bytesWritten, flops };
  });
}

/** One record alone. An op that is not known here moves its tensors and computes nothing. */
export function recordCost(record: OpRecord, sequences: readonly SequenceLengths[]): Cost {
  const { op, custom, inputs, outputs, attributes } = record;
  if (custom) return { ...elementwise(1)(record, sequences), ...custom.cost?.(inputs, outputs, attributes) };
  const costOf = Object.hasOwn(costs, op) ? costs[op]! : elementwise(0);
  return costOf(record, sequences);
}

/** The ops whose cost is known, for a test that holds the list complete. */
export function opsWithCost(): string[] {
  return Object.keys(costs);
}

const costs: Readonly<Record<string, CostOf>> = {
  embedding: (record) => {
    const [ids, weight] = record.inputs as [Tensor, Tensor];
    const bytesRead = ids.bytes + ids.numElements * weight.size(1) * dtypeBytes[weight.dtype];
    return { bytesRead, bytesWritten: bytes(record.outputs), flops: 0 };
  },
  linear: linearCost,
  linearInt8: linearCost,
  expertLinear: expertCost,
  expertLinearInt8: expertCost,
  combineExperts: (record) => {
    const flops = 2 * record.inputs[0]!.numElements;
    return { bytesRead: bytes(record.inputs), bytesWritten: bytes(record.outputs), flops };
  },
  topkRouting: (record) => {
    const flops = 4 * record.inputs[0]!.numElements;
    return { bytesRead: bytes(record.inputs), bytesWritten: bytes(record.outputs), flops };
  },
  rmsNorm: elementwise(4),
  layerNorm: elementwise(7),
  activation: elementwise(1),
  gatedActivation: elementwise(2),
  clampedSwiglu: elementwise(7),
  add: elementwise(1),
  scale: elementwise(1),
  mul: elementwise(1),
  softcap: elementwise(3),
  quantizeActivations: elementwise(5),
  clamp: elementwise(2),
  copy: elementwise(0),
  rotaryEmbedding: (record) => {
    const [positions, x, cosSin] = record.inputs as [Tensor, Tensor, Tensor];
    const table = positions.numElements * cosSin.size(1) * dtypeBytes[cosSin.dtype];
    const rotated = positions.numElements * x.size(1) * cosSin.size(1);
    return { bytesRead: positions.bytes + x.bytes + table, bytesWritten: x.bytes, flops: 3 * rotated };
  },
  writeKVCache: (record) => {
    const [k, v, , slotMapping] = record.inputs as [Tensor, Tensor, Tensor, Tensor];
    const bytesWritten = (k.numElements + v.numElements) * cacheElementBytes(record);
    return { bytesRead: k.bytes + v.bytes + slotMapping.bytes, bytesWritten, flops: 0 };
  },
  writeLatents: (record) => {
    const [latent, rope, , slotMapping] = record.inputs as [Tensor, Tensor, Tensor, Tensor];
    const bytesWritten = (latent.numElements + rope.numElements) * cacheElementBytes(record);
    return { bytesRead: latent.bytes + rope.bytes + slotMapping.bytes, bytesWritten, flops: 0 };
  },
  headLinear: ({ inputs, outputs }) => {
    const [x, weight] = inputs as [Tensor, Tensor];
    return { bytesRead: bytes(inputs), bytesWritten: bytes(outputs), flops: 2 * x.size(0) * weight.numElements };
  },
  mlaAttention: (record, sequences) => {
    const [qLatent, qRope] = record.inputs as [Tensor, Tensor];
    const [headDim, latentDim] = [number(record, "headDim"), number(record, "latentDim")];
    let [tokens, pairs] = [0, 0];
    for (const { numTokens, seqLen } of sequences) {
      tokens += seqLen;
      pairs += visiblePairs(seqLen, Infinity) - visiblePairs(seqLen - numTokens, Infinity);
    }
    const flops = 2 * qLatent.size(1) * (headDim + latentDim) * pairs;
    const bytesRead = qLatent.bytes + qRope.bytes + tokens * headDim * cacheElementBytes(record);
    return { bytesRead, bytesWritten: bytes(record.outputs), flops };
  },
  pagedAttention: (record, sequences) => {
    const [q] = record.inputs as [Tensor];
    const window = number(record, "slidingWindow") || Infinity;
    const chunk = number(record, "attentionChunkSize") || Infinity;
    const perToken = 2 * number(record, "numKvHeads") * number(record, "headDim") * cacheElementBytes(record);
    let [tokens, pairs] = [0, 0];
    for (const { numTokens, seqLen } of sequences) {
      const first = seqLen - numTokens;
      const startOfChunk = Math.floor(first / chunk) * chunk || 0;
      tokens += Math.min(seqLen - startOfChunk, window + numTokens - 1);
      for (let start = startOfChunk; start < seqLen; start += chunk) {
        const [begin, end] = [Math.max(first - start, 0), Math.min(seqLen - start, chunk)];
        pairs += visiblePairs(end, window) - visiblePairs(begin, window);
      }
    }
    const flops = 4 * q.size(1) * q.size(2) * pairs;
    return { bytesRead: q.bytes + tokens * perToken, bytesWritten: bytes(record.outputs), flops };
  },
  causalConv1d: (record, sequences) =>
    stateCost(record, sequences, 2, 2 * (record.inputs[1]!.numElements / record.inputs[0]!.size(1)) + 1),
  selectiveScan: (record, sequences) => stateCost(record, sequences, 6, 7 * record.inputs[2]!.size(0) + 4),
  ssdScan: (record, sequences) => stateCost(record, sequences, 7, 5 * record.inputs[4]!.size(2) + 3),
  gatedRmsNorm: elementwise(6),
  gatherRows: (record) => {
    const picked = bytes(record.outputs);
    return { bytesRead: record.inputs[1]!.bytes + picked, bytesWritten: picked, flops: 0 };
  },
  sample: (record) => {
    const logits = record.inputs[0]!;
    return { bytesRead: logits.bytes, bytesWritten: 4 * logits.size(0), flops: logits.numElements };
  },
};

/** An op that reads its inputs, writes its outputs, and does so many operations per element of the output. */
function elementwise(flopsPerElement: number): CostOf {
  return ({ inputs, outputs }) => ({
    bytesRead: bytes(inputs),
    bytesWritten: bytes(outputs),
    flops: flopsPerElement * outputs.reduce((sum, { numElements }) => sum + numElements, 0),
  });
}

function linearCost({ inputs, outputs }: OpRecord): Cost {
  const [x, weight] = inputs as [Tensor, Tensor];
  return { bytesRead: bytes(inputs), bytesWritten: bytes(outputs), flops: 2 * x.size(0) * weight.numElements };
}

/** An op with a state per request: input number `at`, read and written once for each request; the rest moves once. */
function stateCost(record: OpRecord, sequences: readonly SequenceLengths[], at: number, flopsPerElement: number): Cost {
  const { inputs, outputs } = record;
  const states = 4 * sequences.length * inputs[at]!.size(1);
  const others = inputs.filter((_, i) => i < at || i > at + 4);
  const elements = outputs[0]!.numElements;
  return {
    bytesRead: bytes(others) + states,
    bytesWritten: bytes(outputs) + states,
    flops: flopsPerElement * elements,
  };
}

/** The experts that are touched on average when every token chooses evenly; what a step really touches is data. */
function expertCost({ inputs, outputs }: OpRecord): Cost {
  const [x, weight, ids, ...perExpert] = inputs as [Tensor, Tensor, Tensor, ...Tensor[]];
  const [numExperts, rows, columns] = weight.shape as [number, number, number];
  const touched = touchedExperts(numExperts, ids.size(1), ids.size(0)) / numExperts;
  const bytesRead = x.bytes + ids.bytes + touched * (weight.bytes + bytes(perExpert));
  return { bytesRead, bytesWritten: bytes(outputs), flops: 2 * ids.numElements * rows * columns };
}

/** How many of the experts numTokens tokens touch, each with topK different ones, on average over even choices. */
export function touchedExperts(numExperts: number, topK: number, numTokens: number): number {
  return numExperts * (1 - (1 - topK / numExperts) ** numTokens);
}

/** Pairs of a row and a position it attends to, in a sequence of `length` rows that each see `window` positions at most. */
function visiblePairs(length: number, window: number): number {
  const growing = Math.min(length, window);
  return (growing * (growing + 1)) / 2 + (length > window ? (length - window) * window : 0);
}

function bytes(tensors: readonly Tensor[]): number {
  return tensors.reduce((sum, tensor) => sum + tensor.bytes, 0);
}

function cacheElementBytes(record: OpRecord): number {
  return record.attributes["cacheDtype"] === "bf16" ? 2 : 4;
}

function number(record: OpRecord, name: string): number {
  return Number(record.attributes[name]);
}
