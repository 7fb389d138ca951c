/** A mixture of experts: each token goes through its best few of many gated feed-forward blocks. */
import { activationKinds, gatedActivation } from "../ops/activation.js";
import type { ActivationKind } from "../ops/activation.js";
import { clampedSwiglu } from "../ops/clamped-swiglu.js";
import { combineExperts } from "../ops/expert-linear.js";
import type { GroupScore, ScoringFunc } from "../ops/topk-routing.js";
import { groupScores, routingProblem, scoringFuncs, topkRouting } from "../ops/topk-routing.js";
import { shardRange } from "../parallel/sharding.js";
import type { Range } from "../parallel/sharding.js";
import type { Parameter } from "../tensor/parameter.js";
import type { Tensor } from "../tensor/tensor.js";
import { ConfigError, UnsupportedError } from "../util/errors.js";
import { checkNumber, checkOneOf, checkSizes } from "./check-options.js";
import type { ExpertNames, ExpertPart } from "./experts-weight.js";
import { expertBiasSource } from "./experts-weight.js";
import type { ExpertsWeight } from "./linear-method.js";
import { Module } from "./module.js";
import type { Prefix } from "./prefix.js";
import { Source } from "./source.js";

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
export class FusedMoE<C> extends Module<C> {
  private readonly options: FusedMoEOptions;
  private readonly gateUp: Projection;
  private readonly down: Projection;
  private readonly correctionBias: Parameter | undefined;

  constructor(prefix: Prefix<C>, options: FusedMoEOptions) {
    super(prefix);
    this.options = options;
    checkOptions(prefix, options);
    const { numExperts, hiddenSize, intermediateSize, bias = false } = options;
    const { gateUp, down } = partsOf(prefix, options);
    const sizes = { numExperts, bias, parallelSize: prefix.context.parallel.worldSize };
    this.gateUp = declareProjection(prefix, "gate_up_proj", gateUp, { ...sizes, inputSize: hiddenSize });
    const inputSize = intermediateSize / sizes.parallelSize;
    this.down = declareProjection(prefix, "down_proj", down, { ...sizes, inputSize });
    if (options.correctionBias !== undefined)
      this.correctionBias = declareVector(prefix, prefix.sibling(options.correctionBias), numExperts);
  }

  /** x [numTokens, hiddenSize] f32, routerLogits [numTokens, numExperts] f32 -> [numTokens, hiddenSize] f32 */
  forward(x: Tensor, routerLogits: Tensor): Tensor {
    const { hiddenAct } = this.options;
    const { worldSize } = this.prefix.context.parallel;
    if (worldSize > 1)
      throw new UnsupportedError(
        `${this.prefix.name}: summing over ${worldSize} ranks is not in this version; use --tensor-parallel-size 1`,
      );
    const { ids, weights } = topkRouting(routerLogits, this.options, this.correctionBias);
    const gateUp = this.gateUp.weight.apply(x, ids, this.gateUp.bias);
    const inner =
      typeof hiddenAct === "string"
        ? gatedActivation(gateUp, hiddenAct)
        : clampedSwiglu(gateUp, hiddenAct.alpha, hiddenAct.limit);
    return combineExperts(this.down.weight.apply(inner, ids, this.down.bias), weights);
  }
}

interface Projection {
  readonly weight: ExpertsWeight;
  readonly bias: Parameter | undefined;
}

/** @throws ConfigError naming the option that is wrong */
function checkOptions(prefix: Prefix, options: FusedMoEOptions): void {
  const { numExperts, topK, hiddenSize, intermediateSize, hiddenAct } = options;
  checkSizes(prefix, { numExperts, topK, hiddenSize, intermediateSize });
  if (typeof hiddenAct === "object") {
    checkNumber(prefix, "hiddenAct.alpha", hiddenAct.alpha);
    checkNumber(prefix, "hiddenAct.limit", hiddenAct.limit);
  } else checkOneOf(prefix, "hiddenAct", hiddenAct, activationKinds);
  if (options.scoringFunc !== undefined) checkOneOf(prefix, "scoringFunc", options.scoringFunc, scoringFuncs);
  if (options.groupScore !== undefined) checkOneOf(prefix, "groupScore", options.groupScore, groupScores);
  if (options.routedScalingFactor !== undefined)
    checkNumber(prefix, "routedScalingFactor", options.routedScalingFactor);
  const problem = routingProblem(numExperts, options);
  if (problem) throw new ConfigError(`${prefix.name}: ${problem}`);
}

/** This rank's parts of the merged gate/up projection (intermediate rows are cut) and of the down projection (columns are cut). */
function partsOf(prefix: Prefix, options: FusedMoEOptions): { gateUp: ExpertPart[]; down: ExpertPart[] } {
  const { numExperts, hiddenSize, intermediateSize } = options;
  const names = options.names ?? { gate: "gate_proj", up: "up_proj", down: "down_proj" };
  const rows = shardRange(`${prefix.name}: intermediateSize`, intermediateSize, prefix.context.parallel);
  const whole = { start: 0, count: hiddenSize };
  const [gateUp, down]: ExpertPart[][] = [[], []];
  for (let expert = 0; expert < numExperts; expert++) {
    const places =
      "gateUp" in names
        ? stackedParts(prefix, names, options, rows)
        : matrixParts(prefix, names, options, expert, rows);
    gateUp!.push(...places.gateUp.map((part, i) => ({ ...part, expert, outputStart: i * rows.count })));
    down!.push({ ...places.down, expert, outputStart: 0, rows: whole, columns: rows });
  }
  return { gateUp: gateUp!, down: down! };
}

type Names<K extends string> = Extract<ExpertNames, Record<K, string>>;
type GateUpPart = Omit<ExpertPart, "expert" | "outputStart">;
type DownPart = Omit<GateUpPart, "rows" | "columns">;

/** Parts of one expert with matrices of its own. */
function matrixParts(
  prefix: Prefix,
  { gate, up, down }: Names<"gate">,
  { hiddenSize, intermediateSize }: FusedMoEOptions,
  expert: number,
  rows: Range,
): { gateUp: GateUpPart[]; down: DownPart } {
  const nameOf = (name: string): string => prefix.join(`${expert}.${name}`);
  const size = [intermediateSize, hiddenSize] as const;
  return {
    gateUp: [gate, up].map((name) => ({ name: nameOf(name), size, rows })),
    down: { name: nameOf(down), size: [hiddenSize, intermediateSize] },
  };
}

/** Parts of any expert, of tensors that hold all of them. */
function stackedParts(
  prefix: Prefix,
  { gateUp, down, transposed = false, alternating = false }: Names<"gateUp">,
  { hiddenSize, intermediateSize, numExperts: stacked }: FusedMoEOptions,
  rows: Range,
): { gateUp: GateUpPart[]; down: DownPart } {
  const size = [2 * intermediateSize, hiddenSize] as const;
  const name = prefix.join(gateUp);
  return {
    gateUp: ([0, 1] as const).map((half) =>
      alternating
        ? { name, stacked, transposed, size, alternating: half, rows }
        : { name, stacked, transposed, size, rows: { start: half * intermediateSize + rows.start, count: rows.count } },
    ),
    down: { name: prefix.join(down), stacked, transposed, size: [hiddenSize, intermediateSize] },
  };
}

/** @throws UnsupportedError where the quantization of this prefix does not store experts */
function declareProjection(
  prefix: Prefix,
  name: string,
  parts: readonly ExpertPart[],
  sizes: { numExperts: number; inputSize: number; bias: boolean },
): Projection {
  const { context } = prefix;
  const method = context.linearMethod(prefix.name);
  if (!method.createExperts)
    throw new UnsupportedError(
      `${prefix.name}: quantization "${method.name}" has no form for experts; leave these layers unquantized`,
    );
  const { numExperts, inputSize, bias } = sizes;
  const outputSize = parts.filter(({ expert }) => expert === 0).reduce((sum, { rows }) => sum + rows.count, 0);
  const full = prefix.join(name);
  const weight = method.createExperts({ prefix: full, numExperts, inputSize, outputSize, parts, context });
  // A bias of the down projection is added once, by rank 0: its columns are cut.
  const isAdded = bias && (context.parallel.rank === 0 || parts[0]?.columns === undefined);
  return { weight, bias: isAdded ? declareBias(prefix, full, parts, numExperts, outputSize) : undefined };
}

function declareBias(
  prefix: Prefix,
  name: string,
  parts: readonly ExpertPart[],
  numExperts: number,
  outputSize: number,
): Parameter {
  return prefix.context.parameters.declare({
    name: `${name}.bias`,
    shape: [numExperts * outputSize],
    dtype: "f32",
    layout: "rowMajor",
    parts: parts.map((part) => ({
      source: expertBiasSource(part),
      rowStart: part.expert * outputSize + part.outputStart,
      rowCount: part.rows.count,
    })),
  });
}

function declareVector(prefix: Prefix, name: string, size: number): Parameter {
  return prefix.context.parameters.declare({
    name,
    shape: [size],
    dtype: "f32",
    layout: "rowMajor",
    parts: [{ source: new Source(name, [size]), rowStart: 0, rowCount: size }],
  });
}
