/** FalconMamba: Mamba with norms of time step, B and C. Follows HF modeling_falcon_mamba.py; strings are checkpoint names. */
import type { ConfigOf } from "../config/hf-config.js";
import { CausalLM } from "../layers/causal-lm.js";
import type { Step } from "../ops/step.js";
import type { Tensor } from "../tensor/tensor.js";
export declare const config: import("../config/hf-config.js").HfConfig<{
    readonly hiddenSize: number;
    readonly numHiddenLayers: number;
    readonly vocabSize: number;
    readonly sizes: import("../config/hf-mamba.js").MambaSizes;
    readonly stateSize: number;
    readonly convKernel: number;
    readonly useBias: boolean;
    readonly useConvBias: boolean;
    readonly hiddenAct: import("../ops/activation.js").ActivationKind;
    readonly rmsNormEps: number;
    readonly mixerRmsEps: number;
    readonly tieWordEmbeddings: boolean;
}>;
type Config = ConfigOf<typeof config>;
export declare class FalconMambaForCausalLM extends CausalLM<Config> {
    static readonly config: import("../config/hf-config.js").HfConfig<{
        readonly hiddenSize: number;
        readonly numHiddenLayers: number;
        readonly vocabSize: number;
        readonly sizes: import("../config/hf-mamba.js").MambaSizes;
        readonly stateSize: number;
        readonly convKernel: number;
        readonly useBias: boolean;
        readonly useConvBias: boolean;
        readonly hiddenAct: import("../ops/activation.js").ActivationKind;
        readonly rmsNormEps: number;
        readonly mixerRmsEps: number;
        readonly tieWordEmbeddings: boolean;
    }>;
    /** Older checkpoints have the singular. */
    static readonly renames: readonly [readonly [RegExp, "backbone.embeddings."]];
    private backbone;
    private lmHead;
    forward(step: Step): Tensor;
    computeLogits(rows: Tensor): Tensor;
}
export {};
