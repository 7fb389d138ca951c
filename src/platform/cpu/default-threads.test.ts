/** Thread counts from what Linux says about cores, affinity and quotas. */
import { expect, test } from "vitest";
import { defaultThreads, parseCpuList, tooManyThreads } from "./default-threads.js";

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

test("the quota of the process's own group of version 1, and of those above it", () => {
  const status = {
    "/proc/self/status": "Cpus_allowed_list:\t0-7",
    "/proc/self/cgroup": "4:memory:/m\n3:cpu,cpuacct:/a/b\n0::/",
  };
  const of = (files: Record<string, string>): number => defaultThreads((path) => ({ ...status, ...files })[path], 8);
  const quota = (folder: string, us: string) => ({
    [`/sys/fs/cgroup/cpu${folder}/cpu.cfs_quota_us`]: us,
    [`/sys/fs/cgroup/cpu${folder}/cpu.cfs_period_us`]: "100000",
  });
  expect(of(quota("/a/b", "150000"))).toBe(2);
  expect(of({ ...quota("/a/b", "-1"), ...quota("/a", "300000") })).toBe(3);
  expect(of(quota("", "400000"))).toBe(4);
  expect(of(quota("/m", "100000"))).toBe(8);
});

test("more threads than processors, or than the quota, are too many, and the line says which", () => {
  const files: Record<string, string> = { "/sys/fs/cgroup/cpu.max": "150000 100000" };
  const none = (): undefined => undefined;
  expect(tooManyThreads(4, none, 4)).toBeUndefined();
  expect(tooManyThreads(8, none, 2)).toBe(
    "8 compute threads, but this process may run on 2 processors; threads that take turns are slower than 2 (--cpu-threads 2)",
  );
  expect(tooManyThreads(2, (path) => files[path], 4)).toBeUndefined();
  expect(tooManyThreads(3, (path) => files[path], 4)).toMatch(/^3 .* a control group allows 1\.5 CPUs; .* than 2 /);
  expect(tooManyThreads(2, none, 1)).toMatch(/may run on 1 processor;/);
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
