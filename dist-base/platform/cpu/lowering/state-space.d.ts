/** Kernel calls of ops with a state per request, and of their norm: arguments as native/cpu/kernels.inc lists them. */
import type { OpRecord } from "../../platform.js";
import type { LoweredOp } from "./lowered-op.js";
/** One call per record, for the table of emitters. */
export declare const stateSpaceEmitters: Readonly<Record<string, (record: OpRecord) => LoweredOp[]>>;
