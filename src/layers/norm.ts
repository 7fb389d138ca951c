/** Normalization layers. */
import { layerNorm } from "../ops/layer-norm.js";
import { rmsNorm } from "../ops/rms-norm.js";
import type { Parameter } from "../tensor/parameter.js";
import type { Tensor } from "../tensor/tensor.js";
import { checkNumber, checkSizes } from "./check-options.js";
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

/**
 * Root-mean-square norm over the last dimension. Options are named as in Llama's config, which fits as it is; for a norm of
 * each head: `new RMSNorm(this.at("q_norm"), { hiddenSize: heads.headDim, rmsNormEps })`, given [numTokens, heads, headDim].
 */
export class RMSNorm<C> extends Module<C> {
  private readonly weight: Parameter;
  private readonly eps: number;

  constructor(prefix: Prefix<C>, options: { hiddenSize: number; rmsNormEps: number }) {
    super(prefix);
    checkSizes(prefix, { hiddenSize: options.hiddenSize });
    checkNumber(prefix, "rmsNormEps", options.rmsNormEps);
    this.weight = declareVector(prefix, "weight", options.hiddenSize);
    this.eps = options.rmsNormEps;
  }

  /** x [numTokens, hiddenSize] (or [numTokens, heads, hiddenSize]) f32 -> the same shape */
  forward(x: Tensor): Tensor {
    return rmsNorm(x, this.weight, this.eps);
  }
}

/** Layer norm over the last dimension; `affine: false` has neither weight nor bias in the checkpoint, `bias: false` no bias. */
export class LayerNorm<C> extends Module<C> {
  private readonly weight: Parameter;
  private readonly bias: Parameter | undefined;
  private readonly eps: number;

  constructor(prefix: Prefix<C>, options: { hiddenSize: number; eps: number; bias?: boolean; affine?: boolean }) {
    super(prefix);
    const { hiddenSize, affine = true } = options;
    checkSizes(prefix, { hiddenSize });
    checkNumber(prefix, "eps", options.eps);
    const ones = (): Float32Array => new Float32Array(hiddenSize).fill(1);
    this.weight = affine
      ? declareVector(prefix, "weight", hiddenSize)
      : prefix.context.parameters.constant(`ones.${hiddenSize}`, [hiddenSize], ones);
    this.bias = affine && options.bias !== false ? declareVector(prefix, "bias", hiddenSize) : undefined;
    this.eps = options.eps;
  }

  /** x [numTokens, hiddenSize] f32 -> the same shape */
  forward(x: Tensor): Tensor {
    return layerNorm(x, this.weight, this.bias, this.eps);
  }
}
