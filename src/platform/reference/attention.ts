/**
 * References of writeKVCache and pagedAttention, writeLatents and mlaAttention. A block holds keys [blockSize][kv heads][headDim],
 * then values alike, f32 or bf16 bits; a block of latents holds keys [blockSize][headDim], whose first elements are the values.
 */
import { dtypeBytes } from "../../tensor/dtype.js";
import { attentionPartition } from "../attention-partition.js";
import { fromBf16, roundToBf16, toBf16 } from "./bf16.js";
import type { Elements, KernelCall, View } from "./memory.js";
import { elements, rowStart } from "./memory.js";

interface Cache {
  data: Elements;
  isBf16: boolean;
  blockSize: number;
  /** First element of the key of (block, offset in block, kv head); the value lies `valueOffset` further. */
  key(block: number, offset: number, head: number): number;
  valueOffset: number;
  headDim: number;
  valueDim: number;
}

function openCache(view: View, call: KernelCall): Cache {
  const [blockSize, heads, headDim] = [call.number("blockSize"), call.number("numKvHeads"), call.number("headDim")];
  const isBf16 = call.text("cacheDtype") === "bf16";
  const latentDim = call.number("latentDim");
  const valueOffset = latentDim > 0 ? 0 : blockSize * heads * headDim;
  const stride = view.shape[1]! / dtypeBytes[isBf16 ? "bf16" : "f32"];
  return {
    data: elements(view.data as Uint8Array, isBf16 ? "bf16" : "f32"),
    isBf16,
    blockSize,
    key: (block, offset, head) => block * stride + (offset * heads + head) * headDim,
    valueOffset,
    headDim,
    valueDim: latentDim > 0 ? latentDim : headDim,
  };
}

export function writeKVCache(call: KernelCall): void {
  const [k, v, cacheView, slots] = call.inputs as [View, View, View, View];
  const cache = openCache(cacheView, call);
  const store = (value: number): number => (cache.isBf16 ? toBf16(value) : value);
  for (let t = 0; t < k.shape[0]!; t++) {
    const slot = slots.data[slots.offset + t]!;
    if (slot < 0) continue;
    for (let h = 0; h < k.shape[1]!; h++) {
      const at = cache.key(Math.floor(slot / cache.blockSize), slot % cache.blockSize, h);
      for (let d = 0; d < cache.headDim; d++) {
        cache.data[at + d] = store(k.data[rowStart(k, t) + h * k.strides[1]! + d]!);
        cache.data[at + cache.valueOffset + d] = store(v.data[rowStart(v, t) + h * v.strides[1]! + d]!);
      }
    }
  }
}

export function writeLatents(call: KernelCall): void {
  const [latent, rope, cacheView, slots] = call.inputs as [View, View, View, View];
  const cache = openCache(cacheView, call);
  for (let t = 0; t < latent.shape[0]!; t++) {
    const slot = slots.data[slots.offset + t]!;
    if (slot < 0) continue;
    const at = cache.key(Math.floor(slot / cache.blockSize), slot % cache.blockSize, 0);
    const row = [latent, rope].flatMap((x) =>
      Array.from({ length: x.shape[1]! }, (_, d) => x.data[rowStart(x, t) + d]!),
    );
    row.forEach((value, d) => (cache.data[at + d] = cache.isBf16 ? toBf16(value) : value));
  }
}

export function pagedAttention(call: KernelCall): void {
  attendRows(call, call.inputs.slice(0, 1), call.inputs.slice(1));
}

export function mlaAttention(call: KernelCall): void {
  attendRows(call, call.inputs.slice(0, 2), call.inputs.slice(2));
}

/** Attention of queries whose heads are the views' heads one after the other. */
function attendRows(call: KernelCall, queries: readonly View[], inputs: readonly View[]): void {
  const [cacheView, numSeqs, queryStartLoc, seqLens, blockTable, ...perHead] = inputs as [
    View,
    View,
    View,
    View,
    View,
    ...View[],
  ];
  const q = queries[0]!;
  const cache = openCache(cacheView, call);
  const out = call.outputs[0]!;
  const group = q.shape[1]! / call.number("numKvHeads");
  const [window, chunk] = [call.number("slidingWindow"), call.number("attentionChunkSize")];
  const rules = scoreRules(call, perHead);
  out.data.fill(0, out.offset, out.offset + q.shape[0]! * out.strides[0]!);
  for (let s = 0; s < numSeqs.data[numSeqs.offset]!; s++) {
    const start = queryStartLoc.data[queryStartLoc.offset + s]!;
    const end = queryStartLoc.data[queryStartLoc.offset + s + 1]!;
    const table = rowStart(blockTable, s);
    for (let row = start; row < end; row++) {
      const position = seqLens.data[seqLens.offset + s]! - (end - row);
      const first = Math.max(0, window > 0 ? position - window + 1 : 0, chunk > 0 ? position - (position % chunk) : 0);
      for (let h = 0; h < q.shape[1]!; h++) {
        const at = (p: number): number =>
          cache.key(
            blockTable.data[table + Math.floor(p / cache.blockSize)]!,
            p % cache.blockSize,
            Math.floor(h / group),
          );
        const query = scaledQuery(queries, row, h, call.number("scale"), cache);
        const result = attend(query, cache, first, position, at, rules(h, position));
        for (let d = 0; d < cache.valueDim; d++) out.data[rowStart(out, row) + h * cache.valueDim + d] = result[d]!;
      }
    }
  }
}

function scaledQuery(queries: readonly View[], row: number, head: number, scale: number, cache: Cache): Float64Array {
  const query = new Float64Array(cache.headDim);
  let to = 0;
  for (const q of queries) {
    const from = rowStart(q, row) + head * q.strides[1]!;
    for (let d = 0; d < q.shape[2]!; d++) {
      const value = Math.fround(q.data[from + d]! * scale);
      query[to++] = cache.isBf16 ? roundToBf16(value) : value;
    }
  }
  return query;
}

/** What becomes of one row's scaled products, and its sink (-Infinity: none). */
interface ScoreRule {
  adjust(score: number, p: number): number;
  sink: number;
}

/** The rule of a head and a query's position: soft cap, then linear bias. */
function scoreRules(call: KernelCall, perHead: readonly View[]): (head: number, position: number) => ScoreRule {
  const [sinks, slopes] = call.number("sinks") ? perHead : [undefined, ...perHead];
  const [cap, alibiScale] = [call.number("logitSoftcap"), call.number("alibiScale")];
  const round = call.text("alibi") === "bf16" ? roundToBf16 : (x: number) => x;
  return (head, position) => ({
    adjust(score, p) {
      const capped = cap > 0 ? cap * Math.tanh(score / cap) : score;
      if (!slopes) return capped;
      const slope = round(slopes.data[slopes.offset + head]!);
      return capped + alibiScale * (round(slope * round(p)) - round(slope * round(position)));
    },
    sink: sinks ? sinks.data[sinks.offset + head]! : -Infinity,
  });
}

/** One head of one row over positions first..last, partition by partition. */
function attend(
  query: Float64Array,
  cache: Cache,
  first: number,
  last: number,
  at: (p: number) => number,
  rule: ScoreRule,
): Float64Array {
  const load = (i: number): number => (cache.isBf16 ? fromBf16(cache.data[i]!) : cache.data[i]!);
  const total = new Float64Array(cache.valueDim);
  let totalMax = -Infinity;
  let totalSum = 0;
  const scores = new Float64Array(attentionPartition);
  for (
    let from = Math.floor(first / attentionPartition) * attentionPartition;
    from <= last;
    from += attentionPartition
  ) {
    const begin = Math.max(from, first);
    const end = Math.min(from + attentionPartition - 1, last);
    let max = -Infinity;
    for (let p = begin; p <= end; p++) {
      let dot = 0;
      for (let d = 0; d < cache.headDim; d++) dot += query[d]! * load(at(p) + d);
      scores[p - from] = rule.adjust(dot, p);
      max = Math.max(max, scores[p - from]!);
    }
    let sum = 0;
    const part = new Float64Array(cache.valueDim);
    for (let p = begin; p <= end; p++) {
      const weight = Math.exp(scores[p - from]! - max);
      sum += weight;
      const rounded = cache.isBf16 ? roundToBf16(weight) : weight;
      for (let d = 0; d < cache.valueDim; d++) part[d] = part[d]! + rounded * load(at(p) + cache.valueOffset + d);
    }
    const merged = Math.max(totalMax, max);
    const [a, b] = [Math.exp(totalMax - merged), Math.exp(max - merged)];
    for (let d = 0; d < cache.valueDim; d++) total[d] = total[d]! * a + part[d]! * b;
    totalSum = totalSum * a + sum * b;
    totalMax = merged;
  }
  const merged = Math.max(totalMax, rule.sink);
  const factor = Math.exp(totalMax - merged);
  totalSum = totalSum * factor + Math.exp(rule.sink - merged);
  return total.map((value) => (value * factor) / totalSum);
}
