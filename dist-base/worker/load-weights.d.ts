/** Fills parameters from a checkpoint, a few megabytes at a time, so that no full weight is ever held twice. */
import type { Checkpoint } from "../checkpoint/tensor-source.js";
import type { ParameterWriter } from "../layers/parameter-table.js";
import type { Platform } from "../platform/platform.js";
import type { WeightPlan } from "./weight-plan.js";
/** Writes f32 or int8 rows into parameters. */
export declare function parameterWriter(platform: Platform): ParameterWriter;
/**
 * Reads every planned part: the platform what it can read from the files by itself, the rest is read here. The platform
 * begins before this returns its promise. Yields to the event loop now and then; `progress` counts bytes of the checkpoint.
 */
export declare function loadWeights(platform: Platform, checkpoint: Checkpoint, plan: WeightPlan, progress: (done: number, total: number) => void): Promise<void>;
