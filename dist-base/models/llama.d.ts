/** Llama 1-3 and Mistral. Follows HF modeling_llama.py and modeling_mistral.py; strings are checkpoint names. */
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
    readonly mlpBias: boolean;
    readonly tieWordEmbeddings: boolean;
}>;
export declare const mistralConfig: import("../config/hf-config.js").HfConfig<{
    readonly hiddenSize: number;
    readonly intermediateSize: number;
    readonly numHiddenLayers: number;
    readonly heads: import("../config/hf-heads.js").HeadsConfig;
    readonly rope: import("../config/hf-rope.js").RopeConfig;
    readonly vocabSize: number;
    readonly hiddenAct: import("../ops/activation.js").ActivationKind;
    readonly rmsNormEps: number;
    readonly attentionBias: boolean;
    readonly mlpBias: boolean;
    readonly tieWordEmbeddings: boolean;
    readonly slidingWindow: number | undefined;
}>;
type Config = ConfigOf<typeof config> & {
    readonly slidingWindow?: number | undefined;
};
export declare class LlamaForCausalLM extends CausalLM<Config> {
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
        readonly mlpBias: boolean;
        readonly tieWordEmbeddings: boolean;
    }>;
    private model;
    private lmHead;
    forward(step: Step): Tensor;
    computeLogits(rows: Tensor): Tensor;
}
/** Mistral is Llama with a sliding window. */
export declare class MistralForCausalLM extends LlamaForCausalLM {
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
        readonly mlpBias: boolean;
        readonly tieWordEmbeddings: boolean;
        readonly slidingWindow: number | undefined;
    }>;
}
/** The name in some of the first conversions of Llama 1. */
export declare class LLaMAForCausalLM extends LlamaForCausalLM {
}
export {};
