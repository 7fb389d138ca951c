/** Attention mistakes that no attribute has: which KV head serves which query head, how a fused product is cut, sinks. */
import type { OpRecord } from "../../../platform/platform.js";
import type { Tensor } from "../../../tensor/tensor.js";
import type { Evidence } from "./evidence.js";
import type { Variant } from "./variants.js";
import { where } from "./variants.js";

/** Variants of a segment that attends. */
export function attentionVariants(evidence: Evidence): Variant[] {
  const { segment } = evidence;
  const attention = segment.records.find(({ op }) => op === "pagedAttention");
  const writing = segment.records.find(({ op }) => op === "writeKVCache");
  if (!attention || !writing) return [];
  return [
    ...groupingVariants(attention, evidence),
    ...biasVariants(attention, evidence),
    ...exchangeVariants(attention, writing, evidence),
    ...splitVariants(attention, writing, evidence),
  ];
}

/** KV head h % numKvHeads in place of h / group, and the other way round. */
function groupingVariants(attention: OpRecord, { segment }: Evidence): Variant[] {
  const { tracing, numTokens } = segment;
  const q = attention.inputs[0]!;
  const [heads, headDim] = [q.size(1), q.size(2)];
  const kvHeads = Number(attention.attributes["numKvHeads"]);
  const group = heads / kvHeads;
  if (!(group > 1) || kvHeads < 2) return [];
  const scratch = tracing.scratch(q.shape);
  // Place kv * group + j works with KV head kv; the head that stands there is j * kvHeads + kv.
  const order = Array.from({ length: heads }, (_, place) => (place % group) * kvHeads + Math.floor(place / group));
  const move = (
    from: Float32Array,
    target: (place: number) => number,
    source: (place: number) => number,
  ): Float32Array => {
    const out = new Float32Array(from.length);
    for (let t = 0; t < numTokens; t++)
      for (let p = 0; p < heads; p++)
        out.set(
          from.subarray((t * heads + source(p)) * headDim, (t * heads + source(p) + 1) * headDim),
          (t * heads + target(p)) * headDim,
        );
    return out;
  };
  const before = (): void =>
    tracing.write(
      scratch,
      move(
        tracing.read(q),
        (p) => p,
        (p) => order[p]!,
      ),
    );
  const output = attention.outputs[0]!;
  const after = (): void =>
    tracing.write(
      output,
      move(
        tracing.read(output),
        (p) => order[p]!,
        (p) => p,
      ),
    );
  return [
    {
      text: `query head h with KV head h % ${kvHeads} instead of h / ${group} in ${where(attention)}`,
      changes: new Map([
        [attention, [before, { ...attention, inputs: [scratch, ...attention.inputs.slice(1)] }, after]],
      ]),
      kind: "grouping",
    },
  ];
}

/** Linear biases and sinks: without those that there are, with the usual slopes where there are none. */
function biasVariants(attention: OpRecord, { segment }: Evidence): Variant[] {
  const { attributes, inputs } = attention;
  const heads = inputs[0]!.size(1);
  const hasSinks = attributes["sinks"] === 1;
  const hasAlibi = typeof attributes["alibi"] === "string" && attributes["alibi"] !== "";
  const plain = inputs.slice(0, inputs.length - Number(hasSinks) - Number(hasAlibi));
  const variant = (text: string, record: OpRecord): Variant => ({
    text: `${text} in ${where(attention)}`,
    changes: new Map([[attention, [record]]]),
    kind: "biases",
  });
  const variants: Variant[] = [];
  if (hasSinks) {
    const kept = hasAlibi ? [...plain, inputs.at(-1)!] : plain;
    variants.push(variant("no sinks", { ...attention, inputs: kept, attributes: { ...attributes, sinks: 0 } }));
  }
  if (hasAlibi) {
    const kept = inputs.slice(0, -1);
    variants.push(
      variant("no linear biases", { ...attention, inputs: kept, attributes: { ...attributes, alibi: "" } }),
    );
    for (const rounding of ["none", "bf16"])
      if (rounding !== attributes["alibi"])
        variants.push(
          variant(`linear biases rounded as ${rounding}`, {
            ...attention,
            attributes: { ...attributes, alibi: rounding },
          }),
        );
  }
  const slopes = segment.tracing.scratchParameter(
    [heads],
    Float32Array.from({ length: heads }, (_, h) => slopeOf(h, heads)),
  );
  const base = hasAlibi ? inputs.slice(0, -1) : inputs;
  for (const alibiScale of [1, Number(attributes["scale"])]) {
    const changed = { ...attributes, alibi: "none", alibiScale };
    const text = `linear biases with the usual slopes${alibiScale === 1 ? "" : ", scaled as the products are,"}`;
    variants.push(variant(text, { ...attention, inputs: [...base, slopes], attributes: changed }));
  }
  return variants;
}

/** Slope of head h, as published: powers of 2 ** (-8 / n); heads beyond a power of two take every other one of twice as many. */
function slopeOf(h: number, heads: number): number {
  const power = 2 ** Math.floor(Math.log2(heads));
  return h < power ? 2 ** ((-8 * (h + 1)) / power) : 2 ** ((-4 * (2 * (h - power) + 1)) / power);
}

/** Keys in place of values, and so on, before anything is done with them. */
function exchangeVariants(attention: OpRecord, writing: OpRecord, { segment }: Evidence): Variant[] {
  const { tracing, records } = segment;
  const named = {
    queries: lastInput(attention, records),
    keys: lastInput(writing, records),
    values: writing.inputs[1]!,
  };
  return (["queries keys", "queries values", "keys values"] as const).flatMap((pair) => {
    const [a, b] = pair.split(" ").map((name) => named[name as keyof typeof named]) as [Tensor, Tensor];
    if (String(a.shape) !== String(b.shape)) return [];
    const [ownA, ownB] = [tracing.read(a), tracing.read(b)];
    const exchange = (): void => {
      const values = tracing.read(a);
      tracing.write(a, tracing.read(b));
      tracing.write(b, values);
    };
    return {
      text: `${pair.replace(" ", " and ")} exchanged before ${where(attention)}`,
      changes: onceMade([a, b], records, exchange),
      undo: () => (tracing.write(a, ownA), tracing.write(b, ownB)),
      kind: "exchange",
      isPlain: true,
    };
  });
}

/** Does something to values before they are used: where ops of the segment make them, after these. */
function onceMade(tensors: readonly Tensor[], records: readonly OpRecord[], change: () => void): Variant["changes"] {
  const maker = records.findLast(({ outputs }) =>
    outputs.some(({ storage }) => tensors.some((tensor) => tensor.storage === storage)),
  );
  const first = records[0]!;
  return new Map([maker ? [maker, [maker, change]] : [first, [change, first]]]);
}

/** Other readings of one product that holds queries, keys and values. */
function splitVariants(attention: OpRecord, writing: OpRecord, { segment, dump }: Evidence): Variant[] {
  const fused = segment.known
    .flatMap(({ labels }) => labels)
    .find((label) => label.endsWith(":out") && /qkv|query_key_value|c_attn|Wqkv|in_proj|attn_proj/i.test(label));
  if (fused === undefined) return [];
  const { tracing, numTokens } = segment;
  const [q, k, v] = [lastInput(attention, segment.records), lastInput(writing, segment.records), writing.inputs[1]!];
  const [heads, kvHeads, headDim] = [q.size(1), k.size(1), k.size(2)];
  const all = dump.rows(`${fused}.0`, (heads + 2 * kvHeads) * headDim);
  if (!all) return [];
  const count = heads + 2 * kvHeads;
  const pick = (order: readonly number[]): Float32Array => {
    const out = new Float32Array(numTokens * order.length * headDim);
    for (let t = 0; t < numTokens; t++)
      order.forEach((h, i) =>
        out.set(
          all.subarray((t * count + h) * headDim, (t * count + h + 1) * headDim),
          (t * order.length + i) * headDim,
        ),
      );
    return out;
  };
  return layouts(heads, kvHeads).map(([text, order]) => {
    // Views of one product: put back afterwards, as later variants read it again.
    const put = (): void =>
      (
        [
          [q, order.q],
          [k, order.k],
          [v, order.v],
        ] as const
      ).forEach(([tensor, heads]) => tracing.write(tensor, pick(heads)));
    const own = [q, k, v].map((tensor) => [tensor, tracing.read(tensor)] as const);
    const undo = (): void => own.forEach(([tensor, values]) => tracing.write(tensor, values));
    return {
      undo,
      text: `cutting ${fused.replace(/:out$/, "")} as ${text}`,
      changes: onceMade([q, k, v], segment.records, put),
    };
  });
}

/** Which head of a fused product is which query, key or value. */
interface HeadOrder {
  readonly q: readonly number[];
  readonly k: readonly number[];
  readonly v: readonly number[];
}

const names = { q: "queries", k: "keys", v: "values" };

/** The product in equal parts, as many as divide the KV heads: each holds its queries, keys and values in one order. */
function layouts(heads: number, kvHeads: number): [text: string, order: HeadOrder][] {
  const counts = [...new Set([1, kvHeads, 2, 4, 8])].filter((parts) => kvHeads % parts === 0);
  return counts.flatMap((parts) =>
    ["qkv", "qvk", "kqv", "kvq", "vqk", "vkq"].map((letters): [string, HeadOrder] => {
      const order: Record<"q" | "k" | "v", number[]> = { q: [], k: [], v: [] };
      let at = 0;
      for (let part = 0; part < parts; part++)
        for (const letter of letters as Iterable<"q" | "k" | "v">)
          for (let i = 0; i < (letter === "q" ? heads : kvHeads) / parts; i++) order[letter].push(at++);
      const [a, b, c] = [...letters].map((letter) => names[letter as keyof typeof names]);
      if (parts === 1) return [`all ${a}, then all ${b}, then all ${c}`, order];
      return [`${parts} parts${parts === kvHeads ? " (one a KV head)" : ""}, each with its ${a}, ${b}, ${c}`, order];
    }),
  );
}

/** The value that an op's first input was before ops of this segment (rotary) changed it. */
export function lastInput(record: OpRecord, records: readonly OpRecord[]): Tensor {
  let tensor = record.inputs[0]!;
  for (const other of [...records].reverse())
    if (other.outputs[0]?.storage === tensor.storage)
      tensor = other.inputs.find((input) => input.shape.length === 3 && input.owner !== undefined) ?? tensor;
  return tensor;
}
