/** Routing of tokens to experts. */
import type { Parameter } from "../tensor/parameter.js";
import type { Tensor } from "../tensor/tensor.js";
/** How router logits become scores: over all experts, or each by itself. */
export declare const scoringFuncs: readonly ["softmax", "sigmoid"];
export type ScoringFunc = (typeof scoringFuncs)[number];
/** How a group of experts is scored: by its best expert (DeepSeek V2), or by the sum of its two best (V3). */
export declare const groupScores: readonly ["max", "topTwo"];
export type GroupScore = (typeof groupScores)[number];
/** Named as in vLLM's FusedMoE. */
export interface RoutingOptions {
    /** Experts of each token. */
    readonly topK: number;
    readonly scoringFunc?: ScoringFunc;
    /** Whether a token's weights are divided by their sum. */
    readonly renormalize: boolean;
    /** Experts are in so many groups of neighbours; 1: no groups. */
    readonly numExpertGroup?: number;
    /** A token's experts are of its so many best groups. Default: all groups. */
    readonly topkGroup?: number;
    readonly groupScore?: GroupScore;
    /** Factor of the weights, after everything else. */
    readonly routedScalingFactor?: number;
}
/** Which experts each token goes to. */
export interface Routing {
    /** [numTokens, topK] i32, a token's best expert first */
    readonly ids: Tensor;
    /** [numTokens, topK] f32: what each expert's result counts */
    readonly weights: Tensor;
}
/**
 * The topK best experts of each token and their weights.
 *
 * An expert's score is softmax or sigmoid of its logit; it is chosen by score + correctionBias, and weighs its score alone.
 * Without a bias, and unless groups are scored by their two best, the logit itself chooses: it does not round. Of equals the lower
 * index is first. Only experts of the topkGroup best groups are chosen.
 * With `renormalize`, weights are divided by (their sum in the order of the choice + 1e-20); then comes routedScalingFactor.
 * Softmax over the chosen logits alone (gpt-oss) is softmax with `renormalize`.
 *
 * @param logits         [numTokens, numExperts] f32, rows may be strided
 * @param correctionBias [numExperts] f32, optional
 * @returns              ids and weights, in the program of logits
 * @throws ShapeError if sizes do not fit: groups must divide the experts, and hold enough of them
 * In f32. Source: HF Qwen3MoeTopKRouter, DeepseekV3TopkRouter; Liu et al. 2024, section 2.1.2.
 */
export declare function topkRouting(logits: Tensor, options: RoutingOptions, correctionBias?: Parameter): Routing;
/** What is wrong with the numbers of a routing; undefined when all is well. */
export declare function routingProblem(numExperts: number, options: RoutingOptions): string | undefined;
