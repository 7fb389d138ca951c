/** Which parts of a plan the platform can read from the files by itself. */
import type { Checkpoint } from "../checkpoint/tensor-source.js";
import type { Platform, StoredRows } from "../platform/platform.js";
import type { PlannedParameter, PlannedPart } from "./weight-plan.js";
/** True when each row (everything but the first dimension) is one dense run. */
export declare function isRowDense(shape: readonly number[], strides: readonly number[]): boolean;
/** The part as rows in a file; undefined where they must be read, gathered or quantized here. */
export declare function storedRows(platform: Platform, checkpoint: Checkpoint, { declared: { spec, parameter } }: PlannedParameter, { part, tensor, view }: PlannedPart): StoredRows | undefined;
