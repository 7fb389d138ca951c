/** The norm at the end of a Mamba-2 mixer. */
import { gatedRmsNorm } from "../ops/gated-rms-norm.js";
import { shardRange } from "../parallel/sharding.js";
import type { Parameter } from "../tensor/parameter.js";
import type { Tensor } from "../tensor/tensor.js";
import { ConfigError, UnsupportedError } from "../util/errors.js";
import { checkNumber, checkSizes } from "./check-options.js";
import { Module } from "./module.js";
import type { Prefix } from "./prefix.js";
import { Source } from "./source.js";

export interface GatedRMSNormOptions {
  /** Columns, whole model: cut over ranks. */
  readonly hiddenSize: number;
  readonly rmsNormEps: number;
  /** Neighbours that share one mean: hiddenSize / groups. Default: hiddenSize. */
  readonly groupSize?: number;
}

/** RMS norm of x * silu(gate), over groups of columns. HF MambaRMSNormGated; Zamba2RMSNormGated has groups. */
export class GatedRMSNorm<C> extends Module<C> {
  private readonly weight: Parameter;
  private readonly eps: number;
  private readonly groupSize: number;

  constructor(prefix: Prefix<C>, { hiddenSize, rmsNormEps, groupSize = hiddenSize }: GatedRMSNormOptions) {
    super(prefix);
    checkSizes(prefix, { hiddenSize, groupSize });
    checkNumber(prefix, "rmsNormEps", rmsNormEps);
    if (hiddenSize % groupSize !== 0)
      throw new ConfigError(
        `${prefix.name}: groupSize must be a divisor of hiddenSize ${hiddenSize}, got ${groupSize}`,
      );
    const { start, count } = shardRange(prefix.name, hiddenSize, prefix.context.parallel);
    const name = prefix.join("weight");
    this.weight = prefix.context.parameters.declare({
      name,
      shape: [count],
      dtype: "f32",
      layout: "rowMajor",
      parts: [{ source: new Source(name, [hiddenSize]).rows(start, count), rowStart: 0, rowCount: count }],
    });
    this.eps = rmsNormEps;
    this.groupSize = groupSize;
  }

  /** x, gate [numTokens, hiddenSize / worldSize] f32 -> the same shape */
  forward(x: Tensor, gate: Tensor): Tensor {
    const { worldSize } = this.prefix.context.parallel;
    if (x.size(1) % this.groupSize !== 0)
      throw new UnsupportedError(
        `${this.prefix.name}: a mean over ${this.groupSize} columns that lie on several of ${worldSize} ranks is not in this version; ` +
          "use --tensor-parallel-size 1",
      );
    return gatedRmsNorm(x, gate, this.weight, this.eps, this.groupSize);
  }
}
