import { l as ShapeError } from "./errors-CjlPyKrT.js";
import { n as programOf } from "./program-Dlln9x5O.js";
import { c as checkRank, o as checkDType, s as checkDenseRows, u as checkSize } from "./linear-DwAms2kL.js";
// src/ops/clamped-swiglu.ts
/**
* Clamped gated activation of a merged gate/up product: (u + 1) * g * sigmoid(alpha * g), with g = min(gate, limit) and u = up
* clamped to -limit .. limit.
*
* @param x     [numTokens, 2 n] f32: gate columns, then up columns; rows may be strided
* @param alpha factor inside the sigmoid: 1.702
* @param limit of gate (from above) and up (both sides): 7
* @returns     [numTokens, n] f32, dense, in the program of x
* @throws ShapeError if the last dimension is odd
* Source: HF GptOssExperts.
*/
function clampedSwiglu(x, alpha, limit) {
	checkDType("clampedSwiglu", "x", x, "f32");
	checkDenseRows("clampedSwiglu", "x", x);
	if (x.shape.length !== 2 || x.size(1) % 2 !== 0) throw new ShapeError(`clampedSwiglu: x must be [numTokens, 2 n], got ${x}`);
	const shape = [x.size(0), x.size(1) / 2];
	return programOf("clampedSwiglu", x).record("clampedSwiglu", [x], [{
		shape,
		dtype: "f32"
	}], {
		alpha,
		limit
	})[0];
}
// src/ops/topk-routing.ts
/** How router logits become scores: over all experts, or each by itself. */
const scoringFuncs = ["softmax", "sigmoid"];
/** How a group of experts is scored: by its best expert (DeepSeek V2), or by the sum of its two best (V3). */
const groupScores = ["max", "topTwo"];
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
function topkRouting(logits, options, correctionBias) {
	checkRank("topkRouting", "logits", logits, 2);
	checkDType("topkRouting", "logits", logits, "f32");
	checkDenseRows("topkRouting", "logits", logits);
	const numExperts = logits.size(1);
	if (correctionBias) checkSize("topkRouting", "correctionBias", correctionBias, 0, numExperts);
	const { topK, scoringFunc = "softmax", renormalize, routedScalingFactor = 1, groupScore = "max" } = options;
	const { numExpertGroup = 1, topkGroup = numExpertGroup } = options;
	const problem = routingProblem(numExperts, {
		...options,
		numExpertGroup,
		topkGroup
	});
	if (problem) throw new ShapeError(`topkRouting: ${problem}`);
	const shape = [logits.size(0), topK];
	const attributes = {
		topK,
		scoringFunc,
		renormalize: Number(renormalize),
		numExpertGroup,
		topkGroup,
		groupScore
	};
	const [ids, weights] = programOf("topkRouting", logits).record("topkRouting", correctionBias ? [logits, correctionBias] : [logits], [{
		shape,
		dtype: "i32"
	}, {
		shape,
		dtype: "f32"
	}], {
		...attributes,
		routedScalingFactor
	});
	return {
		ids,
		weights
	};
}
/** What is wrong with the numbers of a routing; undefined when all is well. */
function routingProblem(numExperts, options) {
	const { topK, numExpertGroup = 1, topkGroup = numExpertGroup, groupScore = "max" } = options;
	if (!isCount(topK, numExperts)) return `topK must be 1 to ${numExperts} (experts), got ${topK}`;
	if (!isCount(numExpertGroup, numExperts) || numExperts % numExpertGroup !== 0) return `numExpertGroup must divide ${numExperts} experts, got ${numExpertGroup}`;
	if (!isCount(topkGroup, numExpertGroup)) return `topkGroup must be 1 to ${numExpertGroup} (groups), got ${topkGroup}`;
	const groupSize = numExperts / numExpertGroup;
	if (topkGroup * groupSize < topK) return `${topkGroup} groups of ${groupSize} experts must hold topK = ${topK} experts at least`;
	if (numExpertGroup > 1 && groupScore === "topTwo" && groupSize < 2) return `groups that are scored by their two best experts must have two at least, got ${groupSize}`;
}
function isCount(value, most) {
	return Number.isSafeInteger(value) && value >= 1 && value <= most;
}
export { clampedSwiglu as a, topkRouting as i, routingProblem as n, scoringFuncs as r, groupScores as t };
