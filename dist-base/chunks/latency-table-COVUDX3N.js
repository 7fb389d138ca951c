import { n as textTable, t as figure } from "./text-table-BOzm1zAn.js";
import { n as percentile, t as median } from "./statistics-m8nnyVxI.js";
// src/tools/bench/breakdown-table.ts
const HEAD = [
	"",
	"calls",
	"us",
	"share",
	"waiting",
	"MB",
	"GB/s",
	"GFLOP/s",
	"roofline us",
	"times"
];
/**
* The table of one kind of step: ops, their sum, what else there is, and the step.
*
* @param title what the steps are: "decode, batch 16"
*/
function breakdownTable(title, breakdown) {
	const { numSteps, numTokens, numRequests, stepMicroseconds, ops, opsMicroseconds, opsShare, speed } = breakdown;
	const rows = [
		HEAD,
		...ops.map(opRow),
		totalRow(breakdown),
		[
			"  of that threads waiting",
			"",
			us(breakdown.waitingMicroseconds),
			percent(breakdown.waitingMicroseconds / stepMicroseconds)
		],
		...breakdown.rest.map(({ name, microseconds, share }) => [
			name,
			"",
			us(microseconds),
			percent(share)
		]),
		[
			"step",
			"",
			us(stepMicroseconds),
			"100.0 %"
		]
	];
	return [
		`${title}: ${numTokens === 1 ? "1 token" : `${numTokens} tokens`} of ${numRequests === 1 ? "1 request" : `${numRequests} requests`}; mean of the middle half of ${numSteps} ${numSteps === 1 ? "step" : "steps"}`,
		"",
		textTable(rows),
		"",
		`Ops are ${percent(opsShare)} of the step's ${us(opsMicroseconds / opsShare)} us. ${speedLine(speed)}`
	].join("\n");
}
function opRow(row) {
	const { kind, count, microseconds, share, waitingMicroseconds } = row;
	const waiting = percent(microseconds > 0 ? waitingMicroseconds / microseconds : 0);
	return [
		kind,
		count.toFixed(Math.abs(count - Math.round(count)) < .05 ? 0 : 1),
		us(microseconds),
		percent(share),
		waiting,
		...rates(row)
	];
}
function totalRow({ ops, opsMicroseconds, opsShare, waitingMicroseconds, speed }) {
	const total = (of) => ops.reduce((sum, row) => sum + of(row), 0);
	const rooflineMicroseconds = speed && total((row) => row.rooflineMicroseconds ?? 0);
	const bytes = total((row) => row.bytes);
	const flops = total((row) => row.flops);
	const count = total((row) => row.count);
	const waiting = percent(opsMicroseconds > 0 ? waitingMicroseconds / opsMicroseconds : 0);
	const sums = rates({
		microseconds: opsMicroseconds,
		bytes,
		flops,
		rooflineMicroseconds
	});
	return [
		"all ops",
		count.toFixed(0),
		us(opsMicroseconds),
		percent(opsShare),
		waiting,
		...sums
	];
}
/** Megabytes, GB/s, GFLOP/s, the roofline, and how many times that the op took. */
function rates({ microseconds, bytes, flops, rooflineMicroseconds }) {
	const rate = (amount) => microseconds > 0 ? (amount / microseconds / 1e3).toFixed(1) : "-";
	const times = rooflineMicroseconds !== void 0 && rooflineMicroseconds > 0 ? (microseconds / rooflineMicroseconds).toFixed(2) : "-";
	const least = rooflineMicroseconds === void 0 ? "-" : us(rooflineMicroseconds);
	return [
		(bytes / 1e6).toFixed(2),
		rate(bytes),
		rate(flops),
		least,
		times
	];
}
function speedLine(speed) {
	if (speed === void 0) return "This platform has no probes, hence no roofline.";
	const { f32, bf16 } = speed.flopsPerSecond;
	const giga = (value) => (value / 1e9).toFixed(value < 1e11 ? 1 : 0);
	return `Roofline: a read of memory at ${giga(speed.bytesPerSecond)} GB/s, products at ${giga(bf16)} (bf16) and ${giga(f32)} (f32) GFLOP/s, as probed just now.`;
}
function us(microseconds) {
	return microseconds.toFixed(microseconds < 100 ? 1 : 0);
}
function percent(share) {
	return `${(share * 100).toFixed(1)} %`;
}
// src/tools/bench/latency-table.ts
/** The result of `quire bench latency` as text. */
const PERCENTS = [
	10,
	25,
	50,
	75,
	90,
	99
];
/** Latencies of each batch size, and what they mean in tokens a second. Medians over the iterations. */
function latencyTables({ batches, memoryBandwidth, breakdowns }) {
	const done = batches.filter(({ iterations }) => iterations.length > 0);
	const latencies = done.map(({ batchSize, iterations }) => {
		const sorted = iterations.map(({ latencyMs }) => latencyMs).toSorted((a, b) => a - b);
		const mean = sorted.reduce((sum, value) => sum + value, 0) / sorted.length;
		return [
			String(batchSize),
			mean,
			...PERCENTS.map((percent) => percentile(sorted, percent))
		].map(cell);
	});
	const rates = done.map(rateRow);
	const latencyHead = [
		"batch",
		"latency ms: mean",
		...PERCENTS.map((percent) => `p${percent}`)
	];
	const rateHead = [
		"batch",
		"TTFT p50 ms",
		"TTFT p99 ms",
		"prefill tok/s",
		"decode tok/s",
		"output tok/s",
		"JS ms/step",
		"outside ms"
	];
	const probe = memoryBandwidth.length === 0 ? "" : `\nmemory, one thread reads: ${memoryBandwidth.map((value) => value.toFixed(1)).join(" GB/s before, ")} GB/s after\n`;
	const parts = breakdowns.flatMap(breakdownTables).map((table) => `\n${table}\n`);
	return `${textTable([latencyHead, ...latencies])}\n\n${textTable([rateHead, ...rates])}\n${probe}${parts.join("")}`;
}
function breakdownTables({ batchSize, decode, prefill }) {
	const title = (what) => `${what}, batch ${batchSize}`;
	return [...decode === void 0 ? [] : [breakdownTable(title("decode"), decode)], ...prefill === void 0 ? [] : [breakdownTable(title("prefill"), prefill)]];
}
function rateRow({ batchSize, iterations }) {
	const ttfts = iterations.flatMap(({ ttftMs }) => ttftMs).toSorted((a, b) => a - b);
	const of = (value) => median(iterations.map(value).filter((one) => one !== void 0));
	return [
		String(batchSize),
		percentile(ttfts, 50),
		percentile(ttfts, 99),
		of((iteration) => iteration.prefillTokensPerSecond),
		of((iteration) => iteration.decodeTokensPerSecond),
		of((iteration) => iteration.outputTokens / (iteration.latencyMs / 1e3)),
		of((iteration) => iteration.jsCpuMsPerStep),
		of((iteration) => iteration.outsideMsPerStep)
	].map(cell);
}
function cell(value) {
	return typeof value === "string" ? value : figure(value);
}
export { latencyTables };
