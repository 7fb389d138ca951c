/** Results as a Markdown table. */
import type { CaseResult, LaneResult, MetricResult, Results } from "./results.js";

const NOTHING = "–";
const header = [
  ...["case", "figure", "Quire", "llama.cpp", "vLLM", "ratio to the better (pairs)", "target"],
  ...["of the roofline", "probe GB/s, GF/s", "others", "step overhead ms"],
];

/** A row for each figure, in the order of `names`; names without results are left out. */
export function resultsTable({ machine, cases }: Results, names: readonly string[]): string {
  const rows = names.flatMap((name) => {
    const result = cases[name];
    return result ? Object.entries(result.metrics).map(([metric, figures]) => row(name, metric, figures, result)) : [];
  });
  const lines = [header, header.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`);
  const { cpu, cores, memoryGiB, node } = machine;
  return `${cpu}, ${cores} cores, ${memoryGiB} GiB, Node ${node}. Medians (least to most).\n\n${lines.join("\n")}\n`;
}

function row(
  name: string,
  metric: string,
  figures: MetricResult,
  { probe, others, stepOverheadMs }: CaseResult,
): string[] {
  const { engines, unit, ratio, pairs, target, met } = figures;
  const mark = met === undefined ? "" : met ? " (met)" : " (not met)";
  return [
    name,
    `${metric}, ${unit}`,
    range(engines.quire),
    engines["quire cold"] ? `cold: ${range(engines["quire cold"])}` : range(engines["llama.cpp"]),
    range(engines.vllm),
    ratio === undefined ? NOTHING : `${ratio.toFixed(2)} (${pairs?.toFixed(2) ?? NOTHING})`,
    target === undefined ? NOTHING : `${target}${mark}`,
    engines.quire?.share === undefined ? NOTHING : `${Math.round(engines.quire.share * 100)} %`,
    `${probe.median.read.toFixed(1)}, ${probe.median.peak.toFixed(0)}`,
    `${others.median.toFixed(2)} (to ${others.max.toFixed(2)})`,
    stepOverheadMs === undefined ? NOTHING : stepOverheadMs.toFixed(2),
  ];
}

function range(lane: LaneResult | undefined): string {
  return lane === undefined ? NOTHING : `${figure(lane.median)} (${figure(lane.min)}–${figure(lane.max)})`;
}

/** Three significant digits at least, without exponents. */
function figure(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}
