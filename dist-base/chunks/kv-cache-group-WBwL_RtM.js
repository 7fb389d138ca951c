// src/request/kv-cache-group.ts
/** Groups of a model whose layers all keep every token. */
const fullAttentionOnly = Object.freeze([{ kind: "full" }]);
/** Most tokens of one request in a step, by the scheduler's limits. */
function maxStepTokens(limits) {
	const threshold = limits.longPrefillTokenThreshold ?? 0;
	return threshold > 0 ? Math.min(limits.maxNumBatchedTokens, threshold) : limits.maxNumBatchedTokens;
}
/** Most tokens that a row sees, its own included, in a group that forgets; Infinity in one that keeps every token. */
function reachOf(group) {
	if (group.kind === "slidingWindow") return group.slidingWindow;
	return group.kind === "chunked" ? group.chunkSize : Infinity;
}
/** The index of the first token that rows from `position` on may see in a group. */
function firstSeen(group, position) {
	if (group.kind === "slidingWindow") return Math.max(0, position - group.slidingWindow + 1);
	return group.kind === "chunked" ? position - position % group.chunkSize : 0;
}
/** Most blocks of one group that a request holds at a time on its way to `numTokens` tokens. */
function blocksOfGroup(group, numTokens, use) {
	if (group.kind === "state") return numTokens > 0 ? 1 : 0;
	const all = Math.ceil(numTokens / use.blockSize);
	if (group.kind === "full") return all;
	const span = reachOf(group) - 1 + Math.min(use.maxStepTokens, numTokens);
	return Math.min(all, Math.ceil((span - 1) / use.blockSize) + 1);
}
/** Most blocks of all groups that a request holds at a time on its way to `numTokens` tokens. */
function blocksOfRequest(use, numTokens) {
	return use.groups.reduce((sum, group) => sum + blocksOfGroup(group, numTokens, use), 0);
}
/** The longest request that `numBlocks` blocks hold, in tokens: whole blocks; Infinity if length is no matter. */
function longestRequest(use, numBlocks) {
	const fits = (blocks) => blocksOfRequest(use, blocks * use.blockSize) <= numBlocks;
	if (!use.groups.some(({ kind }) => kind === "full")) {
		if (use.groups.reduce((sum, group) => sum + boundOf(group, use), 0) <= numBlocks) return Infinity;
	}
	let [low, high] = [0, numBlocks + 1];
	while (high - low > 1) {
		const middle = Math.floor((low + high) / 2);
		if (fits(middle)) low = middle;
		else high = middle;
	}
	return low * use.blockSize;
}
/** Blocks of a group, however long the request. */
function boundOf(group, use) {
	return blocksOfGroup(group, Number.MAX_SAFE_INTEGER, use);
}
export { longestRequest as a, fullAttentionOnly as i, blocksOfRequest as n, maxStepTokens as o, firstSeen as r, reachOf as s, blocksOfGroup as t };
