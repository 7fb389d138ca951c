/** Findings as text: the first in full, equal ones of other layers together. */
import type { Comparison } from "./compare.js";
import type { Whereabouts } from "./difference.js";
import type { Finding, TapReport } from "./session.js";

export function formatComparison(comparison: Comparison): string {
  const { numTokens, numAgreeing, findings, notes } = comparison;
  const groups = grouped(findings);
  const more = [...comparison.taps.map(describeTap), ...notes.map((note) => `note: ${note}`)];
  if (groups.length === 0)
    return [
      `All ${numAgreeing} modules agree with the reference over ${numTokens} tokens${comparison.hasLogits ? ", and so do the logits" : ""}.`,
      ...more,
    ].join("\n");
  const [first, ...others] = groups as [Group, ...Group[]];
  const lines = [
    `The first module that diverges from the reference: ${title(first.finding)}${also(first)}`,
    ...body(first.finding),
  ];
  if (others.length > 0) {
    lines.push("", "Wrong as well, judged by itself with the reference's values before it:");
    for (const group of others.slice(0, 12))
      lines.push("", `- ${title(group.finding)}${also(group)}`, ...body(group.finding));
    if (others.length > 12) lines.push("", `and ${others.length - 12} more`);
  }
  lines.push("", `${numAgreeing} modules agree, given the reference's input (${numTokens} tokens, float32).`, ...more);
  return lines.join("\n");
}

function describeTap({ name, shape, std, distance }: TapReport): string {
  const verdict =
    distance === undefined
      ? "the dump has no tensor of this name"
      : distance <= 2e-4
        ? "agrees"
        : `differs by ${distance.toPrecision(2)}`;
  return `tap: ${name} [${shape.join(", ")}], standard deviation ${std.toPrecision(4)}: ${verdict}`;
}

interface Group {
  readonly finding: Finding;
  readonly layers: number[];
}

/** Findings that differ in the layer's number alone. */
export function grouped(findings: readonly Finding[]): Group[] {
  const groups = new Map<string, Group>();
  for (const finding of findings) {
    const layer = /\.(\d+)(?=\.|$)/.exec(finding.module);
    const plain = (text: string): string => text.replace(/\.\d+(?=\.|:|$| |,|;|\))/g, ".N");
    const key = plain(
      [finding.kind, finding.module, finding.cause?.text.replace(/\(.*?\)/g, "") ?? "", ...finding.between].join("|"),
    );
    const group = groups.get(key);
    if (group && layer) group.layers.push(Number(layer[1]));
    else groups.set(key + (group ? finding.index : ""), { finding, layers: layer ? [Number(layer[1])] : [] });
  }
  return [...groups.values()];
}

function title({ kind, module, class: kindOf }: Finding): string {
  const name = module === "" ? "the logits" : `${module} (${kindOf})`;
  if (kind === "leaf") return `${name}: its input agrees, its output does not`;
  if (kind === "inner") return `${name}: what goes in agrees, what it gives does not`;
  if (kind === "glue")
    return module === ""
      ? "the logits, though all modules before agree"
      : `what goes into ${name}, though all before it agrees`;
  if (kind === "uncalled") return `${name} is never called`;
  return `${name}: a setting`;
}

function also({ layers }: Group): string {
  if (layers.length < 2) return "";
  const sorted = [...new Set(layers)].sort((a, b) => a - b);
  const step = sorted.length > 1 ? sorted[1]! - sorted[0]! : 1;
  const isEven = sorted.every((layer, i) => layer === sorted[0]! + i * step);
  const list =
    isEven && sorted.length > 3
      ? `${sorted[0]} to ${sorted.at(-1)}${step > 1 ? ` in steps of ${step}` : ""}`
      : sorted.join(", ");
  return `  [layers ${list}]`;
}

function body({ kind, after, between, inside, where, headDim, cause }: Finding): string[] {
  const lines: string[] = [];
  if (kind === "glue" || kind === "inner") {
    lines.push(`  made from     ${after.length > 0 ? after.map(side).join(", ") : "the step's inputs"}`);
    lines.push(
      `  by            ${between.length > 0 ? between.join(", ") : "nothing: the value is handed on as it is"}`,
    );
  }
  for (const line of inside) lines.push(`  on the way    ${line}`);
  if (where) lines.push(`  difference    ${describeWhere(where, headDim)}`);
  if (cause) lines.push(`  ${cause.confirmed ? "cause         " : "perhaps       "}${cause.text}`);
  else if (where) lines.push("  cause         not found: no single change that was tried makes the numbers agree");
  return lines;
}

/** "a.b:out" -> "output of a.b". */
function side(label: string): string {
  const at = label.lastIndexOf(":");
  return `${label.startsWith("in", at + 1) ? "input" : "output"} of ${label.slice(0, at)}`;
}

function describeWhere(where: Whereabouts, headDim: number | undefined): string {
  const { inStds, token, feature, firstToken, numTokens, wrongTokens, wrongFeatures, features } = where;
  const place = headDim ? `head ${Math.floor(feature / headDim)}, element ${feature % headDim}` : `feature ${feature}`;
  const tokens =
    wrongTokens === numTokens
      ? "at every token"
      : firstToken === 1 && wrongTokens === numTokens - 1
        ? "at every token but the first (positions matter)"
        : firstToken + wrongTokens === numTokens
          ? `from token ${firstToken} on (a window, or a length)`
          : `at ${wrongTokens} of ${numTokens} tokens, first ${firstToken}`;
  const heads = headDim ? [...new Set(wrongFeatures.map((i) => Math.floor(i / headDim)))] : [];
  const which = headDim
    ? heads.length === features / headDim
      ? "in every head"
      : `in heads ${heads.join(", ")}`
    : wrongFeatures.length === features
      ? "in every feature"
      : `in ${wrongFeatures.length} of ${features} features (${ranges(wrongFeatures)})`;
  return `up to ${Number(inStds.toPrecision(3))} standard deviations (token ${token}, ${place}), ${tokens}, ${which}`;
}

function ranges(list: readonly number[]): string {
  const out: string[] = [];
  for (let i = 0; i < list.length && out.length < 4;) {
    let end = i;
    while (list[end + 1] === list[end]! + 1) end++;
    out.push(end > i ? `${list[i]}..${list[end]}` : `${list[i]}`);
    i = end + 1;
  }
  return out.join(", ") + (out.length === 4 ? ", …" : "");
}
