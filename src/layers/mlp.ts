/** The feed-forward block without a gate, of older decoders: down(act(up(x))). */
import { activation, activationKinds } from "../ops/activation.js";
import type { ActivationKind } from "../ops/activation.js";
import type { Tensor } from "../tensor/tensor.js";
import { checkOneOf, checkSizes } from "./check-options.js";
import { ColumnParallelLinear, RowParallelLinear } from "./linear.js";
import { Module } from "./module.js";
import type { Prefix } from "./prefix.js";

export interface MLPOptions {
  readonly hiddenSize: number;
  readonly intermediateSize: number;
  readonly hiddenAct: ActivationKind;
  /** Names in the checkpoint: ["c_fc", "c_proj"], ["dense_h_to_4h", "dense_4h_to_h"]. */
  readonly names: readonly [up: string, down: string];
  readonly bias: boolean;
  /** True where the checkpoint stores [inputs, outputs] (GPT-2's Conv1D). */
  readonly transposed?: boolean;
}

/** Source: Vaswani et al. 2017; HF GPT2MLP and its like. */
export class MLP<C> extends Module<C> {
  private readonly up: ColumnParallelLinear<C>;
  private readonly down: RowParallelLinear<C>;
  private readonly kind: ActivationKind;

  constructor(prefix: Prefix<C>, options: MLPOptions) {
    super(prefix);
    const { hiddenSize, intermediateSize, bias, transposed, names } = options;
    checkSizes(prefix, { hiddenSize, intermediateSize });
    checkOneOf(prefix, "hiddenAct", options.hiddenAct, activationKinds);
    const up = { inputSize: hiddenSize, outputSize: intermediateSize, bias, transposed };
    const down = { inputSize: intermediateSize, outputSize: hiddenSize, bias, transposed };
    this.up = new ColumnParallelLinear(this.at(names[0]), up);
    this.down = new RowParallelLinear(this.at(names[1]), down);
    this.kind = options.hiddenAct;
  }

  /** x [numTokens, hiddenSize] f32 -> the same shape */
  forward(x: Tensor): Tensor {
    return this.down.forward(activation(this.up.forward(x), this.kind));
  }
}
