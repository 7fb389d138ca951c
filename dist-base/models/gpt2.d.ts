/** GPT-2. Follows HF modeling_gpt2.py, whose linear layers are stored [inputs, outputs]; strings are checkpoint names. */
import type { ConfigOf } from "../config/hf-config.js";
import { CausalLM } from "../layers/causal-lm.js";
import type { Step } from "../ops/step.js";
import type { Tensor } from "../tensor/tensor.js";
export declare const config: import("../config/hf-config.js").HfConfig<{
    readonly hiddenSize: number;
    readonly innerSize: number | undefined;
    readonly numHiddenLayers: number;
    readonly heads: import("../config/hf-heads.js").HeadsConfig;
    readonly vocabSize: number;
    readonly numPositions: number;
    readonly activationFunction: import("../ops/activation.js").ActivationKind;
    readonly layerNormEpsilon: number;
    readonly scaleAttnWeights: boolean;
    readonly scaleAttnByInverseLayerIdx: boolean;
    readonly addCrossAttention: false;
    readonly tieWordEmbeddings: boolean;
}>;
type Config = ConfigOf<typeof config>;
export declare class GPT2LMHeadModel extends CausalLM<Config> {
    static readonly config: import("../config/hf-config.js").HfConfig<{
        readonly hiddenSize: number;
        readonly innerSize: number | undefined;
        readonly numHiddenLayers: number;
        readonly heads: import("../config/hf-heads.js").HeadsConfig;
        readonly vocabSize: number;
        readonly numPositions: number;
        readonly activationFunction: import("../ops/activation.js").ActivationKind;
        readonly layerNormEpsilon: number;
        readonly scaleAttnWeights: boolean;
        readonly scaleAttnByInverseLayerIdx: boolean;
        readonly addCrossAttention: false;
        readonly tieWordEmbeddings: boolean;
    }>;
    /** Published files are those of the inner model. */
    static readonly renames: readonly [readonly [RegExp, "transformer."]];
    /** The causal mask, once a parameter. */
    static readonly ignored: RegExp[];
    private transformer;
    private lmHead;
    forward(step: Step): Tensor;
    computeLogits(rows: Tensor): Tensor;
}
export {};
