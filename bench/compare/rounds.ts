/** Runs a case: engines in turn, round after round, with probes of the machine around every measurement. */
import type { Case, MetricName } from "./cases.js";
import { cpuTimes, cpuUse } from "./cpu-time.js";
import type { Lane, Measured } from "./lane.js";
import type { Ceiling } from "./roofline.js";

/** One measurement with what the machine gave and did around it. */
export interface Sample extends Measured {
  readonly probe: Ceiling;
  /** Processors that others used meanwhile; idle engines count as others. */
  readonly others: number;
  /** Processors that idle engines used meanwhile. */
  readonly idle: number;
}

export interface CaseRun {
  readonly before: Ceiling;
  readonly after: Ceiling;
  /** By lane; the i-th sample of each is of round i. */
  readonly samples: ReadonlyMap<string, readonly Sample[]>;
}

/** Processors that idle engines may use without a warning. */
export const MAX_IDLE = 0.02;
const SETTLE_MS = 200;
const SETTLE_TRIES = 20;

export interface RoundOptions {
  readonly rounds: number;
  /** A measurement is repeated until others used at most this much of one processor… */
  readonly maxOthers: number;
  /** …at most this often; then the quietest counts. */
  readonly tries: number;
  /** What the machine gives at this moment. */
  readonly probe: () => Ceiling;
  readonly log: (line: string) => void;
}

/** Measures every lane once per round, A B C A B C. @throws Error from a lane */
export async function runCase(spec: Case, lanes: readonly Lane[], options: RoundOptions): Promise<CaseRun> {
  const { rounds, probe, log } = options;
  for (const lane of lanes) await lane.warm(spec);
  const samples = new Map(lanes.map(({ name }) => [name, [] as Sample[]]));
  const before = probe();
  log(`  before   ${probeText(before)}`);
  for (let round = 1; round <= rounds; round++) {
    for (const lane of lanes) {
      const sample = await quietest(spec, lane, lanes, round, options);
      samples.get(lane.name)!.push(sample);
      log(`  ${String(round).padEnd(2)} ${lane.name.padEnd(10)} ${sampleText(spec, sample)}`);
    }
  }
  const after = probe();
  log(`  after    ${probeText(after)}`);
  return { before, after, samples };
}

async function quietest(
  spec: Case,
  lane: Lane,
  lanes: readonly Lane[],
  round: number,
  { tries, maxOthers, rounds, probe }: RoundOptions,
): Promise<Sample> {
  const idlePids = lanes.filter((other) => other !== lane).flatMap(({ pids }) => pids);
  let best: Sample | undefined;
  for (let i = 0; i < Math.max(1, tries); i++) {
    await settle(idlePids);
    const probeBefore = probe();
    const [begin, cpuBefore] = [performance.now(), cpuTimes(idlePids)];
    // Repetitions are rounds of their own, so that no prompt is ever seen twice.
    const measured = await lane.measure(spec, round + i * rounds);
    const cpu = cpuUse(cpuBefore, cpuTimes(idlePids), (performance.now() - begin) / 1000);
    const sample = { ...measured, ...cpu, probe: mean(probeBefore, probe()) };
    if (best === undefined || sample.others < best.others) best = sample;
    if (best.others <= maxOthers) break;
  }
  return best!;
}

/** Waits until engines whose turn it is not do nothing; some work on for a moment after their last token. */
async function settle(pids: readonly number[]): Promise<void> {
  for (let i = 0; i < SETTLE_TRIES; i++) {
    const before = cpuTimes(pids);
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
    if (cpuUse(before, cpuTimes(pids), SETTLE_MS / 1000).idle < MAX_IDLE) return;
  }
}

function mean(a: Ceiling, b: Ceiling): Ceiling {
  return { read: (a.read + b.read) / 2, peak: (a.peak + b.peak) / 2 };
}

/** Values of one metric, in the order of rounds. @throws Error if a sample has none */
export function valuesOf(samples: readonly Sample[], metric: MetricName): number[] {
  return samples.map(({ values }) => {
    const value = values[metric];
    if (value === undefined || !(value > 0)) throw new Error(`${metric}: expected a positive figure, got ${value}`);
    return value;
  });
}

/** "34.1 GB/s, 412 GF/s" */
export function probeText({ read, peak }: Ceiling): string {
  return `${(read / 1e9).toFixed(1)} GB/s, ${(peak / 1e9).toFixed(0)} GF/s`;
}

function sampleText(spec: Case, sample: Sample): string {
  const figures = spec.metrics.map(({ name, unit }) => {
    const value = sample.values[name];
    return `${name} ${value?.toPrecision(4) ?? "none"} ${unit}`;
  });
  const warning = sample.idle > MAX_IDLE ? `; idle engines used ${sample.idle.toFixed(2)} processors` : "";
  return `${figures.join(", ")}  [${probeText(sample.probe)}; others ${sample.others.toFixed(2)}${warning}]`;
}
