/** One kernel call per recorded op, unfused: each entry writes the arguments that native/cpu/kernels.inc lists. */
import type { OpRecord } from "../../platform.js";
import type { LoweredOp } from "./lowered-op.js";
import type { LoweringContext } from "./lowering-context.js";
/** Lowers a record that no fusion took; undefined when the op has no kernel. */
export declare function emitRecord(record: OpRecord, context: LoweringContext): LoweredOp[] | undefined;
