/** The report of `quire check` as text. */
import type { BuiltModel, CheckReport } from "./check-model.js";
import type { CheckResult } from "./result.js";
export declare function formatBuilt(model: string, { architecture, tree, numParameters, note }: BuiltModel): string;
export declare function formatResult({ name, status, detail, remedy }: CheckResult): string;
/** The last lines. */
export declare function formatVerdict({ results, comparison, passed }: CheckReport): string;
/** What `--json` prints: plain data, without the parameters' internals. */
export declare function reportData({ built, results, comparison, passed }: CheckReport): object;
