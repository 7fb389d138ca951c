import type { ActivationKind } from "../ops/activation.js";
import type { GroupScore, ScoringFunc } from "../ops/topk-routing.js";
import type { Tensor } from "../tensor/tensor.js";
import type { ExpertNames } from "./experts-weight.js";
import { Module } from "./module.js";
import type { Prefix } from "./prefix.js";
/** Named as in vLLM's FusedMoE; whole-model sizes. */
export interface FusedMoEOptions {
    readonly numExperts: number;
    /** Experts of each token. */
    readonly topK: number;
    readonly hiddenSize: number;
    /** Of one expert. */
    readonly intermediateSize: number;
    readonly hiddenAct: ActivationKind | ClampedSwiglu;
    /** Whether a token's weights add up to 1. */
    readonly renormalize: boolean;
    /** Default: softmax over all experts. */
    readonly scoringFunc?: ScoringFunc;
    /** Groups of neighbours among which the best topkGroup are chosen first. Default: 1, none. */
    readonly numExpertGroup?: number;
    readonly topkGroup?: number;
    /** Default: by a group's best expert. */
    readonly groupScore?: GroupScore;
    /** Factor of all weights. Default: 1. */
    readonly routedScalingFactor?: number;
    /** A tensor [numExperts] that helps to choose experts and does not weigh them, named beside this module: `gate.e_score_correction_bias`. */
    readonly correctionBias?: string;
    /** How the checkpoint stores the experts. Default: `3.gate_proj.weight`, `3.up_proj.weight`, `3.down_proj.weight`. */
    readonly names?: ExpertNames;
    /** Whether experts have biases. */
    readonly bias?: boolean;
}
/** gpt-oss's activation; see the op of that name. */
export interface ClampedSwiglu {
    readonly alpha: number;
    readonly limit: number;
}
/**
 * The experts of one layer, and the choice among them. Takes the router's logits: `new RouterLinear(this.at("gate"), …)`; shared
 * experts are the model's own, added to the result. Source: Shazeer et al. 2017; HF MixtralSparseMoeBlock; vLLM FusedMoE.
 */
export declare class FusedMoE<C> extends Module<C> {
    private readonly options;
    private readonly gateUp;
    private readonly down;
    private readonly correctionBias;
    constructor(prefix: Prefix<C>, options: FusedMoEOptions);
    /** x [numTokens, hiddenSize] f32, routerLogits [numTokens, numExperts] f32 -> [numTokens, hiddenSize] f32 */
    forward(x: Tensor, routerLogits: Tensor): Tensor;
}
