/** The gated feed-forward block that most decoders share: down(act(gate(x)) * up(x)). */
import { activationKinds, gatedActivation } from "../ops/activation.js";
import type { ActivationKind } from "../ops/activation.js";
import type { Tensor } from "../tensor/tensor.js";
import { checkOneOf, checkSizes } from "./check-options.js";
import { MergedColumnParallelLinear, RowParallelLinear } from "./linear.js";
import { Module } from "./module.js";
import type { Prefix } from "./prefix.js";

/**
 * Names in the checkpoint: gate_proj, up_proj, down_proj; with `fused: "stacked"` gate_up_proj, down_proj. A config with
 * hiddenSize, intermediateSize and hiddenAct fits as it is. Source: Shazeer 2020; HF LlamaMLP.
 */
export class GatedMLP<C> extends Module<C> {
  private readonly gateUpProj: MergedColumnParallelLinear<C>;
  private readonly downProj: RowParallelLinear<C>;
  private readonly kind: ActivationKind;

  constructor(
    prefix: Prefix<C>,
    options: {
      hiddenSize: number;
      intermediateSize: number;
      hiddenAct: ActivationKind;
      mlpBias?: boolean;
      fused?: "stacked" | undefined;
    },
  ) {
    super(prefix);
    const { hiddenSize, intermediateSize, mlpBias: bias = false } = options;
    checkSizes(prefix, { hiddenSize, intermediateSize });
    checkOneOf(prefix, "hiddenAct", options.hiddenAct, activationKinds);
    this.gateUpProj = new MergedColumnParallelLinear(this.at("gate_up_proj"), {
      inputSize: hiddenSize,
      outputSizes: [intermediateSize, intermediateSize],
      fused: options.fused,
      bias,
    });
    this.downProj = new RowParallelLinear(this.at("down_proj"), {
      inputSize: intermediateSize,
      outputSize: hiddenSize,
      bias,
    });
    this.kind = options.hiddenAct;
  }

  /** x [numTokens, hiddenSize] f32 -> the same shape */
  forward(x: Tensor): Tensor {
    return this.downProj.forward(gatedActivation(this.gateUpProj.forward(x), this.kind));
  }
}
