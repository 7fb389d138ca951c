import { expect, test } from "vitest";
import { StepForecast } from "./step-forecast.js";

test("a step is planned shortly before the one before ends, by the quickest steps of its size", () => {
  const forecast = new StepForecast();
  expect(forecast.delay(1, 100, 101)).toBe(0);
  forecast.add(1, 10);
  expect(forecast.delay(1, 100, 101)).toBeCloseTo(6.5, 9);
  expect(forecast.delay(1, 100, 109)).toBe(0);
  expect(forecast.delay(2, 100, 101)).toBe(0);
  // The machine was busy once.
  forecast.add(1, 90);
  expect(forecast.delay(1, 100, 101)).toBeCloseTo(16.5, 9);
  forecast.add(1, 8);
  expect(forecast.delay(1, 100, 101)).toBeCloseTo(4.5, 9);
  // Steps that grow are followed.
  for (let i = 0; i < 40; i++) forecast.add(1, 12);
  expect(forecast.delay(1, 100, 101)).toBeGreaterThan(8);
  expect(forecast.delay(1, 100, 101)).toBeLessThan(8.5);
});
