/** OLMo 2 and 3: norms after blocks, and of all heads together. Follows HF modeling_olmo2.py and modeling_olmo3.py; strings are checkpoint names. */
import type { ConfigOf } from "../config/hf-config.js";
import { CausalLM } from "../layers/causal-lm.js";
import type { Step } from "../ops/step.js";
import type { Tensor } from "../tensor/tensor.js";
export declare const config: import("../config/hf-config.js").HfConfig<{
    readonly hiddenSize: number;
    readonly intermediateSize: number;
    readonly numHiddenLayers: number;
    readonly heads: import("../config/hf-heads.js").HeadsConfig;
    readonly vocabSize: number;
    readonly hiddenAct: import("../ops/activation.js").ActivationKind;
    readonly rmsNormEps: number;
    readonly attentionBias: boolean;
    readonly tieWordEmbeddings: boolean;
    readonly rope: import("../config/hf-rope.js").RopeConfig;
}>;
/** OLMo 3 has windows on most layers; rope_scaling is for the others. */
export declare const olmo3Config: import("../config/hf-config.js").HfConfig<{
    readonly hiddenSize: number;
    readonly intermediateSize: number;
    readonly numHiddenLayers: number;
    readonly heads: import("../config/hf-heads.js").HeadsConfig;
    readonly vocabSize: number;
    readonly hiddenAct: import("../ops/activation.js").ActivationKind;
    readonly rmsNormEps: number;
    readonly attentionBias: boolean;
    readonly tieWordEmbeddings: boolean;
    readonly rope: import("../config/hf-rope.js").RopeConfig;
    readonly localRope: import("../config/hf-rope.js").RopeConfig;
    readonly slidingWindows: readonly (number | undefined)[];
}>;
type Config = ConfigOf<typeof config> & Partial<Pick<ConfigOf<typeof olmo3Config>, "localRope" | "slidingWindows">>;
export declare class Olmo2ForCausalLM extends CausalLM<Config> {
    static readonly config: import("../config/hf-config.js").HfConfig<{
        readonly hiddenSize: number;
        readonly intermediateSize: number;
        readonly numHiddenLayers: number;
        readonly heads: import("../config/hf-heads.js").HeadsConfig;
        readonly vocabSize: number;
        readonly hiddenAct: import("../ops/activation.js").ActivationKind;
        readonly rmsNormEps: number;
        readonly attentionBias: boolean;
        readonly tieWordEmbeddings: boolean;
        readonly rope: import("../config/hf-rope.js").RopeConfig;
    }>;
    private model;
    private lmHead;
    forward(step: Step): Tensor;
    computeLogits(rows: Tensor): Tensor;
}
export declare class Olmo3ForCausalLM extends Olmo2ForCausalLM {
    static readonly config: import("../config/hf-config.js").HfConfig<{
        readonly hiddenSize: number;
        readonly intermediateSize: number;
        readonly numHiddenLayers: number;
        readonly heads: import("../config/hf-heads.js").HeadsConfig;
        readonly vocabSize: number;
        readonly hiddenAct: import("../ops/activation.js").ActivationKind;
        readonly rmsNormEps: number;
        readonly attentionBias: boolean;
        readonly tieWordEmbeddings: boolean;
        readonly rope: import("../config/hf-rope.js").RopeConfig;
        readonly localRope: import("../config/hf-rope.js").RopeConfig;
        readonly slidingWindows: readonly (number | undefined)[];
    }>;
}
export {};
