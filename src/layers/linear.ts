/** The parallel linear layers: each says how its weight is cut over ranks, and where the parts come from. */
import { shardRange, kvHeadRange } from "../parallel/sharding.js";
import type { Range } from "../parallel/sharding.js";
import type { Parameter } from "../tensor/parameter.js";
import type { Tensor } from "../tensor/tensor.js";
import type { HeadsConfig } from "../config/hf-heads.js";
import { ConfigError, UnsupportedError } from "../util/errors.js";
import { checkOneOf, checkSizes } from "./check-options.js";
import type { LinearPart, LinearWeight } from "./linear-method.js";
import { unquantized } from "./linear-method.js";
import { Module } from "./module.js";
import type { Prefix } from "./prefix.js";
import { qkvParts } from "./qkv-parts.js";
import type { QKVSources } from "./qkv-parts.js";
import { Source } from "./source.js";

export interface LinearOptions {
  /** Columns of the weight, whole model. */
  readonly inputSize: number;
  /** Rows of the weight, whole model. */
  readonly outputSize: number;
  readonly bias?: boolean;
  /** True where the checkpoint stores [inputs, outputs] (GPT-2's Conv1D). */
  readonly transposed?: boolean;
}

/** What the five layers share: a weight by its method, a bias, and the product. */
abstract class LinearBase<C> extends Module<C> {
  protected readonly weight: LinearWeight;
  protected readonly bias: Parameter | undefined;
  /** This rank's sizes. */
  readonly inputSize: number;
  readonly outputSize: number;

  constructor(
    prefix: Prefix<C>,
    inputSize: number,
    parts: readonly LinearPart[],
    bias: boolean,
    method = prefix.context.linearMethod(prefix.name),
  ) {
    super(prefix);
    const { context, name } = prefix;
    this.inputSize = inputSize;
    this.outputSize = parts.reduce((sum, part) => sum + part.rows.count, 0);
    const { outputSize } = this;
    this.weight = method.create({ prefix: name, inputSize, outputSize, parts, context });
    if (bias)
      this.bias = context.parameters.declare({
        name: `${name}.bias`,
        shape: [outputSize],
        dtype: "f32",
        layout: "rowMajor",
        parts: parts.map((part) => ({
          source: new Source(`${part.name}.bias`, [part.size[0]]).rows(part.rows.start, part.rows.count),
          rowStart: part.outputStart,
          rowCount: part.rows.count,
        })),
      });
  }

  protected multiply(x: Tensor): Tensor {
    return this.weight.apply(x.flattenInner(), this.bias);
  }
}

/** One part after the other: fills in where each begins in the output. */
function stack(parts: readonly Omit<LinearPart, "outputStart">[]): LinearPart[] {
  let outputStart = 0;
  return parts.map((part) => {
    const placed = { ...part, outputStart };
    outputStart += part.rows.count;
    return placed;
  });
}

/** The whole weight on every rank. */
export class ReplicatedLinear<C> extends LinearBase<C> {
  constructor(prefix: Prefix<C>, { inputSize, outputSize, bias = false, transposed }: LinearOptions) {
    checkSizes(prefix, { inputSize, outputSize });
    const part = {
      name: prefix.name,
      size: [outputSize, inputSize],
      rows: { start: 0, count: outputSize },
      transposed,
    } as const;
    super(prefix, inputSize, stack([part]), bias);
  }

  /** x [numTokens, inputSize] f32 -> [numTokens, outputSize] f32 */
  forward(x: Tensor): Tensor {
    return this.multiply(x);
  }
}

/** The scores of experts, from the whole weight on every rank, which is never quantized: a mixture's `gate` or `router`. */
export class RouterLinear<C> extends LinearBase<C> {
  constructor(prefix: Prefix<C>, { inputSize, outputSize, bias = false }: Omit<LinearOptions, "transposed">) {
    checkSizes(prefix, { inputSize, outputSize });
    const part = { name: prefix.name, size: [outputSize, inputSize], rows: { start: 0, count: outputSize } } as const;
    super(prefix, inputSize, stack([part]), bias, unquantized);
  }

  /** x [numTokens, inputSize] f32 -> router logits [numTokens, outputSize] f32 */
  forward(x: Tensor): Tensor {
    return this.multiply(x);
  }
}

/** Output rows are cut over ranks; the result is this rank's columns. */
export class ColumnParallelLinear<C> extends LinearBase<C> {
  constructor(prefix: Prefix<C>, { inputSize, outputSize, bias = false, transposed }: LinearOptions) {
    checkSizes(prefix, { inputSize, outputSize });
    const rows = shardRange(prefix.name, outputSize, prefix.context.parallel);
    super(prefix, inputSize, stack([{ name: prefix.name, size: [outputSize, inputSize], rows, transposed }]), bias);
  }

  /** x [numTokens, inputSize] f32 -> [numTokens, outputSize / worldSize] f32 */
  forward(x: Tensor): Tensor {
    return this.multiply(x);
  }
}

export interface MergedColumnOptions {
  readonly inputSize: number;
  readonly outputSizes: readonly number[];
  readonly bias?: boolean;
  /** Siblings, one for each of outputSizes; not with `fused`. */
  readonly parts?: readonly string[];
  /** The checkpoint has one matrix under the layer's own name, one part's rows below the other's (Phi-3, GLM-4). */
  readonly fused?: "stacked" | undefined;
  /** True where the checkpoint stores [inputs, outputs] (GPT-2's Conv1D). */
  readonly transposed?: boolean;
}

/**
 * Several column-parallel matrices with the same input, multiplied as one. Sources are its siblings named in `parts`, by
 * default `gate_proj` and `up_proj`, and its own name is not in the checkpoint; or one matrix of its own name (`fused`).
 */
export class MergedColumnParallelLinear<C> extends LinearBase<C> {
  constructor(prefix: Prefix<C>, options: MergedColumnOptions) {
    const { inputSize, outputSizes, fused, transposed } = options;
    const names = options.parts ?? ["gate_proj", "up_proj"];
    checkSizes(prefix, { inputSize });
    outputSizes.forEach((size, i) => checkSizes(prefix, { [`outputSizes[${i}] (${names[i]})`]: size }));
    if (fused !== undefined) checkOneOf(prefix, "fused", fused, ["stacked"]);
    const total = outputSizes.reduce((sum, size) => sum + size, 0);
    let before = 0;
    const parts = outputSizes.map((size, i) => {
      const name = fused ? prefix.name : prefix.sibling(names[i]!);
      const { start, count } = shardRange(name, size, prefix.context.parallel);
      const rows = { start: fused ? before + start : start, count };
      before += size;
      return { name, size: [fused ? total : size, inputSize] as const, rows, transposed };
    });
    super(prefix, inputSize, stack(parts), options.bias ?? false);
  }

  /** x [numTokens, inputSize] f32 -> [numTokens, sum(outputSizes) / worldSize] f32: the parts' columns in order */
  forward(x: Tensor): Tensor {
    return this.multiply(x);
  }
}

/** Heads of one rank. */
export interface RankHeads {
  readonly numHeads: number;
  readonly numKvHeads: number;
  readonly headDim: number;
}

/**
 * This rank's heads; KV heads are replicated where there are fewer than ranks.
 * @throws ConfigError if a count is wrong, query heads are no multiple of KV heads, or they do not divide over ranks
 */
export function rankHeads(prefix: Prefix, heads: Omit<HeadsConfig, "size">): RankHeads & { q: Range; kv: Range } {
  const { numHeads, numKvHeads, headDim } = heads;
  checkSizes(prefix, { numHeads, numKvHeads, headDim });
  if (numHeads % numKvHeads !== 0)
    throw new ConfigError(
      `${prefix.name}: numHeads must be a multiple of numKvHeads, got ${numHeads} and ${numKvHeads}`,
    );
  const q = shardRange(`${prefix.name}: attention heads`, heads.numHeads, prefix.context.parallel);
  const kv = kvHeadRange(prefix.name, heads.numKvHeads, prefix.context.parallel);
  return { numHeads: q.count, numKvHeads: kv.count, headDim: heads.headDim, q, kv };
}

/**
 * Query, key and value projections as one product. Sources are its siblings `q_proj`, `k_proj`, `v_proj`, or the three names
 * in `parts`, and its own name is not in the checkpoint; or one matrix of its own name (`fused`). Takes the fields of
 * `f.heads()`.
 */
export class QKVParallelLinear<C> extends LinearBase<C> {
  private readonly heads: RankHeads;

  constructor(
    prefix: Prefix<C>,
    options: Omit<HeadsConfig, "size"> & QKVSources & { inputSize: number; bias?: boolean },
  ) {
    checkSizes(prefix, { inputSize: options.inputSize });
    const heads = rankHeads(prefix, options);
    super(prefix, options.inputSize, stack(qkvParts(prefix, options, heads, options)), options.bias ?? false);
    this.heads = heads;
  }

  /** x [numTokens, inputSize] f32 -> q, k, v of this rank: [numTokens, heads, headDim] f32, views of one product */
  forward(x: Tensor): [q: Tensor, k: Tensor, v: Tensor] {
    const { numHeads, numKvHeads, headDim } = this.heads;
    const product = this.multiply(x);
    const [qSize, kvSize] = [numHeads * headDim, numKvHeads * headDim];
    return [
      product.columns(0, qSize).splitLast(numHeads, headDim),
      product.columns(qSize, kvSize).splitLast(numKvHeads, headDim),
      product.columns(qSize + kvSize, kvSize).splitLast(numKvHeads, headDim),
    ];
  }
}

/** Input columns are cut over ranks; results are summed over ranks, the bias is added once (by rank 0). */
export class RowParallelLinear<C> extends LinearBase<C> {
  constructor(prefix: Prefix<C>, { inputSize, outputSize, bias = false, transposed }: LinearOptions) {
    const { parallel } = prefix.context;
    checkSizes(prefix, { inputSize, outputSize });
    const columns = shardRange(prefix.name, inputSize, parallel);
    const size = [outputSize, inputSize] as const;
    const part = { name: prefix.name, size, rows: { start: 0, count: outputSize }, columns, transposed };
    super(prefix, columns.count, stack([part]), bias && parallel.rank === 0);
  }

  /** x [numTokens, inputSize / worldSize] f32 (or [numTokens, heads, headDim]) -> [numTokens, outputSize] f32 */
  forward(x: Tensor): Tensor {
    const { worldSize } = this.prefix.context.parallel;
    if (worldSize > 1)
      throw new UnsupportedError(
        `${this.prefix.name}: summing over ${worldSize} ranks is not in this version; use --tensor-parallel-size 1`,
      );
    return this.multiply(x);
  }
}
