import { r as summarize } from "./statistics-m8nnyVxI.js";
// src/tools/bench/serve-metrics.ts
/** What the requests of a run add up to. Definitions are those of `vllm bench serve`. */
const LATENCY_METRICS = [
	"ttft",
	"tpot",
	"itl",
	"e2el"
];
/** (e2e - TTFT) / (output tokens - 1); undefined for a single token. */
function timePerOutputToken(record) {
	return record.outputTokens > 1 ? (record.e2elMs - record.ttftMs) / (record.outputTokens - 1) : void 0;
}
/**
* @param durationMs from the first request's sending to the last one's end
* @param percents   percentiles of the latencies
*/
function serveMetrics(records, durationMs, percents, goodput = {}) {
	const good = records.filter((record) => record.isOk);
	const seconds = durationMs / 1e3;
	const sum = (value) => good.reduce((total, record) => total + value(record), 0);
	const input = sum((record) => record.promptTokens ?? 0);
	const output = sum((record) => record.outputTokens);
	const rate = (count) => seconds > 0 ? count / seconds : 0;
	const tpots = good.map(timePerOutputToken).filter((value) => value !== void 0);
	const hasLimits = Object.keys(goodput).length > 0;
	return {
		durationSeconds: seconds,
		completed: good.length,
		failed: records.length - good.length,
		totalInputTokens: input,
		totalCachedTokens: sum((record) => record.cachedTokens ?? 0),
		totalOutputTokens: output,
		requestThroughput: rate(good.length),
		requestGoodput: hasLimits ? rate(good.filter((record) => keepsLimits(record, goodput)).length) : void 0,
		outputThroughput: rate(output),
		totalThroughput: rate(input + output),
		peakOutputThroughput: peakOutputs(good),
		peakConcurrentRequests: peakConcurrency(good),
		numCountedRequests: good.filter((record) => !record.isCountTold).length,
		latencies: {
			ttft: summarize(good.map((record) => record.ttftMs), percents),
			tpot: summarize(tpots, percents),
			itl: summarize(good.flatMap((record) => record.itlMs), percents),
			e2el: summarize(good.map((record) => record.e2elMs), percents)
		}
	};
}
/** A request with one output token has no TPOT, and keeps its limit. */
function keepsLimits(record, limits) {
	const values = {
		ttft: record.ttftMs,
		tpot: timePerOutputToken(record) ?? 0,
		e2el: record.e2elMs
	};
	return Object.keys(limits).every((metric) => values[metric] <= limits[metric]);
}
/** Outputs in the fullest of the seconds since the first request was sent. */
function peakOutputs(records) {
	const first = records.reduce((least, record) => Math.min(least, record.startMs), Infinity);
	const seconds = /* @__PURE__ */ new Map();
	for (const { startMs, ttftMs, itlMs } of records) {
		let at = startMs + ttftMs - first;
		for (let i = -1; i < itlMs.length; i++) {
			if (i >= 0) at += itlMs[i];
			const second = Math.floor(at / 1e3);
			seconds.set(second, (seconds.get(second) ?? 0) + 1);
		}
	}
	return [...seconds.values()].reduce((most, count) => Math.max(most, count), 0);
}
/** A request that ends when another one starts is not open together with it. */
function peakConcurrency(records) {
	const events = records.flatMap(({ startMs, e2elMs }) => [{
		at: startMs,
		change: 1
	}, {
		at: startMs + e2elMs,
		change: -1
	}]);
	events.sort((a, b) => a.at - b.at || a.change - b.change);
	let open = 0;
	let most = 0;
	for (const { change } of events) {
		open += change;
		most = Math.max(most, open);
	}
	return most;
}
export { serveMetrics as n, LATENCY_METRICS as t };
