/** The result of `quire bench latency` as text. */
import { breakdownTable } from "./breakdown-table.js";
import type { BatchBreakdown, LatencyBatch, LatencyResult } from "./latency.js";
import { median, percentile } from "./statistics.js";
import { figure, textTable } from "./text-table.js";

const PERCENTS = [10, 25, 50, 75, 90, 99];

/** Latencies of each batch size, and what they mean in tokens a second. Medians over the iterations. */
export function latencyTables({ batches, memoryBandwidth, breakdowns }: LatencyResult): string {
  const done = batches.filter(({ iterations }) => iterations.length > 0);
  const latencies = done.map(({ batchSize, iterations }) => {
    const sorted = iterations.map(({ latencyMs }) => latencyMs).toSorted((a, b) => a - b);
    const mean = sorted.reduce((sum, value) => sum + value, 0) / sorted.length;
    return [String(batchSize), mean, ...PERCENTS.map((percent) => percentile(sorted, percent))].map(cell);
  });
  const rates = done.map(rateRow);
  const latencyHead = ["batch", "latency ms: mean", ...PERCENTS.map((percent) => `p${percent}`)];
  const rateHead = [
    "batch",
    "TTFT p50 ms",
    "TTFT p99 ms",
    "prefill tok/s",
    "decode tok/s",
    "output tok/s",
    "JS ms/step",
    "outside ms",
  ];
  const probe =
    memoryBandwidth.length === 0
      ? ""
      : `\nmemory, one thread reads: ${memoryBandwidth.map((value) => value.toFixed(1)).join(" GB/s before, ")} GB/s after\n`;
  const parts = breakdowns.flatMap(breakdownTables).map((table) => `\n${table}\n`);
  return `${textTable([latencyHead, ...latencies])}\n\n${textTable([rateHead, ...rates])}\n${probe}${parts.join("")}`;
}

function breakdownTables({ batchSize, decode, prefill }: BatchBreakdown): string[] {
  const title = (what: string): string => `${what}, batch ${batchSize}`;
  return [
    ...(decode === undefined ? [] : [breakdownTable(title("decode"), decode)]),
    ...(prefill === undefined ? [] : [breakdownTable(title("prefill"), prefill)]),
  ];
}

function rateRow({ batchSize, iterations }: LatencyBatch): string[] {
  const ttfts = iterations.flatMap(({ ttftMs }) => ttftMs).toSorted((a, b) => a - b);
  const of = (value: (iteration: LatencyBatch["iterations"][number]) => number | undefined): number =>
    median(iterations.map(value).filter((one) => one !== undefined));
  return [
    String(batchSize),
    percentile(ttfts, 50),
    percentile(ttfts, 99),
    of((iteration) => iteration.prefillTokensPerSecond),
    of((iteration) => iteration.decodeTokensPerSecond),
    of((iteration) => iteration.outputTokens / (iteration.latencyMs / 1000)),
    of((iteration) => iteration.jsCpuMsPerStep),
    of((iteration) => iteration.outsideMsPerStep),
  ].map(cell);
}

function cell(value: string | number): string {
  return typeof value === "string" ? value : figure(value);
}
