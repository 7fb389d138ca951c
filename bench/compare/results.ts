/** Results of cases as JSON: medians, ratios and what the machine gave meanwhile. Files are merged case by case. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import type { Case, Metric } from "./cases.js";
import type { Lane } from "./lane.js";
import type { Machine } from "./machine.js";
import { decodeCeiling, prefillCeiling } from "./roofline.js";
import type { Ceiling, ModelShape } from "./roofline.js";
import { MAX_IDLE, valuesOf } from "./rounds.js";
import type { CaseRun, Sample } from "./rounds.js";
import { median, rounded, spread } from "./statistics.js";
import type { Spread } from "./statistics.js";

/** One engine's figure. */
export interface LaneResult extends Spread {
  readonly samples: readonly number[];
  /** Median share of the rate that the probes around each sample allow; for decode and prefill. */
  readonly share?: number;
}

export interface MetricResult {
  readonly unit: string;
  readonly better: "higher" | "lower";
  readonly engines: Readonly<Record<string, LaneResult>>;
  /** The best peer, and Quire's median by its. Absent without a peer. */
  readonly peer?: string;
  readonly ratio?: number;
  /** Median over rounds of Quire's figure by that peer's. */
  readonly pairs?: number;
  readonly target?: string;
  readonly met?: boolean;
}

/** GB/s and GF/s. */
export interface ProbeResult {
  readonly read: number;
  readonly peak: number;
}

export interface CaseResult {
  readonly date: string;
  readonly rounds: number;
  readonly threads: number;
  readonly versions: Readonly<Record<string, string>>;
  /** Before and after the case, and the median around the samples. */
  readonly probe: { readonly before: ProbeResult; readonly after: ProbeResult; readonly median: ProbeResult };
  /** Processors that others used during a sample: median and most. */
  readonly others: { readonly median: number; readonly max: number };
  readonly metrics: Readonly<Record<string, MetricResult>>;
  /** Quire's median step: wall time less the time inside the native program. */
  readonly stepOverheadMs?: number;
  readonly notes: readonly string[];
}

export interface Results {
  readonly machine: Machine;
  readonly cases: Readonly<Record<string, CaseResult>>;
}

/** Sums a run up. `shape` is the model's; `date` an ISO date. */
export function summarize(
  spec: Case,
  run: CaseRun,
  lanes: readonly Lane[],
  context: { readonly shape: ModelShape; readonly threads: number; readonly date: string },
): CaseResult {
  const all = [...run.samples.values()].flat();
  // Looks back over several rounds, so the last one knows best.
  const stepOverheadMs = run.samples.get("quire")?.at(-1)?.stepOverheadMs;
  return {
    date: context.date,
    rounds: run.samples.values().next().value?.length ?? 0,
    threads: context.threads,
    versions: Object.fromEntries(lanes.map(({ name, version }) => [name, version])),
    probe: {
      before: probeResult(run.before),
      after: probeResult(run.after),
      median: probeResult({
        read: median(all.map(({ probe }) => probe.read)),
        peak: median(all.map(({ probe }) => probe.peak)),
      }),
    },
    others: {
      median: rounded(median(all.map(({ others }) => others))),
      max: rounded(Math.max(...all.map(({ others }) => others))),
    },
    metrics: Object.fromEntries(
      spec.metrics.map((metric) => [metric.name, summarizeMetric(spec, metric, run.samples, context.shape)]),
    ),
    ...(stepOverheadMs === undefined ? {} : { stepOverheadMs: rounded(stepOverheadMs) }),
    notes: notesOf(all),
  };
}

function summarizeMetric(
  spec: Case,
  metric: Metric,
  samples: ReadonlyMap<string, readonly Sample[]>,
  shape: ModelShape,
): MetricResult {
  const engines = Object.fromEntries(
    [...samples].map(([name, list]) => [name, laneResult(spec, metric, list, shape)] as const),
  );
  const { quire, ...peers } = engines;
  const best = bestPeer(peers, metric.better);
  const base = { unit: metric.unit, better: metric.better, engines };
  if (quire === undefined || best === undefined) return { ...base, target: metric.target?.text };
  const [peer, { median: peerMedian }] = best;
  const own = valuesOf(samples.get("quire")!, metric.name);
  const other = valuesOf(samples.get(peer)!, metric.name);
  const reached = {
    value: quire.median,
    ratio: quire.median / peerMedian,
    pairs: median(own.map((value, i) => value / other[i]!)),
    share: quire.share ?? NaN,
  };
  return {
    ...base,
    peer,
    ratio: rounded(reached.ratio),
    pairs: rounded(reached.pairs),
    target: metric.target?.text,
    met: metric.target?.met(reached),
  };
}

/** Name and figures of the peer with the best median. */
export function bestPeer<T extends Spread>(
  peers: Readonly<Record<string, T>>,
  better: "higher" | "lower",
): [string, T] | undefined {
  const sign = better === "higher" ? -1 : 1;
  return Object.entries(peers).toSorted(([, a], [, b]) => sign * (a.median - b.median))[0];
}

function laneResult(spec: Case, metric: Metric, samples: readonly Sample[], shape: ModelShape): LaneResult {
  const values = valuesOf(samples, metric.name);
  const { median: middle, min, max } = spread(values);
  const shares = samples.map(({ probe }, i) => values[i]! / (rateCeiling(spec, shape, probe) ?? NaN));
  return {
    median: rounded(middle),
    min: rounded(min),
    max: rounded(max),
    ...(shares.every(Number.isFinite) ? { share: rounded(median(shares)) } : {}),
    samples: values.map(rounded),
  };
}

function rateCeiling(spec: Case, shape: ModelShape, probe: Ceiling): number | undefined {
  if (spec.kind === "decode") return decodeCeiling(shape, spec.batch, spec.context + spec.newTokens / 2, probe);
  return spec.kind === "prefill" ? prefillCeiling(shape, spec.context, probe) : undefined;
}

function probeResult({ read, peak }: Ceiling): ProbeResult {
  return { read: rounded(read / 1e9), peak: rounded(peak / 1e9) };
}

function notesOf(samples: readonly Sample[]): string[] {
  const idle = Math.max(...samples.map((sample) => sample.idle));
  return idle > MAX_IDLE ? [`engines that should have been idle used up to ${idle.toFixed(2)} processors`] : [];
}

/**
 * Puts results over earlier ones of the same machine: a case that was measured again replaces the old one.
 * @throws Error if the earlier results are of another machine
 */
export function mergeResults(earlier: Results | undefined, later: Results): Results {
  if (earlier === undefined) return later;
  const [was, is] = [earlier.machine, later.machine];
  for (const field of ["cpu", "cores"] as const) {
    if (was[field] === is[field]) continue;
    throw new Error(`results: ${field} was ${was[field]}, is ${is[field]}; write to another file by --json`);
  }
  return { machine: is, cases: { ...earlier.cases, ...later.cases } };
}

/** Results of a file; undefined if there is no such file. @throws Error if it holds something else */
export function readResults(path: string): Results | undefined {
  if (!existsSync(path)) return undefined;
  const value = JSON.parse(readFileSync(path, "utf8")) as Partial<Results>;
  if (value.machine && value.cases) return value as Results;
  throw new Error(`${path}: expected results with "machine" and "cases"; remove the file or name another`);
}

export function writeResults(path: string, results: Results): void {
  writeFileSync(path, `${JSON.stringify(results, undefined, 2)}\n`);
}
