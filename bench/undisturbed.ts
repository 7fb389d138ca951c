/** Measuring on a shared machine: repeat until a window of time belonged to this process alone. */
import { readFileSync } from "node:fs";

/** Ticks (10 ms) that all processors were busy, stolen time included; 0 where the system does not tell. */
function busySeconds(): number {
  try {
    const [user, nice, system, , , irq, softirq, steal] = readFileSync("/proc/stat", "utf8")
      .split("\n")[0]!
      .trim()
      .split(/\s+/)
      .slice(1)
      .map(Number) as number[];
    return (user! + nice! + system! + irq! + softirq! + steal!) / 100;
  } catch {
    return 0;
  }
}

export interface Window<T> {
  readonly value: T;
  /** Share of one processor that others used meanwhile. */
  readonly disturbance: number;
}

/**
 * Runs `measure` (which should take a few tenths of a second) until others used less than `limit` of one processor, at most
 * `tries` times; returns the quietest.
 */
export async function undisturbed<T>(measure: () => Promise<T>, tries = 40, limit = 0.08): Promise<Window<T>> {
  let best: Window<T> | undefined;
  for (let i = 0; i < tries; i++) {
    const [wall, own, busy] = [process.hrtime.bigint(), process.cpuUsage(), busySeconds()];
    const value = await measure();
    const seconds = Number(process.hrtime.bigint() - wall) / 1e9;
    const { user, system } = process.cpuUsage(own);
    const disturbance = Math.max(0, (busySeconds() - busy - (user + system) / 1e6) / seconds);
    if (!best || disturbance < best.disturbance) best = { value, disturbance };
    if (best.disturbance <= limit) break;
    await new Promise((resolve) => setTimeout(resolve, 100 + 50 * i));
  }
  return best!;
}
