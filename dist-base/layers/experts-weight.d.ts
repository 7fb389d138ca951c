/** Where the weights of experts come from: one matrix for each, or all of them in one tensor. */
import type { LinearPart } from "./linear-method.js";
import type { ModelContext } from "./model-context.js";
import { Source } from "./source.js";
/**
 * How the checkpoint stores experts; names count from the experts' own.
 *
 * `gate`, `up`, `down`: a matrix for each expert, `3.gate_proj.weight` [intermediateSize, hiddenSize].
 * `gateUp`, `down`: one tensor for all, named as it is: [numExperts, 2 intermediateSize, hiddenSize], gate rows before up rows, and
 * [numExperts, hiddenSize, intermediateSize]. `transposed`: the last two dimensions are swapped. `alternating`: gate and up rows
 * take turns. Biases are named `gate_up_proj_bias` where the weight is `gate_up_proj`.
 */
export type ExpertNames = {
    readonly gate: string;
    readonly up: string;
    readonly down: string;
} | {
    readonly gateUp: string;
    readonly down: string;
    readonly transposed?: boolean;
    readonly alternating?: boolean;
};
/** One expert's part of a layer's weight: some rows of one matrix. `outputStart` counts in the expert's own matrix. */
export interface ExpertPart extends LinearPart {
    readonly expert: number;
    /** Where the checkpoint's tensor holds all experts: how many. `name` is then the whole name of the tensor. */
    readonly stacked?: number;
    /** Row r of the part is row 2 r (0) or 2 r + 1 (1) of the matrix: gate and up rows take turns. */
    readonly alternating?: 0 | 1;
}
/** The experts of one layer as their method sees them. Sizes are this rank's. */
export interface ExpertsSpec {
    /** Of the parameter: `model.layers.0.mlp.experts.gate_up_proj`. */
    readonly prefix: string;
    readonly numExperts: number;
    readonly inputSize: number;
    /** Of one expert. */
    readonly outputSize: number;
    readonly parts: readonly ExpertPart[];
    readonly context: ModelContext;
}
/** The source of a part's weight: this rank's rows and columns. */
export declare function expertWeightSource(part: ExpertPart): Source;
/** The source of a part's bias: a vector. */
export declare function expertBiasSource(part: ExpertPart): Source;
