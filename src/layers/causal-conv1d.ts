/** Depthwise causal convolution, as in state-space layers; its state belongs to the layer that contains it. */
import { activationKinds } from "../ops/activation.js";
import type { ActivationKind } from "../ops/activation.js";
import { causalConv1d, convStateShape } from "../ops/causal-conv1d.js";
import type { StateMetadata } from "../ops/step.js";
import { shardRange } from "../parallel/sharding.js";
import type { Range } from "../parallel/sharding.js";
import type { Parameter } from "../tensor/parameter.js";
import type { Tensor } from "../tensor/tensor.js";
import { checkOneOf, checkSizes } from "./check-options.js";
import { Module } from "./module.js";
import type { Prefix } from "./prefix.js";
import { Source } from "./source.js";

export interface CausalConv1dOptions {
  /** Channels of each part of the input, whole model: each part is cut over ranks. Their sum is nn.Conv1d's in_channels. */
  readonly channels: readonly number[];
  readonly kernelSize: number;
  readonly bias: boolean;
  readonly activation: ActivationKind;
}

/** This rank's channels of each part: where they begin in the checkpoint's tensor, and in this rank's. */
function rankChannels(prefix: Prefix, channels: readonly number[]): (Range & { target: number })[] {
  let [before, target] = [0, 0];
  return channels.map((size) => {
    const { start, count } = shardRange(prefix.name, size, prefix.context.parallel);
    const range = { start: before + start, count, target };
    before += size;
    target += count;
    return range;
  });
}

/** `nn.Conv1d(channels, channels, kernelSize, groups=channels)` over the tokens of each request, then an activation. */
export class CausalConv1d<C> extends Module<C> {
  /** What it keeps of a request: `declareState(prefix, { conv: conv1d.stateShape })`. */
  readonly stateShape: readonly [number, number];
  private readonly weight: Parameter;
  private readonly bias: Parameter | undefined;
  private readonly activation: ActivationKind;

  constructor(prefix: Prefix<C>, { channels, kernelSize, bias, activation }: CausalConv1dOptions) {
    super(prefix);
    checkSizes(prefix, { kernelSize });
    channels.forEach((size, i) => checkSizes(prefix, { [`channels[${i}]`]: size }));
    checkOneOf(prefix, "activation", activation, activationKinds);
    const whole = channels.reduce((sum, size) => sum + size, 0);
    const ranges = rankChannels(prefix, channels);
    const own = ranges.reduce((sum, { count }) => sum + count, 0);
    const taps = new Source(prefix.join("weight"), [whole, 1, kernelSize]).reshape(whole, kernelSize);
    this.weight = prefix.context.parameters.declare({
      name: prefix.join("weight"),
      shape: [kernelSize * own],
      dtype: "f32",
      layout: "rowMajor",
      parts: Array.from({ length: kernelSize }, (_, k) =>
        ranges.map(({ start, count, target }) => ({
          source: taps.rows(start, count).columns(k, 1).reshape(count),
          rowStart: k * own + target,
          rowCount: count,
        })),
      ).flat(),
    });
    if (bias)
      this.bias = prefix.context.parameters.declare({
        name: prefix.join("bias"),
        shape: [own],
        dtype: "f32",
        layout: "rowMajor",
        parts: ranges.map(({ start, count, target }) => ({
          source: new Source(prefix.join("bias"), [whole]).rows(start, count),
          rowStart: target,
          rowCount: count,
        })),
      });
    this.stateShape = convStateShape(kernelSize, own);
    this.activation = activation;
  }

  /** x [numTokens, channels of this rank] f32 -> the same shape; `state`: the tensor of stateShape's state */
  forward(x: Tensor, state: Tensor, metadata: StateMetadata): Tensor {
    return causalConv1d(x, this.weight, this.bias, state, metadata, { activation: this.activation });
  }
}
