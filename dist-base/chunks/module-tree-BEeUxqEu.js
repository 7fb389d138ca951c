// src/tools/check/module-tree.ts
/** Modules in the order of construction, put below each other by their names. */
function moduleTree(modules, declared) {
	const root = {
		name: "",
		class: void 0,
		children: /* @__PURE__ */ new Map()
	};
	for (const built of modules) {
		let node = root;
		let path = "";
		for (const word of built.name === "" ? [] : built.name.split(".")) {
			path = path === "" ? word : `${path}.${word}`;
			let next = node.children.get(word);
			if (!next) node.children.set(word, next = {
				name: path,
				class: void 0,
				children: /* @__PURE__ */ new Map()
			});
			node = next;
		}
		node.class = built.class;
	}
	const finish = (node, word) => ({
		name: word,
		fullName: node.name,
		class: node.class,
		parameters: declared.filter(({ spec }) => spec.name.replace(/\.[^.]*$/, "") === node.name),
		children: [...node.children].flatMap(([childWord, child]) => child.class === void 0 && [...child.children.keys()].every((key) => /^\d+$/.test(key)) ? [...child.children].map(([index, item]) => finish(item, `${childWord}.${index}`)) : [finish(child, childWord)])
	});
	return finish(root, "");
}
/** Lines for a terminal; items of a list that are alike are one entry. */
function formatTree(root) {
	const rows = [];
	const visit = (node, depth, label) => {
		const weights = node.parameters.map(describeParameter).join("; ");
		rows.push([
			`${"  ".repeat(depth)}${label}`,
			node.class ?? "",
			weights
		]);
		for (let i = 0; i < node.children.length;) {
			const child = node.children[i];
			let end = i + 1;
			while (end < node.children.length && areAlike(child, node.children[end])) end++;
			const period = end === i + 1 ? periodAt(node.children, i) : 1;
			if (period > 1) end = i + period * repetitions(node.children, i, period);
			for (let k = i; k < i + period; k++) {
				const count = (end - i) / period;
				const last = node.children[end - period + (k - i)];
				const step = period > 1 ? `, every ${period}nd`.replace("3nd", "3rd").replace(/([4-9])nd/, "$1th") : "";
				visit(node.children[k], depth + 1, count > 1 ? `${node.children[k].name} … ${last.name.replace(/^.*\./, "")} (${count} alike${step})` : node.children[k].name);
			}
			i = end;
		}
	};
	visit(root, 0, root.class ?? "(model)");
	const widths = [0, 1].map((column) => Math.min(60, Math.max(...rows.map((row) => row[column].length))));
	return rows.map(([name, kind, weights]) => `${name.padEnd(widths[0])}  ${kind.padEnd(widths[1])}  ${weights}`.trimEnd());
}
function describeParameter({ spec }) {
	const own = spec.name.slice(spec.name.lastIndexOf(".") + 1);
	const module = spec.name.replace(/\.[^.]*$/, "");
	const short = [...new Set(spec.parts.map(({ source }) => source.name))].filter((name) => name !== spec.name).map((name) => name.startsWith(module.replace(/[^.]*$/, "")) ? name.slice(module.replace(/[^.]*$/, "").length) : name);
	const shown = short.length > 4 ? `${short.slice(0, 3).join(", ")}, … (${short.length})` : short.join(", ");
	return `${own} [${spec.shape.join(", ")}] ${spec.dtype}${short.length > 0 ? ` <- ${shown}` : ""}`;
}
/** Items of one list with the same classes and shapes inside. */
function areAlike(a, b) {
	return /\.\d+$/.test(a.name) && a.name.replace(/\d+$/, "") === b.name.replace(/\d+$/, "") && shapeOf(a) === shapeOf(b);
}
function shapeOf(node, isTop = true) {
	const parameters = node.parameters.map(({ spec }) => `${spec.name.slice(spec.name.lastIndexOf(".") + 1)}${spec.shape.join("x")}${spec.dtype}`);
	return `${isTop ? "" : node.name}:${node.class}[${parameters.join()}](${node.children.map((child) => shapeOf(child, false)).join()})`;
}
/** The shortest run of items that repeats itself from `at`; 1 if none. */
function periodAt(nodes, at) {
	for (let period = 2; period <= 8; period++) if (repetitions(nodes, at, period) > 1) return period;
	return 1;
}
function repetitions(nodes, at, period) {
	let end = at + period;
	while (end < nodes.length && areAlike(nodes[end - period], nodes[end])) end++;
	return Math.floor((end - at) / period);
}
export { moduleTree as n, formatTree as t };
