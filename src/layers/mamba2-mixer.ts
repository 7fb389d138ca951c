/** The mixer of Mamba-2: one projection, convolution, a scan of heads, a gated norm; one state a request. */
import type { ActivationKind } from "../ops/activation.js";
import { ssdScan } from "../ops/ssd-scan.js";
import { shardRange } from "../parallel/sharding.js";
import type { Parameter } from "../tensor/parameter.js";
import type { Tensor } from "../tensor/tensor.js";
import { ConfigError } from "../util/errors.js";
import { CausalConv1d } from "./causal-conv1d.js";
import { checkSizes } from "./check-options.js";
import { declareDecay } from "./decay.js";
import { GatedRMSNorm } from "./gated-rms-norm.js";
import { declareState, stateOf } from "./layer-cache.js";
import { MergedColumnParallelLinear, RowParallelLinear } from "./linear.js";
import { Module } from "./module.js";
import type { Prefix } from "./prefix.js";
import { Source } from "./source.js";

export interface Mamba2MixerOptions {
  readonly hiddenSize: number;
  readonly numHeads: number;
  readonly headDim: number;
  /** Groups of heads that share B and C; divides numHeads. */
  readonly nGroups: number;
  readonly stateSize: number;
  readonly convKernel: number;
  /** Of in_proj and out_proj. */
  readonly useBias: boolean;
  readonly useConvBias: boolean;
  /** After the convolution; the gate is always silu. */
  readonly hiddenAct: ActivationKind;
  /** Least and greatest time step. */
  readonly timeStepLimit: readonly [min: number, max: number];
  readonly rmsNormEps: number;
  /** Columns that share one mean in the gated norm; default: all. */
  readonly normGroupSize?: number;
}

/**
 * Names in the checkpoint: in_proj, conv1d, dt_bias, A_log, D, norm, out_proj. Heads and groups are cut over ranks.
 * Source: Dao and Gu 2024; HF Mamba2Mixer.
 */
export class Mamba2Mixer<C> extends Module<C> {
  private readonly options: Mamba2MixerOptions;
  /** Columns of this rank. */
  private readonly sizes: { readonly inner: number; readonly states: number; readonly heads: number };
  private readonly inProj: MergedColumnParallelLinear<C>;
  private readonly conv1d: CausalConv1d<C>;
  private readonly dtBias: Parameter;
  private readonly a: Parameter;
  private readonly d: Parameter;
  private readonly norm: GatedRMSNorm<C>;
  private readonly outProj: RowParallelLinear<C>;

  constructor(prefix: Prefix<C>, options: Mamba2MixerOptions) {
    super(prefix);
    const { hiddenSize, numHeads, headDim, nGroups, stateSize, useBias: bias } = options;
    checkSizes(prefix, { hiddenSize, numHeads, headDim, nGroups, stateSize });
    if (numHeads % nGroups !== 0)
      throw new ConfigError(`${prefix.name}: nGroups must be a divisor of numHeads ${numHeads}, got ${nGroups}`);
    this.options = options;
    const { parallel } = prefix.context;
    const [inner, states] = [numHeads * headDim, nGroups * stateSize];
    const heads = shardRange(`${prefix.name}: heads`, numHeads, parallel);
    const groups = shardRange(`${prefix.name}: groups`, nGroups, parallel);
    this.sizes = { inner: heads.count * headDim, states: groups.count * stateSize, heads: heads.count };
    this.inProj = new MergedColumnParallelLinear(this.at("in_proj"), {
      inputSize: hiddenSize,
      outputSizes: [inner, inner, states, states, numHeads],
      fused: "stacked",
      bias,
    });
    this.conv1d = new CausalConv1d(this.at("conv1d"), {
      channels: [inner, states, states],
      kernelSize: options.convKernel,
      bias: options.useConvBias,
      activation: options.hiddenAct,
    });
    const perHead = (name: string): Source => new Source(prefix.join(name), [numHeads]).rows(heads.start, heads.count);
    this.dtBias = this.declareVector("dt_bias", perHead("dt_bias"));
    this.a = declareDecay(prefix, prefix.join("A_log"), [heads.count], perHead("A_log"));
    this.d = this.declareVector("D", perHead("D"));
    this.norm = new GatedRMSNorm(this.at("norm"), {
      hiddenSize: inner,
      rmsNormEps: options.rmsNormEps,
      groupSize: options.normGroupSize ?? inner,
    });
    this.outProj = new RowParallelLinear(this.at("out_proj"), { inputSize: inner, outputSize: hiddenSize, bias });
    declareState(prefix, { conv: this.conv1d.stateShape, scan: [heads.count, stateSize, headDim] });
  }

  /** x [numTokens, hiddenSize] f32 -> the same shape */
  forward(x: Tensor): Tensor {
    const { tensors, metadata } = stateOf(this.prefix, x);
    const { headDim, stateSize, timeStepLimit } = this.options;
    const { inner, states, heads } = this.sizes;
    const projected = this.inProj.forward(x);
    const [gate, mixed] = [projected.columns(0, inner), projected.columns(inner, inner + 2 * states)];
    const dt = projected.columns(2 * inner + 2 * states, heads);
    const u = this.conv1d.forward(mixed, tensors["conv"]!, metadata);
    const grouped = (first: number): Tensor => u.columns(first, states).splitLast(states / stateSize, stateSize);
    const [b, c] = [grouped(inner), grouped(inner + states)];
    const scanned = ssdScan(
      { x: u.columns(0, inner).splitLast(heads, headDim), dt, dtBias: this.dtBias, a: this.a, b, c, d: this.d },
      tensors["scan"]!,
      metadata,
      { dtMin: timeStepLimit[0], dtMax: timeStepLimit[1] },
    );
    return this.outProj.forward(this.norm.forward(scanned, gate));
  }

  private declareVector(name: string, source: Source): Parameter {
    const rowCount = this.sizes.heads;
    return this.prefix.context.parameters.declare({
      name: this.prefix.join(name),
      shape: [rowCount],
      dtype: "f32",
      layout: "rowMajor",
      parts: [{ source, rowStart: 0, rowCount }],
    });
  }
}
