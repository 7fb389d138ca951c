/** Qwen3: Llama with a norm of every head before the rotation. Follows HF modeling_qwen3.py; strings are checkpoint names. */
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
    readonly tieWordEmbeddings: boolean;
}>;
type Config = ConfigOf<typeof config>;
export declare class Qwen3ForCausalLM extends CausalLM<Config> {
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
        readonly tieWordEmbeddings: boolean;
    }>;
    private model;
    private lmHead;
    forward(step: Step): Tensor;
    computeLogits(rows: Tensor): Tensor;
}
export {};
