/** Lowering of headLinear: its input is packed by heads first. */
import type { OpRecord } from "../../platform.js";
import type { LoweredOp } from "./lowered-op.js";
export declare function emitHeadLinear(record: OpRecord): LoweredOp[];
