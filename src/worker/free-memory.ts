/** Memory that this process may still take. */
import { freemem } from "node:os";
import type { ReadText } from "../util/control-groups.js";
import { controlGroupFolders, readText } from "../util/control-groups.js";

function memAvailable(read: ReadText): number {
  const line = /^MemAvailable:\s+(\d+) kB/m.exec(read("/proc/meminfo") ?? "");
  return line ? Number(line[1]) * 1024 : freemem();
}

/** Bytes: what the machine has available, within the limits of Linux control groups (version 2 and 1). */
export function freeMemoryBytes(read: ReadText = readText): number {
  let free = memAvailable(read);
  for (const folder of controlGroupFolders("memory", read)) {
    const first = (...names: string[]): number => Number(names.map((name) => read(`${folder}/${name}`)).find(Boolean));
    const limit = first("memory.max", "memory.limit_in_bytes");
    if (!(limit > 0)) continue;
    const used = first("memory.current", "memory.usage_in_bytes") || 0;
    free = Math.min(free, limit - used + reclaimable(read(`${folder}/memory.stat`) ?? ""));
  }
  return Math.max(0, free);
}

/** Bytes of files that the system keeps in memory and gives up when asked; the weights' own files are among them. */
function reclaimable(stat: string): number {
  const of = (name: string): number => Number(new RegExp(`^${name} (\\d+)$`, "m").exec(stat)?.[1] ?? 0);
  return (of("total_inactive_file") || of("inactive_file")) + (of("total_active_file") || of("active_file"));
}
