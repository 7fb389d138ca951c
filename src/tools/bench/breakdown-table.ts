/** A breakdown as text. */
import type { Breakdown, BreakdownRow } from "./breakdown.js";
import { textTable } from "./text-table.js";

const HEAD = ["", "calls", "us", "share", "waiting", "MB", "GB/s", "GFLOP/s", "roofline us", "times"];

/**
 * The table of one kind of step: ops, their sum, what else there is, and the step.
 *
 * @param title what the steps are: "decode, batch 16"
 */
export function breakdownTable(title: string, breakdown: Breakdown): string {
  const { numSteps, numTokens, numRequests, stepMicroseconds, ops, opsMicroseconds, opsShare, speed } = breakdown;
  const rows = [
    HEAD,
    ...ops.map(opRow),
    totalRow(breakdown),
    [
      "  of that threads waiting",
      "",
      us(breakdown.waitingMicroseconds),
      percent(breakdown.waitingMicroseconds / stepMicroseconds),
    ],
    ...breakdown.rest.map(({ name, microseconds, share }) => [name, "", us(microseconds), percent(share)]),
    ["step", "", us(stepMicroseconds), "100.0 %"],
  ];
  const tokens = numTokens === 1 ? "1 token" : `${numTokens} tokens`;
  const requests = numRequests === 1 ? "1 request" : `${numRequests} requests`;
  return [
    `${title}: ${tokens} of ${requests}; mean of the middle half of ${numSteps} ${numSteps === 1 ? "step" : "steps"}`,
    "",
    textTable(rows),
    "",
    `Ops are ${percent(opsShare)} of the step's ${us(opsMicroseconds / opsShare)} us. ${speedLine(speed)}`,
  ].join("\n");
}

function opRow(row: BreakdownRow): string[] {
  const { kind, count, microseconds, share, waitingMicroseconds } = row;
  const waiting = percent(microseconds > 0 ? waitingMicroseconds / microseconds : 0);
  return [
    kind,
    count.toFixed(Math.abs(count - Math.round(count)) < 0.05 ? 0 : 1),
    us(microseconds),
    percent(share),
    waiting,
    ...rates(row),
  ];
}

function totalRow({ ops, opsMicroseconds, opsShare, waitingMicroseconds, speed }: Breakdown): string[] {
  const total = (of: (row: BreakdownRow) => number): number => ops.reduce((sum, row) => sum + of(row), 0);
  const rooflineMicroseconds = speed && total((row) => row.rooflineMicroseconds ?? 0);
  const bytes = total((row) => row.bytes);
  const flops = total((row) => row.flops);
  const count = total((row) => row.count);
  const waiting = percent(opsMicroseconds > 0 ? waitingMicroseconds / opsMicroseconds : 0);
  const sums = rates({ microseconds: opsMicroseconds, bytes, flops, rooflineMicroseconds });
  return ["all ops", count.toFixed(0), us(opsMicroseconds), percent(opsShare), waiting, ...sums];
}

/** Megabytes, GB/s, GFLOP/s, the roofline, and how many times that the op took. */
function rates({
  microseconds,
  bytes,
  flops,
  rooflineMicroseconds,
}: Pick<BreakdownRow, "microseconds" | "bytes" | "flops" | "rooflineMicroseconds">): string[] {
  const rate = (amount: number): string => (microseconds > 0 ? (amount / microseconds / 1e3).toFixed(1) : "-");
  const times =
    rooflineMicroseconds !== undefined && rooflineMicroseconds > 0
      ? (microseconds / rooflineMicroseconds).toFixed(2)
      : "-";
  const least = rooflineMicroseconds === undefined ? "-" : us(rooflineMicroseconds);
  return [(bytes / 1e6).toFixed(2), rate(bytes), rate(flops), least, times];
}

function speedLine(speed: Breakdown["speed"]): string {
  if (speed === undefined) return "This platform has no probes, hence no roofline.";
  const { f32, bf16 } = speed.flopsPerSecond;
  const giga = (value: number): string => (value / 1e9).toFixed(value < 1e11 ? 1 : 0);
  return (
    `Roofline: a read of memory at ${giga(speed.bytesPerSecond)} GB/s, products at ${giga(bf16)} (bf16) ` +
    `and ${giga(f32)} (f32) GFLOP/s, as probed just now.`
  );
}

function us(microseconds: number): string {
  return microseconds.toFixed(microseconds < 100 ? 1 : 0);
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
