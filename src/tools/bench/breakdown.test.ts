/** The breakdown of measured steps: rows add up to the step, and stand beside the right limit. */
import { describe, expect, test } from "vitest";
import type { OpProfile, PhaseTime, StepProfile } from "../../request/step-profile.js";
import { breakdownTable } from "./breakdown-table.js";
import { breakdown, decodeSteps, prefillSteps } from "./breakdown.js";

const speed = { bytesPerSecond: 1e9, flopsPerSecond: { f32: 1e9, bf16: 4e9 } };

function op(kind: string, bytesRead: number, flops: number, arithmetic: OpProfile["arithmetic"] = "f32"): OpProfile {
  return { kind, scope: "model", shapes: "", bytesRead, bytesWritten: 0, flops, arithmetic };
}

function phase(name: PhaseTime["name"], startMs: number, endMs: number): PhaseTime {
  return { name, startMs, endMs };
}

/**
 * A step from 100 to 110 ms with a run from 102 to 108 on two threads: `a` at 1 .. 3 and 1 .. 2 ms after the run's start, `b` at
 * 3 .. 5 ms on one thread, `a` again at 5 .. 5.5 ms on both.
 */
function step(changes: Partial<StepProfile> = {}): StepProfile {
  const spans = Float64Array.from([1, 3, 3, 5, 5, 5.5, 1, 2, -1, -1, 5, 5.5].map((ms) => (ms < 0 ? -1 : ms * 1e6)));
  const ops = [op("a", 1000, 10), op("b", 0, 8e6, "bf16"), op("a", 1000, 10)];
  return {
    step: 0,
    startMs: 100,
    endMs: 110,
    phases: [
      phase("schedule", 100, 100.5),
      phase("prepare", 101, 101.5),
      phase("outputs", 102.5, 108.5),
      phase("collect", 109, 109.5),
    ],
    runs: [{ startMs: 102, endMs: 108, threads: 2, spans, ops }],
    numTokens: 4,
    numRequests: 4,
    numSampled: 4,
    numRunning: 4,
    numWaiting: 0,
    ...changes,
  };
}

describe("breakdown", () => {
  test("ops with their waits, the rest by name; together the step", () => {
    const result = breakdown([step()], speed)!;
    expect(result.stepMicroseconds).toBeCloseTo(10_000, 6);
    expect(result.ops.map(({ kind, count }) => [kind, count])).toEqual([
      ["a", 2],
      ["b", 1],
    ]);
    const [a, b] = result.ops;
    expect(a!.microseconds).toBeCloseTo(2500, 6);
    expect(a!.waitingMicroseconds).toBeCloseTo(500, 6);
    expect([a!.bytes, a!.flops]).toEqual([2000, 20]);
    expect(a!.rooflineMicroseconds).toBeCloseTo(2, 6);
    expect(b!.microseconds).toBeCloseTo(2000, 6);
    expect(b!.waitingMicroseconds).toBeCloseTo(1000, 6);
    expect(b!.rooflineMicroseconds).toBeCloseTo(2000, 6);
    expect(result.opsMicroseconds).toBeCloseTo(4500, 6);
    expect(result.opsShare).toBeCloseTo(0.45, 6);
    expect(result.waitingMicroseconds).toBeCloseTo(1500, 6);
    const rest = Object.fromEntries(result.rest.map(({ name, microseconds }) => [name, Math.round(microseconds)]));
    expect(rest).toEqual({
      // 102 .. 103, less what JavaScript did meanwhile: nothing, as waking counts first.
      "threads wake up": 1000,
      "JavaScript: schedule": 500,
      "JavaScript: prepare": 500,
      // 107.5 .. 108.5: before that the ops hid it.
      "JavaScript: outputs": 1000,
      "JavaScript: collect": 500,
      "between phases": 2000,
    });
    const total = result.opsMicroseconds + result.rest.reduce((sum, { microseconds }) => sum + microseconds, 0);
    expect(total).toBeCloseTo(10_000, 6);
  });

  test("the way back to JavaScript is named", () => {
    const phases = [phase("collect", 109, 110)];
    const rest = breakdown([step({ phases })])!.rest;
    expect(rest.find(({ name }) => name === "report back to JavaScript")!.microseconds).toBeCloseTo(1500, 6);
    expect(rest.find(({ name }) => name === "between phases")!.microseconds).toBeCloseTo(2000, 6);
  });

  test("outliers and steps that compile do not count; no steps, no breakdown", () => {
    const slow = step({ endMs: 1000 });
    const quick = step({ endMs: 109.5 });
    const compiling = step({ phases: [phase("compile", 100, 109)] });
    const result = breakdown([slow, step(), compiling, step(), quick], speed)!;
    expect(result.stepMicroseconds).toBeCloseTo(10_000, 6);
    expect(result.numSteps).toBe(5);
    expect(breakdown([compiling])!.rest.some(({ name }) => name === "JavaScript: compile")).toBe(true);
    expect(breakdown([])).toBeUndefined();
  });

  test("decode and prefill steps are told apart, by the size that is most common", () => {
    const sizes = [
      [512, 1],
      [1, 1],
      [4, 4],
      [4, 4],
      [0, 0],
      [515, 4],
      [512, 1],
    ] as const;
    const steps = sizes.map(([numTokens, numRequests], i) => step({ step: i, numTokens, numRequests }));
    expect(decodeSteps(steps).map((one) => one.step)).toEqual([2, 3]);
    expect(prefillSteps(steps).map((one) => one.step)).toEqual([0, 6]);
  });

  test("the table has every row, and no roofline without probes", () => {
    const table = breakdownTable("decode, batch 4", breakdown([step()], speed)!);
    expect(table).toMatch(/^decode, batch 4: 4 tokens of 4 requests/);
    expect(table).toMatch(/^a +2 +2500 +25\.0 % +20\.0 % +0\.00 +0\.0 +0\.0 +2\.0 +1250\.00$/m);
    expect(table).toMatch(/^all ops +3 +4500 +45\.0 % +33\.3 %/m);
    expect(table).toMatch(/^step +10000 +100\.0 %$/m);
    expect(breakdownTable("decode", breakdown([step()])!)).toMatch(/no probes/);
  });
});
