/** Qwen3-MoE: Qwen3 with a mixture of experts in most layers. Follows HF modeling_qwen3_moe.py; strings are checkpoint names. */
import type { ConfigOf } from "../config/hf-config.js";
import { CausalLM } from "../layers/causal-lm.js";
import type { Step } from "../ops/step.js";
import type { Tensor } from "../tensor/tensor.js";
export declare const config: import("../config/hf-config.js").HfConfig<{
    readonly hiddenSize: number;
    readonly intermediateSize: number;
    readonly numHiddenLayers: number;
    readonly heads: import("../config/hf-heads.js").HeadsConfig;
    readonly rope: import("../config/hf-rope.js").RopeConfig;
    readonly vocabSize: number;
    readonly hiddenAct: import("../ops/activation.js").ActivationKind;
    readonly rmsNormEps: number;
    readonly attentionBias: boolean;
    readonly slidingWindows: readonly (number | undefined)[];
    readonly numExperts: number;
    readonly numExpertsPerTok: number;
    readonly moeIntermediateSize: number;
    readonly normTopkProb: boolean;
    readonly mlpOnlyLayers: number[];
    readonly decoderSparseStep: number;
    readonly tieWordEmbeddings: boolean;
}>;
type Config = ConfigOf<typeof config>;
export declare class Qwen3MoeForCausalLM extends CausalLM<Config> {
    static readonly config: import("../config/hf-config.js").HfConfig<{
        readonly hiddenSize: number;
        readonly intermediateSize: number;
        readonly numHiddenLayers: number;
        readonly heads: import("../config/hf-heads.js").HeadsConfig;
        readonly rope: import("../config/hf-rope.js").RopeConfig;
        readonly vocabSize: number;
        readonly hiddenAct: import("../ops/activation.js").ActivationKind;
        readonly rmsNormEps: number;
        readonly attentionBias: boolean;
        readonly slidingWindows: readonly (number | undefined)[];
        readonly numExperts: number;
        readonly numExpertsPerTok: number;
        readonly moeIntermediateSize: number;
        readonly normTopkProb: boolean;
        readonly mlpOnlyLayers: number[];
        readonly decoderSparseStep: number;
        readonly tieWordEmbeddings: boolean;
    }>;
    private model;
    private lmHead;
    forward(step: Step): Tensor;
    computeLogits(rows: Tensor): Tensor;
}
export {};
