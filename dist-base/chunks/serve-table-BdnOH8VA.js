import { n as textTable, t as figure } from "./text-table-BOzm1zAn.js";
// src/tools/bench/serve-table.ts
const TITLES = {
	ttft: "TTFT, time to first token",
	tpot: "TPOT, time per output token after the first",
	itl: "ITL, gap between two outputs",
	e2el: "E2EL, request to last token"
};
/** One run: counts and rates, then a line for each latency. */
function serveRunTable(run, shown, percents) {
	const { metrics: m } = run;
	const told = m.numCountedRequests === 0 ? "" : ` (${m.numCountedRequests} requests: counted outputs, not told)`;
	const cached = m.totalCachedTokens > 0 ? `, ${m.totalCachedTokens} of them from the server's cache` : "";
	const goodput = m.requestGoodput === void 0 ? [] : [["goodput", `${figure(m.requestGoodput)} req/s`]];
	const rate = run.requestRate === Infinity ? "all at once" : `${run.requestRate} req/s`;
	const limit = run.maxConcurrency === Infinity ? "no limit" : String(run.maxConcurrency);
	const rows = [
		["requests", `${m.completed} completed, ${m.failed} failed${run.isInterrupted ? "; interrupted" : ""}`],
		["sent", `${rate}; concurrency ${limit}, at its peak ${m.peakConcurrentRequests}`],
		["duration", `${figure(m.durationSeconds)} s (CPU time of this client: ${figure(run.clientCpuSeconds)} s)`],
		["input tokens", `${m.totalInputTokens}${cached}`],
		["output tokens", `${m.totalOutputTokens}${told}`],
		["throughput", `${figure(m.requestThroughput)} req/s`],
		...goodput,
		["output", `${figure(m.outputThroughput)} tok/s, in the fullest second ${figure(m.peakOutputThroughput)}`],
		["input and output", `${figure(m.totalThroughput)} tok/s`]
	];
	const width = Math.max(...rows.map(([name]) => name.length));
	return `${rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`).join("\n")}\n\n${latencyTable(m, shown, percents)}\n`;
}
function latencyTable(metrics, shown, percents) {
	const rows = shown.map((metric) => {
		const summary = metrics.latencies[metric];
		const values = percents.map((percent) => summary?.percentiles[percent]);
		return [TITLES[metric], ...[
			summary?.mean,
			summary?.median,
			...values
		].map(figure)];
	});
	return textTable([[
		"milliseconds",
		"mean",
		"median",
		...percents.map((percent) => `p${percent}`)
	], ...rows]);
}
/** A line for each run of a sweep. */
function sweepTable(runs) {
	const head = [
		"concurrency",
		"req/s",
		"output tok/s",
		"total tok/s",
		"TTFT p50 ms",
		"TPOT p50 ms",
		"ITL p50 ms",
		"failed"
	];
	const rows = runs.map(({ maxConcurrency, metrics: m }) => [
		concurrencyLabel(maxConcurrency),
		...[
			m.requestThroughput,
			m.outputThroughput,
			m.totalThroughput
		].map(figure),
		...[
			m.latencies.ttft,
			m.latencies.tpot,
			m.latencies.itl
		].map((summary) => figure(summary?.median)),
		String(m.failed)
	]);
	return `${textTable([head, ...rows])}\n`;
}
function concurrencyLabel(maxConcurrency) {
	return maxConcurrency === Infinity ? "no limit" : String(maxConcurrency);
}
export { concurrencyLabel, serveRunTable, sweepTable };
