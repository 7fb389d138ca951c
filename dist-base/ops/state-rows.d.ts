import type { Shape } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";
import type { StateMetadata } from "./step.js";
/**
 * The last five inputs of an op with a state, in the order that kernels expect: state, numSeqs, queryStartLoc, seqLens,
 * stateSlots. The state becomes [numSlots, elements of a slot].
 *
 * @param state [numSlots, ...shape] f32; slots may lie apart, a slot is dense
 * @param shape of one slot
 * @throws ShapeError if the state has another shape
 */
export declare function stateInputs(op: string, state: Tensor, shape: Shape, metadata: StateMetadata): Tensor[];
