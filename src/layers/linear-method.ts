/** How a linear layer stores its weight and multiplies with it. A quantization scheme is one of these. */
import { expertLinear } from "../ops/expert-linear.js";
import { linear } from "../ops/linear.js";
import type { Parameter } from "../tensor/parameter.js";
import type { Tensor } from "../tensor/tensor.js";
import type { ExpertsSpec } from "./experts-weight.js";
import { expertWeightSource } from "./experts-weight.js";
import type { ModelContext } from "./model-context.js";
import type { ParameterPart } from "./parameter-table.js";
import { Source } from "./source.js";

/**
 * This rank's part of one matrix of the checkpoint inside a (fused) linear layer: a run of whole rows. Several parts may be of
 * the same matrix (one that holds query, key and value), in any order of its rows.
 */
export interface LinearPart {
  /** Full name without ".weight": `model.layers.0.self_attn.q_proj`. */
  readonly name: string;
  /** Rows and columns of the whole matrix, before it is cut or transposed. */
  readonly size: readonly [rows: number, columns: number];
  /** Where its rows begin in the layer's output. */
  readonly outputStart: number;
  /** Rows of the checkpoint's matrix, and which of them this rank owns. */
  readonly rows: { readonly start: number; readonly count: number };
  /** Which columns of the checkpoint's matrix this rank owns; undefined: all. */
  readonly columns?: { readonly start: number; readonly count: number };
  /** True where the checkpoint stores [inputs, outputs], as GPT-2 does. */
  readonly transposed?: boolean;
}

/** A linear layer as its method sees it. Sizes are this rank's. */
export interface LinearSpec {
  readonly prefix: string;
  readonly inputSize: number;
  readonly outputSize: number;
  readonly parts: readonly LinearPart[];
  readonly context: ModelContext;
}

/** A layer's weight, ready to multiply. */
export interface LinearWeight {
  /**
   * x weight^T + bias.
   * @param x [numTokens, inputSize] f32 @param bias [outputSize] f32, optional
   * @returns [numTokens, outputSize] f32
   */
  apply(x: Tensor, bias: Parameter | undefined): Tensor;
}

/** The weights of a layer's experts, ready to multiply. */
export interface ExpertsWeight {
  /**
   * Each row times the matrix of its expert, as `expertLinear` does.
   * @param x [numTokens or numTokens * topK, inputSize] f32 @param ids [numTokens, topK] i32
   * @param bias [numExperts * outputSize] f32, optional
   * @returns [numTokens * topK, outputSize] f32
   */
  apply(x: Tensor, ids: Tensor, bias: Parameter | undefined): Tensor;
}

/** Declares the parameters of one layer, and multiplies with them. */
export interface LinearMethod {
  /** As published: "none", "int8", "gptq" … */
  readonly name: string;
  create(spec: LinearSpec): LinearWeight;
  /** The same for the experts of a mixture; a method without it does not store experts. */
  createExperts?(spec: ExpertsSpec): ExpertsWeight;
  /**
   * For a layer that multiplies with a matrix of the checkpoint in its own way: what the matrix's input must go through first. Undefined: nothing.
   * @param name of the matrix, without ".weight"
   */
  roundInput?(name: string): ((x: Tensor) => Tensor) | undefined;
}

/** The source of a part's weight: this rank's rows and columns of `name.weight`. */
export function weightSource(part: LinearPart): Source {
  const [rows, columns] = part.size;
  const name = `${part.name}.weight`;
  let source = part.transposed ? new Source(name, [columns, rows]).transpose() : new Source(name, [rows, columns]);
  source = source.rows(part.rows.start, part.rows.count);
  return part.columns ? source.columns(part.columns.start, part.columns.count) : source;
}

/** Parts of an [outputSize, inputSize] parameter. */
export function linearParts(parts: readonly LinearPart[]): ParameterPart[] {
  return parts.map((part) => ({
    source: weightSource(part),
    rowStart: part.outputStart,
    rowCount: part.rows.count,
  }));
}

/** Parts of a [numExperts, outputSize, inputSize] parameter: its rows are counted through all experts. */
export function expertParts(parts: ExpertsSpec["parts"], outputSize: number): ParameterPart[] {
  return parts.map((part) => ({
    source: expertWeightSource(part),
    rowStart: part.expert * outputSize + part.outputStart,
    rowCount: part.rows.count,
  }));
}

/** Weights as they are in the checkpoint, in the model's dtype. */
export const unquantized: LinearMethod = {
  name: "none",
  create({ prefix, inputSize, outputSize, parts, context }) {
    const weight = context.parameters.declare({
      name: `${prefix}.weight`,
      shape: [outputSize, inputSize],
      dtype: context.dtype,
      layout: "matrix",
      parts: linearParts(parts),
    });
    return { apply: (x, bias) => linear(x, weight, bias) };
  },
  createExperts({ prefix, numExperts, inputSize, outputSize, parts, context }) {
    const weight = context.parameters.declare({
      name: `${prefix}.weight`,
      shape: [numExperts, outputSize, inputSize],
      dtype: context.dtype,
      layout: "matrix",
      parts: expertParts(parts, outputSize),
    });
    return { apply: (x, ids, bias) => expertLinear(x, weight, ids, bias) };
  },
};
