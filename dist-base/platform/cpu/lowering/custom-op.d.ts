/** An op from outside: its function of a shared library on all threads, or its reference between two native pieces. */
import type { CustomOp } from "../../custom-op.js";
import type { OpRecord } from "../../platform.js";
import type { FindOp } from "./lower.js";
import type { LoweredOp } from "./lowered-op.js";
/** @throws UnsupportedError when the library cannot be used, or a record is larger than quire_op.h allows */
export declare function emitCustomOp(record: OpRecord, custom: CustomOp, findOp?: FindOp): LoweredOp[];
