/** Gemma 2: windows on every other layer, soft caps, norms around blocks. Follows HF modeling_gemma2.py; strings are checkpoint names. */
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
    readonly queryPreAttnScalar: number;
    readonly slidingWindows: readonly (number | undefined)[];
    readonly attnLogitSoftcapping: number | undefined;
    readonly finalLogitSoftcapping: number | undefined;
    readonly useBidirectionalAttention: false;
    readonly tieWordEmbeddings: boolean;
}>;
type Config = ConfigOf<typeof config>;
export declare class Gemma2ForCausalLM extends CausalLM<Config> {
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
        readonly queryPreAttnScalar: number;
        readonly slidingWindows: readonly (number | undefined)[];
        readonly attnLogitSoftcapping: number | undefined;
        readonly finalLogitSoftcapping: number | undefined;
        readonly useBidirectionalAttention: false;
        readonly tieWordEmbeddings: boolean;
    }>;
    private model;
    private lmHead;
    forward(step: Step): Tensor;
    computeLogits(rows: Tensor): Tensor;
}
export {};
