/** The parallel linear layers: each says how its weight is cut over ranks, and where the parts come from. */
import { shardRange, kvHeadRange } from "../parallel/sharding.js";
import type { Range } from "../parallel/sharding.js";
import type { Parameter } from "../tensor/parameter.js";
import type { Tensor } from "../tensor/tensor.js";
import type { HeadsConfig } from "../config/hf-heads.js";
import { ConfigError, UnsupportedError } from "../util/errors.js";
import { checkSizes } from "./check-options.js";
import type { LinearPart, LinearWeight } from "./linear-method.js";
import { Module } from "./module.js";
import type { Prefix } from "./prefix.js";
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

  constructor(prefix: Prefix<C>, inputSize: number, parts: readonly LinearPart[], bias: boolean) {
    super(prefix);
    const { context, name } = prefix;
    this.inputSize = inputSize;
    this.outputSize = parts.reduce((sum, part) => sum + part.rows.count, 0);
    const { outputSize } = this;
    this.weight = context.linearMethod(name).create({ prefix: name, inputSize, outputSize, parts, context });
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

/**
 * Several column-parallel matrices with the same input, multiplied as one. Its own name is not in the checkpoint: sources are
 * its siblings named in `parts`, by default `gate_proj` and `up_proj`.
 */
export class MergedColumnParallelLinear<C> extends LinearBase<C> {
  constructor(
    prefix: Prefix<C>,
    options: { inputSize: number; outputSizes: readonly number[]; bias?: boolean; parts?: readonly string[] },
  ) {
    const names = options.parts ?? ["gate_proj", "up_proj"];
    checkSizes(prefix, { inputSize: options.inputSize });
    options.outputSizes.forEach((size, i) => checkSizes(prefix, { [`outputSizes[${i}] (${names[i]})`]: size }));
    const parts = options.outputSizes.map((size, i) => ({
      name: prefix.sibling(names[i]!),
      size: [size, options.inputSize] as const,
      rows: shardRange(prefix.sibling(names[i]!), size, prefix.context.parallel),
    }));
    super(prefix, options.inputSize, stack(parts), options.bias ?? false);
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
 * Query, key and value projections as one product. Its own name is not in the checkpoint: sources are its siblings `q_proj`,
 * `k_proj`, `v_proj`, or the three names in `parts`. Takes the fields of `f.heads()`.
 */
export class QKVParallelLinear<C> extends LinearBase<C> {
  private readonly heads: RankHeads;

  constructor(
    prefix: Prefix<C>,
    options: Omit<HeadsConfig, "size"> & {
      inputSize: number;
      bias?: boolean;
      parts?: readonly [string, string, string];
    },
  ) {
    checkSizes(prefix, { inputSize: options.inputSize });
    const heads = rankHeads(prefix, options);
    const [q, k, v] = (options.parts ?? ["q_proj", "k_proj", "v_proj"]).map((name) => prefix.sibling(name)) as [
      string,
      string,
      string,
    ];
    const rowsOf = ({ start, count }: Range): Range => ({ start: start * heads.headDim, count: count * heads.headDim });
    const qSize = [options.numHeads * heads.headDim, options.inputSize] as const;
    const kvSize = [options.numKvHeads * heads.headDim, options.inputSize] as const;
    const parts = [
      { name: q, size: qSize, rows: rowsOf(heads.q) },
      { name: k, size: kvSize, rows: rowsOf(heads.kv) },
      { name: v, size: kvSize, rows: rowsOf(heads.kv) },
    ];
    super(prefix, options.inputSize, stack(parts), options.bias ?? false);
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
