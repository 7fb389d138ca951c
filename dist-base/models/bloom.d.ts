/** BLOOM: linear biases by distance instead of positions, a norm after the embedding. Follows HF modeling_bloom.py; strings are checkpoint names. */
import type { ConfigOf } from "../config/hf-config.js";
import { CausalLM } from "../layers/causal-lm.js";
import type { Step } from "../ops/step.js";
import type { Tensor } from "../tensor/tensor.js";
export declare const config: import("../config/hf-config.js").HfConfig<{
    readonly hiddenSize: number;
    readonly numHiddenLayers: number;
    readonly heads: import("../config/hf-heads.js").HeadsConfig;
    readonly vocabSize: number;
    readonly layerNormEpsilon: number;
    readonly applyResidualConnectionPostLayernorm: boolean;
    readonly slowButExact: false;
    readonly tieWordEmbeddings: boolean;
}>;
type Config = ConfigOf<typeof config>;
export declare class BloomForCausalLM extends CausalLM<Config> {
    static readonly config: import("../config/hf-config.js").HfConfig<{
        readonly hiddenSize: number;
        readonly numHiddenLayers: number;
        readonly heads: import("../config/hf-heads.js").HeadsConfig;
        readonly vocabSize: number;
        readonly layerNormEpsilon: number;
        readonly applyResidualConnectionPostLayernorm: boolean;
        readonly slowButExact: false;
        readonly tieWordEmbeddings: boolean;
    }>;
    /** Published files are those of the inner model. */
    static readonly renames: readonly [readonly [RegExp, "transformer."]];
    private transformer;
    private lmHead;
    forward(step: Step): Tensor;
    computeLogits(rows: Tensor): Tensor;
}
export {};
