import { t as formatTree } from "./module-tree-BEeUxqEu.js";
// src/tools/check/reference/format-findings.ts
function formatComparison(comparison) {
	const { numTokens, numAgreeing, findings, notes } = comparison;
	const groups = grouped(findings);
	const more = [...comparison.taps.map(describeTap), ...notes.map((note) => `note: ${note}`)];
	if (groups.length === 0) return [`All ${numAgreeing} modules agree with the reference over ${numTokens} tokens${comparison.hasLogits ? ", and so do the logits" : ""}.`, ...more].join("\n");
	const [first, ...others] = groups;
	const lines = [`The first module that diverges from the reference: ${title(first.finding)}${also(first)}`, ...body(first.finding)];
	if (others.length > 0) {
		lines.push("", "Wrong as well, judged by itself with the reference's values before it:");
		for (const group of others.slice(0, 12)) lines.push("", `- ${title(group.finding)}${also(group)}`, ...body(group.finding));
		if (others.length > 12) lines.push("", `and ${others.length - 12} more`);
	}
	lines.push("", `${numAgreeing} modules agree, given the reference's input (${numTokens} tokens, float32).`, ...more);
	return lines.join("\n");
}
function describeTap({ name, shape, std, distance }) {
	const verdict = distance === void 0 ? "the dump has no tensor of this name" : distance <= 2e-4 ? "agrees" : `differs by ${distance.toPrecision(2)}`;
	return `tap: ${name} [${shape.join(", ")}], standard deviation ${std.toPrecision(4)}: ${verdict}`;
}
/** Findings that differ in the layer's number alone. */
function grouped(findings) {
	const groups = /* @__PURE__ */ new Map();
	for (const finding of findings) {
		const layer = /\.(\d+)(?=\.|$)/.exec(finding.module);
		const plain = (text) => text.replace(/\.\d+(?=\.|:|$| |,|;|\))/g, ".N");
		const key = plain([
			finding.kind,
			finding.module,
			finding.cause?.text.replace(/\(.*?\)/g, "") ?? "",
			...finding.between
		].join("|"));
		const group = groups.get(key);
		if (group && layer) group.layers.push(Number(layer[1]));
		else groups.set(key + (group ? finding.index : ""), {
			finding,
			layers: layer ? [Number(layer[1])] : []
		});
	}
	return [...groups.values()];
}
function title({ kind, module, class: kindOf }) {
	const name = module === "" ? "the logits" : `${module} (${kindOf})`;
	if (kind === "leaf") return `${name}: its input agrees, its output does not`;
	if (kind === "inner") return `${name}: what goes in agrees, what it gives does not`;
	if (kind === "glue") return module === "" ? "the logits, though all modules before agree" : `what goes into ${name}, though all before it agrees`;
	if (kind === "uncalled") return `${name} is never called`;
	return `${name}: a setting`;
}
function also({ layers }) {
	if (layers.length < 2) return "";
	const sorted = [...new Set(layers)].sort((a, b) => a - b);
	const step = sorted.length > 1 ? sorted[1] - sorted[0] : 1;
	return `  [layers ${sorted.every((layer, i) => layer === sorted[0] + i * step) && sorted.length > 3 ? `${sorted[0]} to ${sorted.at(-1)}${step > 1 ? ` in steps of ${step}` : ""}` : sorted.join(", ")}]`;
}
function body({ kind, after, between, inside, where, headDim, cause }) {
	const lines = [];
	if (kind === "glue" || kind === "inner") {
		lines.push(`  made from     ${after.length > 0 ? after.map(side).join(", ") : "the step's inputs"}`);
		lines.push(`  by            ${between.length > 0 ? between.join(", ") : "nothing: the value is handed on as it is"}`);
	}
	for (const line of inside) lines.push(`  on the way    ${line}`);
	if (where) lines.push(`  difference    ${describeWhere(where, headDim)}`);
	if (cause) lines.push(`  ${cause.confirmed ? "cause         " : "perhaps       "}${cause.text}`);
	else if (where) lines.push("  cause         not found: no single change that was tried makes the numbers agree");
	return lines;
}
/** "a.b:out" -> "output of a.b". */
function side(label) {
	const at = label.lastIndexOf(":");
	return `${label.startsWith("in", at + 1) ? "input" : "output"} of ${label.slice(0, at)}`;
}
function describeWhere(where, headDim) {
	const { inStds, token, feature, firstToken, numTokens, wrongTokens, wrongFeatures, features } = where;
	const place = headDim ? `head ${Math.floor(feature / headDim)}, element ${feature % headDim}` : `feature ${feature}`;
	const tokens = wrongTokens === numTokens ? "at every token" : firstToken === 1 && wrongTokens === numTokens - 1 ? "at every token but the first (positions matter)" : firstToken + wrongTokens === numTokens ? `from token ${firstToken} on (a window, or a length)` : `at ${wrongTokens} of ${numTokens} tokens, first ${firstToken}`;
	const heads = headDim ? [...new Set(wrongFeatures.map((i) => Math.floor(i / headDim)))] : [];
	const which = headDim ? heads.length === features / headDim ? "in every head" : `in heads ${heads.join(", ")}` : wrongFeatures.length === features ? "in every feature" : `in ${wrongFeatures.length} of ${features} features (${ranges(wrongFeatures)})`;
	return `up to ${Number(inStds.toPrecision(3))} standard deviations (token ${token}, ${place}), ${tokens}, ${which}`;
}
function ranges(list) {
	const out = [];
	for (let i = 0; i < list.length && out.length < 4;) {
		let end = i;
		while (list[end + 1] === list[end] + 1) end++;
		out.push(end > i ? `${list[i]}..${list[end]}` : `${list[i]}`);
		i = end + 1;
	}
	return out.join(", ") + (out.length === 4 ? ", …" : "");
}
// src/tools/check/format-report.ts
function formatBuilt(model, { architecture, tree, numParameters, note }) {
	return [
		`${model}: ${architecture}, ${numParameters.toLocaleString("en")} parameters`,
		...note ? [note] : [],
		"",
		...formatTree(tree),
		""
	].join("\n");
}
const marks = {
	ok: "ok     ",
	failed: "FAILED ",
	skipped: "skipped"
};
function formatResult({ name, status, detail, remedy }) {
	const indent = " ".repeat(21);
	const lines = detail.split("\n").join(`\n${indent}`);
	return `${marks[status]}  ${name.padEnd(10)}  ${lines}${remedy ? `\n${indent}-> ${remedy}` : ""}`;
}
/** The last lines. */
function formatVerdict({ results, comparison, passed }) {
	if (comparison) return formatComparison(comparison);
	const failures = results.filter(({ status }) => status === "failed").length;
	return passed ? "All checks passed." : `${failures} of ${results.length} checks failed.`;
}
/** What `--json` prints: plain data, without the parameters' internals. */
function reportData({ built, results, comparison, passed }) {
	const { architecture, numParameters, note } = built;
	return {
		architecture,
		numParameters,
		note,
		modules: formatTree(built.tree),
		results,
		comparison: comparison && plainComparison(comparison),
		passed
	};
}
function plainComparison({ findings, ...rest }) {
	return {
		...rest,
		findings: findings.map((finding) => ({
			...finding,
			index: void 0
		}))
	};
}
export { formatBuilt, formatResult, formatVerdict, reportData };
