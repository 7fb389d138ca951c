/** Breakdown: where the time of a kind of step goes, op by op, beside what the machine could do. */
import type { MachineSpeed, OpProfile, PhaseTime, StepProfile } from "../../request/step-profile.js";
import { opWindows } from "../../util/spans.js";

/** One kind of op, all layers together; figures of one step. */
export interface BreakdownRow {
  readonly kind: string;
  /** Calls in a step. */
  readonly count: number;
  /** From the end of the op before to this op's end: with the wait for its slowest thread. */
  readonly microseconds: number;
  /** Of the step, 0..1. */
  readonly share: number;
  /** Time in which threads had nothing to do in it, on average over the threads. */
  readonly waitingMicroseconds: number;
  readonly bytes: number;
  readonly flops: number;
  /** The time that its bytes at the probed bandwidth or its operations at the probed peak would take, whichever is longer. */
  readonly rooflineMicroseconds: number | undefined;
}

/** Time of a step outside its ops. */
export interface BreakdownRest {
  readonly name: string;
  readonly microseconds: number;
  readonly share: number;
}

/** All figures are means over the middle half of the steps by their wall time, so that rows add up to the step. */
export interface Breakdown {
  /** Steps that were measured; half of them count. */
  readonly numSteps: number;
  readonly numTokens: number;
  readonly numRequests: number;
  /** Of the engine's step: from the start of scheduling to the end of taking up the results. */
  readonly stepMicroseconds: number;
  /** Longest first. */
  readonly ops: readonly BreakdownRow[];
  /** All ops together. */
  readonly opsMicroseconds: number;
  readonly opsShare: number;
  /** Of that: threads waiting at the end of an op, on average over the threads. */
  readonly waitingMicroseconds: number;
  /** What is left of the step, longest first. JavaScript counts as far as the native program does not run meanwhile. */
  readonly rest: readonly BreakdownRest[];
  readonly speed: MachineSpeed | undefined;
}

/** The steps that decode alone, one token for each request, with the number of requests that is most common. */
export function decodeSteps(steps: readonly StepProfile[]): StepProfile[] {
  return mostCommon(steps.filter(({ numTokens, numRequests }) => numTokens > 0 && numTokens === numRequests));
}

/** The steps that compute prompts, of the size that is most common. */
export function prefillSteps(steps: readonly StepProfile[]): StepProfile[] {
  return mostCommon(steps.filter(({ numTokens, numRequests }) => numTokens > numRequests));
}

/**
 * @param steps measured steps of one kind, as decodeSteps() gives them; steps that had to compile count only if all had to
 * @param speed what Engine.probe() gave; without it there is no roofline
 * @returns     undefined without steps
 */
export function breakdown(steps: readonly StepProfile[], speed?: MachineSpeed): Breakdown | undefined {
  const warm = steps.filter(({ phases }) => phases.every(({ name }) => name !== "compile"));
  const chosen = middleHalf(warm.length > 0 ? warm : steps);
  const first = chosen[0];
  if (first === undefined) return undefined;
  const scale = 1 / chosen.length;
  const ops = new Map<string, MutableRow>();
  const rest = new Map<string, number>();
  for (const step of chosen) {
    countOps(step, speed, scale, ops);
    for (const [name, ms] of outsideOps(step)) rest.set(name, (rest.get(name) ?? 0) + ms * 1e3 * scale);
  }
  const stepMicroseconds = sum(chosen.map(({ startMs, endMs }) => (endMs - startMs) * 1e3 * scale));
  const rows = [...ops.values()].map((row) => ({ ...row, share: row.microseconds / stepMicroseconds }));
  const opsMicroseconds = sum(rows.map(({ microseconds }) => microseconds));
  return {
    numSteps: steps.length,
    numTokens: first.numTokens,
    numRequests: first.numRequests,
    stepMicroseconds,
    ops: rows.sort((a, b) => b.microseconds - a.microseconds),
    opsMicroseconds,
    opsShare: opsMicroseconds / stepMicroseconds,
    waitingMicroseconds: sum(rows.map(({ waitingMicroseconds }) => waitingMicroseconds)),
    rest: [...rest]
      .map(([name, microseconds]) => ({ name, microseconds, share: microseconds / stepMicroseconds }))
      .sort((a, b) => b.microseconds - a.microseconds),
    speed,
  };
}

type MutableRow = { -readonly [Key in keyof Omit<BreakdownRow, "share">]: BreakdownRow[Key] };

function countOps(
  { runs }: StepProfile,
  speed: MachineSpeed | undefined,
  scale: number,
  rows: Map<string, MutableRow>,
): void {
  for (const run of runs) {
    const windows = opWindows(run);
    windows.forEach(({ entered, left, busy }, i) => {
      const op = run.ops[i]!;
      const nanoseconds = left - (windows[i - 1]?.left ?? entered);
      let row = rows.get(op.kind);
      if (row === undefined) rows.set(op.kind, (row = emptyRow(op.kind)));
      row.count += scale;
      row.microseconds += (nanoseconds / 1e3) * scale;
      row.waitingMicroseconds += ((nanoseconds - busy / run.threads) / 1e3) * scale;
      row.bytes += (op.bytesRead + op.bytesWritten) * scale;
      row.flops += op.flops * scale;
      if (speed !== undefined) row.rooflineMicroseconds = (row.rooflineMicroseconds ?? 0) + roofline(op, speed) * scale;
    });
  }
}

function emptyRow(kind: string): MutableRow {
  return {
    kind,
    count: 0,
    microseconds: 0,
    waitingMicroseconds: 0,
    bytes: 0,
    flops: 0,
    rooflineMicroseconds: undefined,
  };
}

/** Microseconds. */
function roofline({ bytesRead, bytesWritten, flops, arithmetic }: OpProfile, speed: MachineSpeed): number {
  const seconds = Math.max((bytesRead + bytesWritten) / speed.bytesPerSecond, flops / speed.flopsPerSecond[arithmetic]);
  return seconds * 1e6;
}

/** The stretches of a step outside its ops, by name, in milliseconds; with the ops they are the whole step. */
function outsideOps(step: StepProfile): (readonly [name: string, ms: number])[] {
  const native = step.runs.map((run) => {
    const windows = opWindows(run);
    const startMs = run.startMs + (windows[0]?.entered ?? 0) / 1e6;
    const endMs = run.startMs + (windows.at(-1)?.left ?? 0) / 1e6;
    return { name: undefined, startMs, endMs };
  });
  const wakes = native.map(({ startMs }, i) => ({
    name: "threads wake up",
    startMs: step.runs[i]!.startMs,
    endMs: startMs,
  }));
  const covered = [...native, ...wakes];
  const { startMs: from, endMs: to } = step;
  const inside = step.phases.filter(({ startMs, endMs }) => endMs > from && startMs < to);
  const phases = inside.flatMap((phase) =>
    without({ ...phase, startMs: Math.max(from, phase.startMs), endMs: Math.min(to, phase.endMs) }, covered),
  );
  const stretches = [...covered, ...phases].sort((a, b) => a.startMs - b.startMs || a.endMs - b.endMs);
  const parts: (readonly [string, number])[] = [];
  let at = step.startMs;
  let isAfterNative = false;
  for (const { name, startMs, endMs } of [...stretches, { name: undefined, startMs: step.endMs, endMs: step.endMs }]) {
    if (startMs > at) parts.push([isAfterNative ? "report back to JavaScript" : "between phases", startMs - at]);
    if (name !== undefined) parts.push([name, endMs - startMs]);
    isAfterNative = name === undefined;
    at = endMs;
  }
  return parts;
}

/** The parts of a phase that lie outside all `covered` stretches, named as JavaScript. */
function without(phase: PhaseTime, covered: readonly { startMs: number; endMs: number }[]) {
  let parts = [{ name: `JavaScript: ${phase.name}`, startMs: phase.startMs, endMs: phase.endMs }];
  for (const { startMs, endMs } of covered) {
    parts = parts.flatMap((part) => [
      { ...part, endMs: Math.min(part.endMs, startMs) },
      { ...part, startMs: Math.max(part.startMs, endMs) },
    ]);
    parts = parts.filter((part) => part.endMs > part.startMs);
  }
  return parts;
}

/** The steps whose number of tokens occurs most often; of several the larger. */
function mostCommon(steps: readonly StepProfile[]): StepProfile[] {
  const bySize = new Map<number, StepProfile[]>();
  for (const step of steps) bySize.set(step.numTokens, [...(bySize.get(step.numTokens) ?? []), step]);
  const sizes = [...bySize].sort(([a, some], [b, others]) => others.length - some.length || b - a);
  return sizes[0]?.[1] ?? [];
}

/** Without the quickest and the slowest quarter. */
function middleHalf(steps: readonly StepProfile[]): StepProfile[] {
  const sorted = [...steps].sort((a, b) => a.endMs - a.startMs - (b.endMs - b.startMs));
  const cut = Math.floor(sorted.length / 4);
  return sorted.slice(cut, sorted.length - cut);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
