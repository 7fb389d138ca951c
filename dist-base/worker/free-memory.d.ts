import type { ReadText } from "../util/control-groups.js";
/** Bytes: what the machine has available, within the limits of Linux control groups (version 2 and 1). */
export declare function freeMemoryBytes(read?: ReadText): number;
