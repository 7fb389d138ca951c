/** Normalization layers. */
import type { HeadsConfig } from "../config/hf-heads.js";
import { add } from "../ops/add.js";
import { layerNorm } from "../ops/layer-norm.js";
import { rmsNorm } from "../ops/rms-norm.js";
import type { Parameter } from "../tensor/parameter.js";
import type { Tensor } from "../tensor/tensor.js";
import { checkNumber, checkSizes } from "./check-options.js";
import { rankHeads } from "./linear.js";
import { Module } from "./module.js";
import type { Prefix } from "./prefix.js";
import { Source } from "./source.js";

function declareVector(prefix: Prefix, name: string, size: number): Parameter {
  return prefix.context.parameters.declare({
    name: prefix.join(name),
    shape: [size],
    dtype: "f32",
    layout: "rowMajor",
    parts: [{ source: new Source(prefix.join(name), [size]), rowStart: 0, rowCount: size }],
  });
}

/** What a norm without weight multiplies with. */
function ones(prefix: Prefix, size: number): Parameter {
  return filled(prefix, size, 1);
}

function filled(prefix: Prefix, size: number, value: number): Parameter {
  const name = value === 1 ? `ones.${size}` : `filled.${value}.${size}`;
  return prefix.context.parameters.constant(name, [size], () => new Float32Array(size).fill(value));
}

export interface RMSNormOptions {
  readonly hiddenSize: number;
  readonly rmsNormEps: number;
  /** Added to every weight: 1 where the checkpoint stores distances from 1 (Gemma). Default 0. */
  readonly weightOffset?: number;
  /** False: no weight in the checkpoint, nothing is multiplied. Default true. */
  readonly affine?: boolean;
}

/**
 * Root-mean-square norm over the last dimension. Options are named as in Llama's config, which fits as it is; for a norm of
 * each head: `new RMSNorm(this.at("q_norm"), { hiddenSize: heads.headDim, rmsNormEps })`, given [numTokens, heads, headDim].
 */
export class RMSNorm<C> extends Module<C> {
  private readonly weight: Parameter;
  private readonly eps: number;
  private readonly weightOffset: number;

  constructor(prefix: Prefix<C>, options: RMSNormOptions) {
    super(prefix);
    const { hiddenSize, rmsNormEps, weightOffset = 0, affine = true } = options;
    checkSizes(prefix, { hiddenSize });
    checkNumber(prefix, "rmsNormEps", rmsNormEps);
    checkNumber(prefix, "weightOffset", weightOffset);
    this.weight = affine ? declareVector(prefix, "weight", hiddenSize) : ones(prefix, hiddenSize);
    this.eps = rmsNormEps;
    this.weightOffset = affine ? weightOffset : 0;
  }

  /** x [numTokens, hiddenSize] (or [numTokens, heads, hiddenSize]) f32 -> the same shape */
  forward(x: Tensor): Tensor {
    return rmsNorm(x, this.weight, this.eps, this.weightOffset);
  }
}

export interface LayerNormOptions {
  readonly hiddenSize: number;
  readonly eps: number;
  /** False: no bias in the checkpoint. Default true. */
  readonly bias?: boolean;
  /** False: neither weight nor bias. Default true. */
  readonly affine?: boolean;
  /** Added to every weight: 1 where the checkpoint stores distances from 1 (Nemotron). Default 0. */
  readonly weightOffset?: number;
}

/** Layer norm over the last dimension. */
export class LayerNorm<C> extends Module<C> {
  private readonly weight: Parameter;
  private readonly bias: Parameter | undefined;
  private readonly eps: number;
  /** The offset in every place: a weight of its own. */
  private readonly offsets: Parameter | undefined;

  constructor(prefix: Prefix<C>, options: LayerNormOptions) {
    super(prefix);
    const { hiddenSize, affine = true, weightOffset = 0 } = options;
    checkSizes(prefix, { hiddenSize });
    checkNumber(prefix, "weightOffset", weightOffset);
    checkNumber(prefix, "eps", options.eps);
    this.weight = affine ? declareVector(prefix, "weight", hiddenSize) : ones(prefix, hiddenSize);
    this.bias = affine && options.bias !== false ? declareVector(prefix, "bias", hiddenSize) : undefined;
    this.eps = options.eps;
    this.offsets = affine && weightOffset !== 0 ? filled(prefix, hiddenSize, weightOffset) : undefined;
  }

  /** x [numTokens, hiddenSize] f32 -> the same shape */
  forward(x: Tensor): Tensor {
    const y = layerNorm(x, this.weight, this.bias, this.eps);
    return this.offsets ? add(y, layerNorm(x, this.offsets, undefined, this.eps)) : y;
  }
}

export interface HeadLayerNormOptions extends Omit<HeadsConfig, "size"> {
  readonly eps: number;
  /** Whose heads they are. */
  readonly of: "query" | "key";
  /** Where the checkpoint has one vector a head, instead of a matrix `weight`: `norms` for norms.0.weight, norms.1.weight … */
  readonly list?: string;
}

/** Layer norm of each head, with a weight of its own for each and no bias. Takes whole-model heads; holds this rank's. */
export class HeadLayerNorm<C> extends Module<C> {
  private readonly weight: Parameter;
  private readonly eps: number;

  constructor(prefix: Prefix<C>, options: HeadLayerNormOptions) {
    super(prefix);
    const { headDim, eps, list } = options;
    checkNumber(prefix, "eps", eps);
    const heads = rankHeads(prefix, options);
    const { start, count } = options.of === "query" ? heads.q : heads.kv;
    const total = options.of === "query" ? options.numHeads : options.numKvHeads;
    const matrix = new Source(prefix.join("weight"), [total, headDim]).rows(start, count);
    const vector = (head: number): Source => new Source(prefix.join(`${list}.${head}.weight`), [headDim]);
    this.weight = prefix.context.parameters.declare({
      name: prefix.join("weight"),
      shape: [count, headDim],
      dtype: "f32",
      layout: "rowMajor",
      parts: list
        ? Array.from({ length: count }, (_, i) => {
            return { source: vector(start + i).reshape(1, headDim), rowStart: i, rowCount: 1 };
          })
        : [{ source: matrix, rowStart: 0, rowCount: count }],
    });
    this.eps = eps;
  }

  /** x [numTokens, heads, headDim] f32 of this rank -> the same shape */
  forward(x: Tensor): Tensor {
    return layerNorm(x, this.weight, undefined, this.eps);
  }
}
