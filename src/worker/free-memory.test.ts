/** Free memory from what Linux says about the machine and its control groups. */
import { expect, test } from "vitest";
import { freeMemoryBytes } from "./free-memory.js";

const meminfo = { "/proc/meminfo": "MemTotal: 100 kB\nMemAvailable:   64 kB\n" };
const of = (files: Record<string, string>): number => freeMemoryBytes((path) => ({ ...meminfo, ...files })[path]);

test("what the machine has available", () => {
  expect(of({})).toBe(65536);
  expect(of({ "/sys/fs/cgroup/memory.max": "max" })).toBe(65536);
});

test("limits of version 2: the group's own and those above; cached files can be given up", () => {
  const own = { "/proc/self/cgroup": "0::/a/b", "/sys/fs/cgroup/a/b/memory.max": "50000" };
  expect(of(own)).toBe(50000);
  const used = { ...own, "/sys/fs/cgroup/a/b/memory.current": "20000" };
  expect(of(used)).toBe(30000);
  const stat = "anon 5000\ninactive_file 4000\nactive_file 1000\n";
  expect(of({ ...used, "/sys/fs/cgroup/a/b/memory.stat": stat })).toBe(35000);
  expect(of({ ...used, "/sys/fs/cgroup/a/memory.max": "10000" })).toBe(10000);
  expect(of({ ...own, "/sys/fs/cgroup/a/b/memory.current": "60000" })).toBe(0);
});

test("limits of version 1", () => {
  const folder = "/sys/fs/cgroup/memory/x";
  const files = { "/proc/self/cgroup": "4:memory:/x\n1:cpu:/y", [`${folder}/memory.limit_in_bytes`]: "40000" };
  expect(of({ ...files, [`${folder}/memory.usage_in_bytes`]: "30000" })).toBe(10000);
  expect(of({ ...files, [`${folder}/memory.limit_in_bytes`]: "9223372036854771712" })).toBe(65536);
});
