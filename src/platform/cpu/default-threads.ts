/** How many compute threads this process should use: physical cores that it may run on. */
import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";

/** Reads a small system file; undefined when there is none. */
type ReadText = (path: string) => string | undefined;

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    return undefined;
  }
}

/**
 * Physical cores within the affinity mask and the cgroup's CPU quota (rounded up); hyper-threads of one core count once.
 * At least 1. Where the system does not say (macOS, Windows): the number of processors.
 */
export function defaultThreads(read: ReadText = readText, processors = availableParallelism()): number {
  const cores = allowedCores(read) ?? processors;
  return Math.max(1, Math.min(cores, processors, Math.ceil(cgroupQuota(read))));
}

function allowedCores(read: ReadText): number | undefined {
  const allowed = /^Cpus_allowed_list:\s*(\S+)/m.exec(read("/proc/self/status") ?? "")?.[1];
  if (!allowed) return undefined;
  const cores = new Set<string>();
  for (const cpu of parseCpuList(allowed))
    cores.add(read(`/sys/devices/system/cpu/cpu${cpu}/topology/thread_siblings_list`) ?? `cpu${cpu}`);
  return cores.size || undefined;
}

/** CPUs that the cgroup may use on average; Infinity without a limit. */
function cgroupQuota(read: ReadText): number {
  const group = /^0::(\/.*)$/m.exec(read("/proc/self/cgroup") ?? "")?.[1] ?? "/";
  let quota = Infinity;
  // The limits of all parents hold, too.
  for (let path = group; ; path = path.slice(0, path.lastIndexOf("/"))) {
    const [limit, period] = (read(`/sys/fs/cgroup${path.replace(/\/$/, "")}/cpu.max`) ?? "").split(" ").map(Number);
    if (limit && period) quota = Math.min(quota, limit / period);
    if (path === "" || path === "/") break;
  }
  const limit = Number(read("/sys/fs/cgroup/cpu/cpu.cfs_quota_us"));
  const period = Number(read("/sys/fs/cgroup/cpu/cpu.cfs_period_us"));
  return limit > 0 && period > 0 ? Math.min(quota, limit / period) : quota;
}

/** `0-3,8` -> 0 1 2 3 8 */
export function parseCpuList(list: string): number[] {
  return list.split(",").flatMap((range) => {
    const [first, last = first] = range.split("-").map(Number);
    if (!Number.isInteger(first) || !Number.isInteger(last)) return [];
    return Array.from({ length: Math.max(0, last! - first! + 1) }, (_, i) => first! + i);
  });
}
