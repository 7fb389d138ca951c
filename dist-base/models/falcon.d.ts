/** Falcon 7B, 40B, 180B, 11B and RW: one or more KV heads, blocks one after the other or side by side. Follows HF modeling_falcon.py; strings are checkpoint names. */
import type { ConfigOf } from "../config/hf-config.js";
import type { HeadsConfig } from "../config/hf-heads.js";
import { CausalLM } from "../layers/causal-lm.js";
import type { Step } from "../ops/step.js";
import type { Tensor } from "../tensor/tensor.js";
export declare const config: import("../config/hf-config.js").HfConfig<{
    readonly hiddenSize: number;
    readonly ffnHiddenSize: number | undefined;
    readonly numHiddenLayers: number;
    readonly heads: HeadsConfig;
    readonly rope: import("../config/hf-rope.js").RopeConfig;
    readonly vocabSize: number;
    readonly activation: import("../ops/activation.js").ActivationKind;
    readonly layerNormEpsilon: number;
    readonly alibi: boolean;
    readonly bias: boolean;
    readonly parallelAttn: boolean;
    readonly multiQuery: boolean;
    readonly newDecoderArchitecture: boolean;
    readonly numLnInParallelAttn: number | undefined;
    readonly tieWordEmbeddings: boolean;
}>;
type Config = ConfigOf<typeof config>;
export declare class FalconForCausalLM extends CausalLM<Config> {
    static readonly config: import("../config/hf-config.js").HfConfig<{
        readonly hiddenSize: number;
        readonly ffnHiddenSize: number | undefined;
        readonly numHiddenLayers: number;
        readonly heads: HeadsConfig;
        readonly rope: import("../config/hf-rope.js").RopeConfig;
        readonly vocabSize: number;
        readonly activation: import("../ops/activation.js").ActivationKind;
        readonly layerNormEpsilon: number;
        readonly alibi: boolean;
        readonly bias: boolean;
        readonly parallelAttn: boolean;
        readonly multiQuery: boolean;
        readonly newDecoderArchitecture: boolean;
        readonly numLnInParallelAttn: number | undefined;
        readonly tieWordEmbeddings: boolean;
    }>;
    private transformer;
    private lmHead;
    forward(step: Step): Tensor;
    computeLogits(rows: Tensor): Tensor;
}
export {};
