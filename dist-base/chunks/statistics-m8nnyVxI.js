// src/tools/bench/statistics.ts
/**
* The value below which `percent` of the values lie, with straight lines between the two nearest ones, as numpy's
* `percentile` does.
*
* @param sorted  ascending, not empty
* @param percent 0 to 100
*/
function percentile(sorted, percent) {
	const place = percent / 100 * (sorted.length - 1);
	const low = Math.floor(place);
	const a = sorted[low];
	return a + (sorted[Math.min(low + 1, sorted.length - 1)] - a) * (place - low);
}
/** Middle of the values, in any order; NaN without values. */
function median(values) {
	return values.length === 0 ? NaN : percentile(ascending(values), 50);
}
/** Summary of values in any order; undefined without values. */
function summarize(values, percents) {
	if (values.length === 0) return void 0;
	const sorted = ascending(values);
	const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
	const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
	return {
		count: values.length,
		mean,
		median: percentile(sorted, 50),
		std: Math.sqrt(variance),
		min: sorted[0],
		max: sorted.at(-1),
		percentiles: Object.fromEntries(percents.map((percent) => [String(percent), percentile(sorted, percent)]))
	};
}
function ascending(values) {
	return values.toSorted((a, b) => a - b);
}
export { percentile as n, summarize as r, median as t };
