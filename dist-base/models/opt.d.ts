/** OPT. Follows HF modeling_opt.py; strings are checkpoint names. */
import type { ConfigOf } from "../config/hf-config.js";
import { CausalLM } from "../layers/causal-lm.js";
import type { Step } from "../ops/step.js";
import type { Tensor } from "../tensor/tensor.js";
export declare const config: import("../config/hf-config.js").HfConfig<{
    readonly hiddenSize: number;
    readonly ffnDim: number;
    readonly numHiddenLayers: number;
    readonly heads: import("../config/hf-heads.js").HeadsConfig;
    readonly vocabSize: number;
    readonly maxPositionEmbeddings: number;
    readonly wordEmbedProjDim: number | undefined;
    readonly activationFunction: import("../ops/activation.js").ActivationKind;
    readonly doLayerNormBefore: boolean;
    readonly removeFinalLayerNorm: boolean;
    readonly layerNormElementwiseAffine: boolean;
    readonly enableBias: boolean;
    readonly tieWordEmbeddings: boolean;
}>;
type Config = ConfigOf<typeof config>;
export declare class OPTForCausalLM extends CausalLM<Config> {
    static readonly config: import("../config/hf-config.js").HfConfig<{
        readonly hiddenSize: number;
        readonly ffnDim: number;
        readonly numHiddenLayers: number;
        readonly heads: import("../config/hf-heads.js").HeadsConfig;
        readonly vocabSize: number;
        readonly maxPositionEmbeddings: number;
        readonly wordEmbedProjDim: number | undefined;
        readonly activationFunction: import("../ops/activation.js").ActivationKind;
        readonly doLayerNormBefore: boolean;
        readonly removeFinalLayerNorm: boolean;
        readonly layerNormElementwiseAffine: boolean;
        readonly enableBias: boolean;
        readonly tieWordEmbeddings: boolean;
    }>;
    /** opt-350m was published without the outer "model.". */
    static readonly renames: readonly [readonly [RegExp, "model.decoder."]];
    private decoder;
    private lmHead;
    forward(step: Step): Tensor;
    computeLogits(rows: Tensor): Tensor;
}
export {};
