import { describe, expect, it } from "vitest";
import { benchStartup, startupText } from "./startup.js";

const say = (event: object, afterMs: number) =>
  `setTimeout(() => process.stdout.write(${JSON.stringify(`${JSON.stringify(event)}\n`)}), ${afterMs});`;
const ready = { event: "ready", phases: [{ name: "loading", startMs: 5, endMs: 25 }] };
const child = (script: string) => [process.execPath, "-e", script];
const options = { numIters: 2, timeoutMs: 20_000, signal: new AbortController().signal };

describe("bench startup", () => {
  it("times what each process says, and its end", async () => {
    const script = `console.log("noise"); ${say(ready, 20)} ${say({ event: "first token" }, 60)} setTimeout(() => {}, 100)`;
    const result = await benchStartup({ ...options, command: child(script) });
    expect(result.iterations).toHaveLength(2);
    for (const { readyMs, firstTokenMs, exitMs, phases } of result.iterations) {
      expect(readyMs).toBeGreaterThan(20);
      expect(firstTokenMs).toBeGreaterThan(readyMs);
      expect(exitMs).toBeGreaterThan(firstTokenMs);
      expect(phases).toEqual(ready.phases);
    }
    const text = startupText(result);
    expect(text).toMatch(/^process start to, ms +first start +median of 1 more +least +most\nready /);
    expect(text).toMatch(/loading +5\.000 +20\.00\n/);
  });

  it("fails with the process, or when it says nothing, or takes too long", async () => {
    const failing = benchStartup({ ...options, command: child("process.exit(3)") });
    await expect(failing).rejects.toThrow(/ended with 3: /);
    await expect(benchStartup({ ...options, command: child("") })).rejects.toThrow(/ended with 0: /);
    await expect(benchStartup({ ...options, command: ["/nothere"] })).rejects.toThrow(/ENOENT/);
    const slow = benchStartup({ ...options, timeoutMs: 100, command: child("setTimeout(() => {}, 60000)") });
    await expect(slow).rejects.toThrow("did not end in 0.1 s (--timeout)");
  });

  it("stops when it is told to", async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 100);
    const result = await benchStartup({
      ...options,
      signal: stop.signal,
      command: child("setTimeout(() => {}, 60000)"),
    });
    expect(result).toEqual({ iterations: [], isInterrupted: true });
    expect(startupText(result)).toBe("nothing was measured\n");
  });
});
