/** `quire check MODEL`: builds a model and proves what every port must do, one result after the other. */
import type { EngineConfig } from "../../config/engine-config.js";
import type { TreeNode } from "./module-tree.js";
import type { Comparison } from "./reference/compare.js";
import type { CheckResult } from "./result.js";
export interface CheckOptions {
    /** A dump that scripts/dump_reference.py made; then only the comparison is done. */
    readonly reference?: string | undefined;
    /** Check no more than the first so many layers. */
    readonly layers?: number | undefined;
}
/** Told as the checks go on. */
export interface CheckHooks {
    /** Once, before the first result. */
    readonly built?: (model: BuiltModel) => void;
    readonly result?: (result: CheckResult) => void;
}
export interface BuiltModel {
    readonly architecture: string;
    readonly tree: TreeNode;
    readonly numParameters: number;
    /** What was left out of a large model. */
    readonly note: string | undefined;
}
export interface CheckReport {
    readonly built: BuiltModel;
    readonly results: readonly CheckResult[];
    readonly comparison: Comparison | undefined;
    readonly passed: boolean;
}
/**
 * @throws ConfigError, CheckpointError or UnsupportedError when the model cannot be constructed at all
 */
export declare function checkModel(given: EngineConfig, options?: CheckOptions, hooks?: CheckHooks): Promise<CheckReport>;
