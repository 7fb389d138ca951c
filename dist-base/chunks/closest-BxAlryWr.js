// src/util/closest.ts
/** Names near to a mistyped one, for "did you mean" in errors. */
/** Number of single-character edits (insert, delete, replace) between a and b. */
function editDistance(a, b) {
	let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
	for (let i = 1; i <= a.length; i++) {
		const row = [i];
		for (let j = 1; j <= b.length; j++) {
			const replace = previous[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
			row.push(Math.min(replace, previous[j] + 1, row[j - 1] + 1));
		}
		previous = row;
	}
	return previous[b.length];
}
/** The up to `count` names closest to `name`, best first; names that share nothing are left out. */
function closest(name, names, count = 1) {
	const scored = [];
	for (const candidate of names) {
		const distance = editDistance(name, candidate);
		if (distance < Math.max(name.length, candidate.length) * .7) scored.push([distance, candidate]);
	}
	scored.sort((x, y) => x[0] - y[0] || (x[1] < y[1] ? -1 : 1));
	return scored.slice(0, count).map(([, candidate]) => candidate);
}
export { editDistance as n, closest as t };
