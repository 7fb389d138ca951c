/** Thread counts from what Linux says about cores, affinity and quotas. */
import { expect, test } from "vitest";
import { defaultThreads, parseCpuList } from "./default-threads.js";

const siblings = (pairs: string[]): Record<string, string> =>
  Object.fromEntries(
    pairs.flatMap((pair) =>
      pair.split(",").map((cpu) => [`/sys/devices/system/cpu/cpu${cpu}/topology/thread_siblings_list`, pair]),
    ),
  );

test("hyper-threads of a core count once", () => {
  const files = { "/proc/self/status": "Cpus_allowed_list:\t0-7", ...siblings(["0,4", "1,5", "2,6", "3,7"]) };
  expect(defaultThreads((path) => (files as Record<string, string>)[path], 8)).toBe(4);
});

test("affinity and the cgroup's quota limit", () => {
  const status = { "/proc/self/status": "Name:\tnode\nCpus_allowed_list:\t0-5\n" };
  const of = (files: Record<string, string>): number => defaultThreads((path) => files[path], 16);
  expect(of(status)).toBe(6);
  expect(of({ ...status, "/proc/self/cgroup": "0::/a/b", "/sys/fs/cgroup/a/cpu.max": "250000 100000" })).toBe(3);
  expect(of({ ...status, "/proc/self/cgroup": "0::/", "/sys/fs/cgroup/cpu.max": "max 100000" })).toBe(6);
  expect(of({ ...status, "/sys/fs/cgroup/cpu.max": "10000 100000" })).toBe(1);
  const old = { "/sys/fs/cgroup/cpu/cpu.cfs_quota_us": "200000", "/sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000" };
  expect(of({ ...status, ...old })).toBe(2);
});

test("systems that say nothing", () => {
  expect(defaultThreads(() => undefined, 10)).toBe(10);
  expect(defaultThreads()).toBeGreaterThanOrEqual(1);
});

test("CPU lists", () => {
  expect(parseCpuList("0-3,8")).toEqual([0, 1, 2, 3, 8]);
  expect(parseCpuList("")).toEqual([0]);
  expect(parseCpuList("x")).toEqual([]);
});
