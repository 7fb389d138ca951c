/** Matches what a model declared with what a checkpoint holds: a list of reads, or every problem at once. Reads no weights. */
import type { TensorInfo } from "../checkpoint/tensor-source.js";
import type { Rename } from "../layers/causal-lm.js";
import type { DeclaredParameter, ParameterPart } from "../layers/parameter-table.js";
import type { SourceView } from "../layers/source.js";
/** One part of a parameter and the tensor that it is read from. */
export interface PlannedPart {
    readonly part: ParameterPart;
    readonly tensor: TensorInfo;
    readonly view: SourceView;
}
export interface PlannedParameter {
    readonly declared: DeclaredParameter;
    readonly parts: readonly PlannedPart[];
}
export interface WeightPlan {
    readonly parameters: readonly PlannedParameter[];
    /** Tensors of the checkpoint that are left out on purpose. */
    readonly ignored: readonly string[];
    /** Bytes that will be read. */
    readonly bytes: number;
}
export interface WeightRules {
    readonly renames?: readonly Rename[] | undefined;
    readonly ignored?: readonly RegExp[] | undefined;
    /** True where lm_head shares the embedding: the checkpoint's own copy is then left out. */
    readonly tiedHead: boolean;
    /** What a tensor is called in the text model of a multimodal checkpoint, before renames; undefined: it is not part of it. */
    readonly nameOf?: ((name: string) => string | undefined) | undefined;
}
/**
 * @throws CheckpointError listing missing, misshapen, unexpected and duplicate tensors, with both shapes and the closest name
 */
export declare function planWeights(where: string, declared: readonly DeclaredParameter[], tensors: ReadonlyMap<string, TensorInfo>, rules: WeightRules): WeightPlan;
/** Bytes of the storage that one part reads. */
export declare function partBytes({ view, tensor }: PlannedPart): number;
