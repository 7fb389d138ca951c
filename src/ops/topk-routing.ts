/** Routing of tokens to experts. */
import type { Parameter } from "../tensor/parameter.js";
import type { Tensor } from "../tensor/tensor.js";
import { ShapeError } from "../util/errors.js";
import { checkDType, checkDenseRows, checkRank, checkSize } from "./check.js";
import { programOf } from "./program.js";

/** How router logits become scores: over all experts, or each by itself. */
export const scoringFuncs = ["softmax", "sigmoid"] as const;
export type ScoringFunc = (typeof scoringFuncs)[number];

/** How a group of experts is scored: by its best expert (DeepSeek V2), or by the sum of its two best (V3). */
export const groupScores = ["max", "topTwo"] as const;
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
export function topkRouting(logits: Tensor, options: RoutingOptions, correctionBias?: Parameter): Routing {
  checkRank("topkRouting", "logits", logits, 2);
  checkDType("topkRouting", "logits", logits, "f32");
  checkDenseRows("topkRouting", "logits", logits);
  const numExperts = logits.size(1);
  if (correctionBias) checkSize("topkRouting", "correctionBias", correctionBias, 0, numExperts);
  const { topK, scoringFunc = "softmax", renormalize, routedScalingFactor = 1, groupScore = "max" } = options;
  const { numExpertGroup = 1, topkGroup = numExpertGroup } = options;
  const problem = routingProblem(numExperts, { ...options, numExpertGroup, topkGroup });
  if (problem) throw new ShapeError(`topkRouting: ${problem}`);
  const shape = [logits.size(0), topK];
  const attributes = { topK, scoringFunc, renormalize: Number(renormalize), numExpertGroup, topkGroup, groupScore };
  const [ids, weights] = programOf("topkRouting", logits).record(
    "topkRouting",
    correctionBias ? [logits, correctionBias] : [logits],
    [
      { shape, dtype: "i32" },
      { shape, dtype: "f32" },
    ],
    { ...attributes, routedScalingFactor },
  ) as [Tensor, Tensor];
  return { ids, weights };
}

/** What is wrong with the numbers of a routing; undefined when all is well. */
export function routingProblem(numExperts: number, options: RoutingOptions): string | undefined {
  const { topK, numExpertGroup = 1, topkGroup = numExpertGroup, groupScore = "max" } = options;
  if (!isCount(topK, numExperts)) return `topK must be 1 to ${numExperts} (experts), got ${topK}`;
  if (!isCount(numExpertGroup, numExperts) || numExperts % numExpertGroup !== 0)
    return `numExpertGroup must divide ${numExperts} experts, got ${numExpertGroup}`;
  if (!isCount(topkGroup, numExpertGroup)) return `topkGroup must be 1 to ${numExpertGroup} (groups), got ${topkGroup}`;
  const groupSize = numExperts / numExpertGroup;
  if (topkGroup * groupSize < topK)
    return `${topkGroup} groups of ${groupSize} experts must hold topK = ${topK} experts at least`;
  if (numExpertGroup > 1 && groupScore === "topTwo" && groupSize < 2)
    return `groups that are scored by their two best experts must have two at least, got ${groupSize}`;
  return undefined;
}

function isCount(value: number, most: number): boolean {
  return Number.isSafeInteger(value) && value >= 1 && value <= most;
}
