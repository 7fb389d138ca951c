/** Random weights for `--load-format dummy`: the right shapes without a checkpoint, for sizing and speed. */
import type { ParameterTable } from "../layers/parameter-table.js";
import type { Platform } from "../platform/platform.js";
/** Values depend on the seed, the parameter's name and the place in it; they are the same on every platform. */
export declare function fillDummyWeights(platform: Platform, table: ParameterTable, seed: number): Promise<void>;
