import { expect, test } from "vitest";
import { busySeconds, cpuTimes, cpuUse, processTimes, treeSeconds } from "./cpu-time.js";

test("busy time is all but idle and waiting, with what was stolen", () => {
  expect(busySeconds("cpu  100 10 20 5000 600 1 2 300 7 7\ncpu0 1 1 1 1\n")).toBe((100 + 10 + 20 + 1 + 2 + 300) / 100);
});

test("a process's name may look like fields", () => {
  const stat = "42 (a) R 1 (b) S 7 42 42 0 -1 4194304 100 0 0 0 150 50 25 25 20 0 3 0 100 1000 10";
  expect(processTimes(stat)).toEqual({ parent: 7, seconds: 2.5 });
});

test("a tree's time is that of all below its root", () => {
  const processes = new Map([
    [1, { parent: 0, seconds: 100 }],
    [2, { parent: 1, seconds: 1 }],
    [3, { parent: 2, seconds: 2 }],
    [4, { parent: 3, seconds: 4 }],
    [5, { parent: 1, seconds: 8 }],
  ]);
  expect(treeSeconds(processes, 2)).toBe(7);
  expect(treeSeconds(processes, 99)).toBe(0);
});

test("others are whoever is neither this tree nor the kernel's idling; idle engines count as others", () => {
  const before = { busy: 10, own: 4, idle: 1 };
  expect(cpuUse(before, { busy: 14, own: 7, idle: 1 }, 2)).toEqual({ others: 0.5, idle: 0 });
  expect(cpuUse(before, { busy: 14, own: 8, idle: 3 }, 2)).toEqual({ others: 1, idle: 1 });
  expect(cpuUse(undefined, undefined, 2)).toEqual({ others: 0, idle: 0 });
});

test.runIf(process.platform === "linux")("times of this machine grow", () => {
  const before = cpuTimes([])!;
  const end = performance.now() + 60;
  while (performance.now() < end);
  const after = cpuTimes([])!;
  expect(after.own).toBeGreaterThan(before.own);
  expect(after.busy).toBeGreaterThan(before.busy);
});
