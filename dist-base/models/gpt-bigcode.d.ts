/** StarCoder and SantaCoder: GPT-2 with one KV head for all. Follows HF modeling_gpt_bigcode.py; strings are checkpoint names. */
import type { ConfigOf } from "../config/hf-config.js";
import type { HeadsConfig } from "../config/hf-heads.js";
import { CausalLM } from "../layers/causal-lm.js";
import type { Step } from "../ops/step.js";
import type { Tensor } from "../tensor/tensor.js";
export declare const config: import("../config/hf-config.js").HfConfig<{
    readonly hiddenSize: number;
    readonly innerSize: number | undefined;
    readonly numHiddenLayers: number;
    readonly heads: HeadsConfig;
    readonly multiQuery: boolean;
    readonly vocabSize: number;
    readonly numPositions: number;
    readonly activationFunction: import("../ops/activation.js").ActivationKind;
    readonly layerNormEpsilon: number;
    readonly scaleAttnWeights: boolean;
    readonly addCrossAttention: false;
    readonly tieWordEmbeddings: boolean;
}>;
type Config = ConfigOf<typeof config>;
export declare class GPTBigCodeForCausalLM extends CausalLM<Config> {
    static readonly config: import("../config/hf-config.js").HfConfig<{
        readonly hiddenSize: number;
        readonly innerSize: number | undefined;
        readonly numHiddenLayers: number;
        readonly heads: HeadsConfig;
        readonly multiQuery: boolean;
        readonly vocabSize: number;
        readonly numPositions: number;
        readonly activationFunction: import("../ops/activation.js").ActivationKind;
        readonly layerNormEpsilon: number;
        readonly scaleAttnWeights: boolean;
        readonly addCrossAttention: false;
        readonly tieWordEmbeddings: boolean;
    }>;
    /** The causal mask, once a parameter. */
    static readonly ignored: RegExp[];
    private transformer;
    private lmHead;
    forward(step: Step): Tensor;
    computeLogits(rows: Tensor): Tensor;
}
export {};
