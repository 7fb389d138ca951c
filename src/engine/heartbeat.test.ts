import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Heartbeat } from "./heartbeat.js";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("ten seconds of silence are too many; a word brings it back", () => {
  let asked = 0;
  const heartbeat = new Heartbeat(() => asked++);
  for (let second = 0; second < 100; second++) {
    vi.advanceTimersByTime(1000);
    if (second % 9 === 8) heartbeat.heard();
    expect(heartbeat.isBeating).toBe(true);
  }
  expect(asked).toBe(100);
  vi.advanceTimersByTime(9000);
  expect(heartbeat.isBeating).toBe(false);
  heartbeat.heard();
  expect(heartbeat.isBeating).toBe(true);
  heartbeat.stop();
  vi.advanceTimersByTime(100_000);
  expect(heartbeat.isBeating).toBe(true);
});
