/** Memory that this process may still take. */
import { readFileSync } from "node:fs";
import { freemem } from "node:os";

function readNumber(path: string): number | undefined {
  try {
    const value = Number(readFileSync(path, "utf8").trim());
    return Number.isFinite(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function memAvailable(): number {
  try {
    const line = /^MemAvailable:\s+(\d+) kB/m.exec(readFileSync("/proc/meminfo", "utf8"));
    if (line) return Number(line[1]) * 1024;
  } catch {
    // Not Linux.
  }
  return freemem();
}

/** Bytes: what the machine has available, within the limit of a Linux control group (version 2 or 1). */
export function freeMemoryBytes(): number {
  const limit = readNumber("/sys/fs/cgroup/memory.max") ?? readNumber("/sys/fs/cgroup/memory/memory.limit_in_bytes");
  const used =
    readNumber("/sys/fs/cgroup/memory.current") ?? readNumber("/sys/fs/cgroup/memory/memory.usage_in_bytes") ?? 0;
  const available = memAvailable();
  return limit === undefined ? available : Math.max(0, Math.min(available, limit - used));
}
