/** What ops over per-request states share: checks, and the inputs that say which rows and slots are whose. */
import { numElements } from "../tensor/shape.js";
import type { Shape } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";
import { checkDType, checkRank, checkSize } from "./check.js";
import type { StateMetadata } from "./step.js";

/**
 * The last five inputs of an op with a state, in the order that kernels expect: state, numSeqs, queryStartLoc, seqLens,
 * stateSlots. The state becomes [numSlots, elements of a slot].
 *
 * @param state [numSlots, ...shape] f32; slots may lie apart, a slot is dense
 * @param shape of one slot
 * @throws ShapeError if the state has another shape
 */
export function stateInputs(op: string, state: Tensor, shape: Shape, metadata: StateMetadata): Tensor[] {
  checkRank(op, "state", state, shape.length + 1);
  checkDType(op, "state", state, "f32");
  shape.forEach((size, i) => checkSize(op, "state", state, i + 1, size));
  const flat = state.flattenInner();
  checkSize(op, "state", flat, 1, numElements(shape));
  const { numSeqs, queryStartLoc, seqLens, stateSlots } = metadata;
  return [flat, numSeqs, queryStartLoc, seqLens, stateSlots];
}
