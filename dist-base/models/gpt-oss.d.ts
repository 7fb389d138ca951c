/** gpt-oss: attention sinks, every second layer with a window, experts with biases. Follows HF modeling_gpt_oss.py; strings are checkpoint names. */
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
    readonly rmsNormEps: number;
    readonly attentionBias: boolean;
    readonly slidingWindows: readonly (number | undefined)[];
    readonly numExperts: number;
    readonly numExpertsPerTok: number;
    readonly swigluAlpha: number;
    readonly swigluLimit: number;
    readonly tieWordEmbeddings: boolean;
}>;
type Config = ConfigOf<typeof config>;
export declare class GptOssForCausalLM extends CausalLM<Config> {
    static readonly config: import("../config/hf-config.js").HfConfig<{
        readonly hiddenSize: number;
        readonly intermediateSize: number;
        readonly numHiddenLayers: number;
        readonly heads: import("../config/hf-heads.js").HeadsConfig;
        readonly rope: import("../config/hf-rope.js").RopeConfig;
        readonly vocabSize: number;
        readonly rmsNormEps: number;
        readonly attentionBias: boolean;
        readonly slidingWindows: readonly (number | undefined)[];
        readonly numExperts: number;
        readonly numExpertsPerTok: number;
        readonly swigluAlpha: number;
        readonly swigluLimit: number;
        readonly tieWordEmbeddings: boolean;
    }>;
    private model;
    private lmHead;
    forward(step: Step): Tensor;
    computeLogits(rows: Tensor): Tensor;
}
export {};
