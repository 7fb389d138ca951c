/** GPT-J: attention and feed-forward read the same norm, pairs of neighbours are rotated. Follows HF modeling_gptj.py; strings are checkpoint names. */
import type { ConfigOf } from "../config/hf-config.js";
import { CausalLM } from "../layers/causal-lm.js";
import type { Step } from "../ops/step.js";
import type { Tensor } from "../tensor/tensor.js";
export declare const config: import("../config/hf-config.js").HfConfig<{
    readonly hiddenSize: number;
    readonly innerSize: number | undefined;
    readonly numHiddenLayers: number;
    readonly heads: import("../config/hf-heads.js").HeadsConfig;
    readonly rope: import("../config/hf-rope.js").RopeConfig;
    readonly vocabSize: number;
    readonly activationFunction: import("../ops/activation.js").ActivationKind;
    readonly layerNormEpsilon: number;
    readonly tieWordEmbeddings: boolean;
}>;
type Config = ConfigOf<typeof config>;
export declare class GPTJForCausalLM extends CausalLM<Config> {
    static readonly config: import("../config/hf-config.js").HfConfig<{
        readonly hiddenSize: number;
        readonly innerSize: number | undefined;
        readonly numHiddenLayers: number;
        readonly heads: import("../config/hf-heads.js").HeadsConfig;
        readonly rope: import("../config/hf-rope.js").RopeConfig;
        readonly vocabSize: number;
        readonly activationFunction: import("../ops/activation.js").ActivationKind;
        readonly layerNormEpsilon: number;
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
