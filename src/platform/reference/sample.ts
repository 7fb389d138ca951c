/** Reference of sample: one token per row of logits, and log-probabilities. The specification of the sampler. */
import { sampleFloats, sampleInts, sampleStatus } from "../sample-layout.js";
import type { Elements, KernelCall, View } from "./memory.js";
import { rowStart } from "./memory.js";
import { exponential } from "./philox.js";

const outputNames = ["tokenIds", "ranks", "statuses", "logprobs", "topTokenIds", "topLogprobs"] as const;
type Outputs = Record<(typeof outputNames)[number], Elements>;

/** One row's metadata. */
interface Row {
  int(name: keyof typeof sampleInts): number;
  float(name: keyof typeof sampleFloats): number;
  /** `count` x `width` numbers of `lists`; cut off where `lists` ends. */
  list(start: number, count: number, width?: number): number[][];
  /** Whether the token mask lets the token come. */
  isAllowed(id: number): boolean;
}

export function sample({ inputs, text }: KernelCall): void {
  const [logits, ints, floats, lists, ...rest] = inputs as [View, View, View, View, ...View[]];
  const outputs = Object.fromEntries(outputNames.map((name, i) => [name, rest[i]!.data])) as Outputs;
  const [numRows, vocabSize] = logits.shape as [number, number];
  for (let i = 0; i < numRows; i++) {
    const row: Row = {
      int: (name) => ints.data[rowStart(ints, i) + sampleInts[name]]!,
      float: (name) => floats.data[rowStart(floats, i) + sampleFloats[name]]!,
      list(start, count, width = 1) {
        const all: number[][] = [];
        for (let k = Math.max(start, 0); all.length < count && k + width <= lists.data.length; k += width)
          all.push([...lists.data.subarray(k, k + width)]);
        return all.filter(([id]) => id! >= 0 && id! < vocabSize);
      },
      isAllowed(id) {
        const entry = ints.data[rowStart(ints, i) + sampleInts.maskEntry]!;
        const word = entry > 0 ? lists.data[entry - 1 + Math.floor(id / 32)] : undefined;
        return word === undefined || ((word >>> (id % 32)) & 1) === 1;
      },
    };
    const start = rowStart(logits, i);
    sampleRow(i, row, logits.data.slice(start, start + vocabSize) as Float32Array, outputs, text("logprobsMode"));
  }
}

function sampleRow(i: number, row: Row, raw: Float32Array, outputs: Outputs, mode: string): void {
  const forced = row.int("forcedTokenId");
  const wantsLogprobs = row.int("numLogprobs") !== -1;
  const reportsRaw = mode.startsWith("raw") || forced >= 0;
  const temperature = forced < 0 ? row.float("temperature") : 0;
  const x = raw.slice();
  if (forced < 0) applyLists(row, x);
  if (temperature > 0) x.forEach((value, id) => (x[id] = value / temperature));
  const areFinite = (values: Float32Array): boolean => values.every((value) => value < Infinity);
  let status: number = sampleStatus.ok;
  if (!areFinite(x) || (wantsLogprobs && reportsRaw && !areFinite(raw))) status = sampleStatus.notFinite;
  else if (x.every((value) => value === -Infinity)) status = sampleStatus.nothingLeft;
  outputs.statuses[i] = status;
  outputs.tokenIds[i] = Math.max(forced, 0);
  if (status !== sampleStatus.ok) return;
  if (temperature > 0) dropTokens(row, x);
  const token = forced >= 0 ? forced : temperature > 0 ? draw(row, x) : indexOfLargest(x);
  outputs.tokenIds[i] = token;
  if (wantsLogprobs) report(i, row, reportsRaw ? raw : x, token, outputs, mode.endsWith("logits"));
}

/** Token mask, allowed ids, banned ids, bias, penalties; each value is rounded to f32 when it is stored. */
function applyLists(row: Row, x: Float32Array): void {
  x.forEach((_, id) => row.isAllowed(id) || (x[id] = -Infinity));
  if (row.int("allowedCount") >= 0) {
    const allowed = new Set(row.list(row.int("allowedStart"), row.int("allowedCount")).map(([id]) => id!));
    x.forEach((_, id) => allowed.has(id) || (x[id] = -Infinity));
  }
  for (const [id] of row.list(row.int("bannedStart"), row.int("bannedCount"))) x[id!] = -Infinity;
  for (const [id, bits] of row.list(row.int("biasStart"), row.int("biasCount"), 2)) x[id!]! += floatOfBits(bits!);
  const [repetition, frequency, presence] = (["repetitionPenalty", "frequencyPenalty", "presencePenalty"] as const).map(
    (name) => row.float(name),
  ) as [number, number, number];
  for (const [id, count] of row.list(row.int("penaltyStart"), row.int("penaltyCount"), 2)) {
    x[id!] = x[id!]! > 0 ? x[id!]! / repetition : x[id!]! * repetition;
    x[id!]! -= Math.fround(frequency * count!);
    if (count! > 0) x[id!]! -= presence;
  }
}

/** Min-p, top-k, top-p: what is dropped becomes -infinity. The largest logit always stays. */
function dropTokens(row: Row, x: Float32Array): void {
  const largest = x[indexOfLargest(x)]!;
  const atLeast = (limit: number): void => x.forEach((value, id) => value < limit && (x[id] = -Infinity));
  if (row.float("minP") > 0) atLeast(largest + Math.log(row.float("minP")));
  const topK = row.int("topK");
  if (topK > 0 && topK < x.length) atLeast(x.slice().sort()[x.length - topK]!);
  const topP = row.float("topP");
  if (topP >= 1) return;
  // Ascending, what sums up to 1 - p goes; so descending, a token goes when those before it reach p. Of equals, low ids stay.
  const weights = Array.from(x, (value) => Math.exp(value - largest));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let before = 0;
  for (const id of descending(x)) {
    if (before >= topP * total) x[id] = -Infinity;
    before += weights[id]!;
  }
}

/** The exponential race: argmax of x - ln(e), in double. */
function draw(row: Row, x: Float32Array): number {
  const seed = [row.int("seedLow") >>> 0, row.int("seedHigh") >>> 0] as const;
  let best = -Infinity;
  let token = 0;
  x.forEach((value, id) => {
    if (value === -Infinity) return;
    const score = value - Math.log(exponential(seed, row.int("drawIndex"), id));
    if (score > best) [best, token] = [score, id];
  });
  return token;
}

/** Log-softmax (or the values themselves) of the token and of the numLogprobs likeliest; the token's rank. */
function report(i: number, row: Row, x: Float32Array, token: number, outputs: Outputs, asLogits: boolean): void {
  const largest = x[indexOfLargest(x)]!;
  let shift = 0;
  if (!asLogits && largest > -Infinity)
    shift = largest + Math.log(x.reduce((sum, value) => sum + Math.exp(value - largest), 0));
  const value = x[token] ?? -Infinity;
  outputs.logprobs[i] = value - shift;
  outputs.ranks[i] = x.reduce((count, other) => count + (other >= value ? 1 : 0), 0);
  const numTop = Math.min(row.int("numLogprobs"), x.length);
  const start = row.int("topStart");
  const reported = numTop >= 0 ? descending(x).slice(0, numTop) : givenTokenIds(row, -1 - numTop);
  for (const [k, id] of reported.entries()) {
    if (start < 0 || start + k >= outputs.topTokenIds.length) break;
    outputs.topTokenIds[start + k] = id;
    outputs.topLogprobs[start + k] = x[id]! - shift;
  }
}

function givenTokenIds(row: Row, count: number): number[] {
  return row.list(row.int("penaltyStart") + 2 * row.int("penaltyCount"), count).map(([id]) => id!);
}

/** The lowest index of the largest value. */
function indexOfLargest(x: Float32Array): number {
  let best = 0;
  for (let id = 1; id < x.length; id++) if (x[id]! > x[best]!) best = id;
  return best;
}

/** Indices by value, largest first; lower indices first among equals. */
function descending(x: Float32Array): Uint32Array {
  return Uint32Array.from(x.keys()).sort((a, b) => x[b]! - x[a]! || a - b);
}

function floatOfBits(bits: number): number {
  return new Float32Array(Int32Array.of(bits).buffer)[0]!;
}
