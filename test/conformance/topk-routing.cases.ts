/** Cases of topkRouting: which experts must be equal, how much they weigh within tolerance. */
import type { RoutingOptions } from "../../src/ops/topk-routing.js";
import { topkRouting } from "../../src/ops/topk-routing.js";
import type { CaseInputs, RowOptions } from "./case-inputs.js";
import type { OpCase } from "./op-case.js";
import { fills } from "./random.js";

export const op = "topkRouting";

interface Options extends RowOptions, RoutingOptions {
  tokens: number;
  numExperts: number;
  bias?: boolean;
}

function routingCase(name: string, { tokens, numExperts, bias = false, ...options }: Options): OpCase {
  const { fill = fills.wide, stride, offset } = options;
  return {
    name,
    rows: tokens,
    tolerance: 2e-6,
    // Weights that a platform flushes to zero.
    absolute: 1e-30,
    record: (inputs: CaseInputs, picked) => {
      const logits = inputs.rows("logits", picked, numExperts, { fill, stride, offset } as RowOptions);
      const { ids, weights } = topkRouting(logits, options, bias ? inputs.parameter("bias", [numExperts]) : undefined);
      return [ids, weights];
    },
  };
}

/** Few different values: equals are everywhere. */
const coarse = (random: () => number): number => Math.floor(random() * 3);

export const cases: readonly OpCase[] = [
  routingCase("one expert", { tokens: 3, numExperts: 1, topK: 1, renormalize: false }),
  routingCase("softmax", { tokens: 20, numExperts: 60, topK: 4, renormalize: false }),
  routingCase("softmax, renormalized", { tokens: 33, numExperts: 128, topK: 8, renormalize: true }),
  routingCase("all experts", { tokens: 5, numExperts: 7, topK: 7, renormalize: false }),
  routingCase("equals", { tokens: 40, numExperts: 19, topK: 5, renormalize: true, fill: coarse }),
  routingCase("far apart", {
    tokens: 9,
    numExperts: 20,
    topK: 6,
    renormalize: true,
    fill: (random) => fills.unit(random) * 300,
  }),
  routingCase("sigmoid", { tokens: 11, numExperts: 18, topK: 3, scoringFunc: "sigmoid", renormalize: false }),
  routingCase("scaled", { tokens: 4, numExperts: 16, topK: 2, renormalize: true, routedScalingFactor: 2.5 }),
  routingCase("bias", { tokens: 12, numExperts: 24, topK: 4, scoringFunc: "sigmoid", renormalize: true, bias: true }),
  routingCase("softmax with bias", { tokens: 12, numExperts: 24, topK: 4, renormalize: true, bias: true }),
  routingCase("groups by their best", {
    ...{ tokens: 25, numExperts: 160, topK: 6, renormalize: false },
    ...{ numExpertGroup: 8, topkGroup: 3, routedScalingFactor: 16 },
  }),
  routingCase("groups by their two best, bias", {
    ...{ tokens: 25, numExperts: 64, topK: 8, renormalize: true, scoringFunc: "sigmoid", bias: true },
    ...{ numExpertGroup: 8, topkGroup: 4, groupScore: "topTwo", routedScalingFactor: 2.5 },
  }),
  routingCase("groups of one", {
    tokens: 6,
    numExperts: 9,
    topK: 2,
    renormalize: true,
    numExpertGroup: 9,
    topkGroup: 3,
  }),
  routingCase("strided", { tokens: 6, numExperts: 9, topK: 2, renormalize: true, stride: 30, offset: 4 }),
];
