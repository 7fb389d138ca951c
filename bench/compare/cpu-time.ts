/** Who had the processors: of the whole machine and of trees of processes, from Linux's /proc. */
import { readdirSync, readFileSync } from "node:fs";

const TICKS_PER_SECOND = 100;

/** Processor seconds at one moment. */
export interface CpuTimes {
  /** Of all processors, stolen time included. */
  readonly busy: number;
  /** Of this process, its children and theirs, ended ones included. */
  readonly own: number;
  /** Of the trees below `idle`. */
  readonly idle: number;
}

/** Since a moment before. */
export interface CpuUse {
  /** Processors that others used on average; processes that should have been idle count as others. */
  readonly others: number;
  /** Processors that the processes named as idle used. */
  readonly idle: number;
}

interface ProcessTimes {
  readonly parent: number;
  /** Processor seconds of the process and of its children that have ended. */
  readonly seconds: number;
}

/** Times now, or undefined where the system does not tell. `idle` are ids of processes that should do nothing now. */
export function cpuTimes(idle: readonly number[]): CpuTimes | undefined {
  try {
    const processes = allProcesses();
    const idleSeconds = idle.reduce((sum, pid) => sum + treeSeconds(processes, pid), 0);
    const busy = busySeconds(readFileSync("/proc/stat", "utf8"));
    return { busy, own: treeSeconds(processes, process.pid), idle: idleSeconds };
  } catch {
    return undefined;
  }
}

/** What happened between two moments that are `seconds` apart; zeros where the system does not tell. */
export function cpuUse(before: CpuTimes | undefined, after: CpuTimes | undefined, seconds: number): CpuUse {
  if (!before || !after) return { others: 0, idle: 0 };
  const idle = Math.max(0, after.idle - before.idle);
  const others = after.busy - before.busy - (after.own - before.own - idle);
  return { others: Math.max(0, others / seconds), idle: idle / seconds };
}

/** Seconds in which processors were not idle, from the text of /proc/stat. */
export function busySeconds(stat: string): number {
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = stat
    .slice(0, stat.indexOf("\n"))
    .trim()
    .split(/\s+/)
    .slice(1)
    .map(Number);
  return (user + nice + system + irq + softirq + steal) / TICKS_PER_SECOND;
}

/** Parent and times from the text of /proc/PID/stat; the name in it may hold anything, brackets too. */
export function processTimes(stat: string): ProcessTimes {
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  return { parent: Number(fields[1]), seconds: ticks / TICKS_PER_SECOND };
}

/** Seconds of a process and of all below it. */
export function treeSeconds(processes: ReadonlyMap<number, ProcessTimes>, root: number): number {
  let sum = processes.get(root)?.seconds ?? 0;
  for (const [pid, { parent }] of processes) if (parent === root) sum += treeSeconds(processes, pid);
  return sum;
}

function allProcesses(): Map<number, ProcessTimes> {
  const processes = new Map<number, ProcessTimes>();
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      processes.set(Number(name), processTimes(readFileSync(`/proc/${name}/stat`, "utf8")));
    } catch {
      // It has ended meanwhile.
    }
  }
  return processes;
}
