/** Lowering of linear layers, and the fusion that adds their result to the residual stream. */
import type { OpRecord } from "../../platform.js";
import type { Tensor } from "../../../tensor/tensor.js";
import type { Fusion } from "./fusion.js";
import type { LoweredOp } from "./lowered-op.js";
import type { LoweringContext } from "./lowering-context.js";
/**
 * The product, and the packing of its input where nothing packed it before.
 * @param sum the record that adds the result to `residual`; its output is then the kernel's
 */
export declare function emitLinear(record: OpRecord, context: LoweringContext, sum?: {
    add: OpRecord;
    residual: Tensor;
}): LoweredOp[];
/** Matches a linear layer whose result is read by the add that follows, and by nothing else. */
export declare const linearAdd: Fusion;
