/** The report of `quire check` as text. */
import type { BuiltModel, CheckReport } from "./check-model.js";
import { formatTree } from "./module-tree.js";
import type { Comparison } from "./reference/compare.js";
import { formatComparison } from "./reference/format-findings.js";
import type { CheckResult } from "./result.js";

export function formatBuilt(model: string, { architecture, tree, numParameters, note }: BuiltModel): string {
  const head = `${model}: ${architecture}, ${numParameters.toLocaleString("en")} parameters`;
  return [head, ...(note ? [note] : []), "", ...formatTree(tree), ""].join("\n");
}

const marks = { ok: "ok     ", failed: "FAILED ", skipped: "skipped" };

export function formatResult({ name, status, detail, remedy }: CheckResult): string {
  const indent = " ".repeat(21);
  const lines = detail.split("\n").join(`\n${indent}`);
  return `${marks[status]}  ${name.padEnd(10)}  ${lines}${remedy ? `\n${indent}-> ${remedy}` : ""}`;
}

/** The last lines. */
export function formatVerdict({ results, comparison, passed }: CheckReport): string {
  if (comparison) return formatComparison(comparison);
  const failures = results.filter(({ status }) => status === "failed").length;
  return passed ? "All checks passed." : `${failures} of ${results.length} checks failed.`;
}

/** What `--json` prints: plain data, without the parameters' internals. */
export function reportData({ built, results, comparison, passed }: CheckReport): object {
  const { architecture, numParameters, note } = built;
  return {
    architecture,
    numParameters,
    note,
    modules: formatTree(built.tree),
    results,
    comparison: comparison && plainComparison(comparison),
    passed,
  };
}

function plainComparison({ findings, ...rest }: Comparison): object {
  return { ...rest, findings: findings.map((finding) => ({ ...finding, index: undefined })) };
}
